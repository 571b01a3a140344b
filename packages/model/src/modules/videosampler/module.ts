/**
 * Module `videosampler`: still pictures.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { VideoSampler } from './VideoSampler.ts';
import * as events from './events.ts';
import * as types from './types.ts';

/** Everything that module `videosampler` declares. */
export const videosampler: Module = {
  name: 'videosampler',
  wireModule: 'videosampler',
  version: apiVersion,
  generationTime,
  doc: 'Still pictures.',
  imports: ['core', 'elements', 'filters'],
  npmName: 'kurento-module-videosampler',
  classes: { VideoSampler },
  events,
  types,
};
