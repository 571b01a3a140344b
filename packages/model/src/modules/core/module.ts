/**
 * Module `core`: pipelines, elements, hubs and what all of them share.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { MediaObject } from './MediaObject.ts';
import { ServerManager } from './ServerManager.ts';
import { SessionEndpoint } from './SessionEndpoint.ts';
import { Hub } from './Hub.ts';
import { Filter } from './Filter.ts';
import { Endpoint } from './Endpoint.ts';
import { HubPort } from './HubPort.ts';
import { PassThrough } from './PassThrough.ts';
import { UriEndpoint } from './UriEndpoint.ts';
import { MediaPipeline } from './MediaPipeline.ts';
import { SdpEndpoint } from './SdpEndpoint.ts';
import { BaseRtpEndpoint } from './BaseRtpEndpoint.ts';
import { MediaElement } from './MediaElement.ts';
import * as events from './events.ts';
import * as stats from './stats.ts';
import * as types from './types.ts';

/** Everything that module `core` declares. */
export const core: Module = {
  name: 'core',
  wireModule: 'kurento',
  version: apiVersion,
  generationTime,
  doc: 'Pipelines, elements, hubs and what all of them share.',
  imports: [],
  npmName: 'kurento-client-core',
  classes: {
    MediaObject,
    ServerManager,
    SessionEndpoint,
    Hub,
    Filter,
    Endpoint,
    HubPort,
    PassThrough,
    UriEndpoint,
    MediaPipeline,
    SdpEndpoint,
    BaseRtpEndpoint,
    MediaElement,
  },
  events,
  types: Object.assign({}, stats, types),
};
