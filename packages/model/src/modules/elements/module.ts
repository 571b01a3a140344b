/**
 * Module `elements`: endpoints and hubs.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { AlphaBlending } from './AlphaBlending.ts';
import { Composite } from './Composite.ts';
import { Dispatcher } from './Dispatcher.ts';
import { DispatcherOneToMany } from './DispatcherOneToMany.ts';
import { HttpPostEndpoint } from './HttpPostEndpoint.ts';
import { HttpEndpoint } from './HttpEndpoint.ts';
import { Mixer } from './Mixer.ts';
import { PlayerEndpoint } from './PlayerEndpoint.ts';
import { RecorderEndpoint } from './RecorderEndpoint.ts';
import { RtpEndpoint } from './RtpEndpoint.ts';
import { WebRtcEndpoint } from './WebRtcEndpoint.ts';
import * as events from './events.ts';
import * as types from './types.ts';

/** Everything that module `elements` declares. */
export const elements: Module = {
  name: 'elements',
  wireModule: 'kurento',
  version: apiVersion,
  generationTime,
  doc: 'Endpoints and hubs.',
  imports: ['core'],
  npmName: 'kurento-client-elements',
  classes: {
    AlphaBlending,
    Composite,
    Dispatcher,
    DispatcherOneToMany,
    HttpPostEndpoint,
    HttpEndpoint,
    Mixer,
    PlayerEndpoint,
    RecorderEndpoint,
    RtpEndpoint,
    WebRtcEndpoint,
  },
  events,
  types,
};
