/**
 * Module `filters`: filters that ship with the server.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { FaceOverlayFilter } from './FaceOverlayFilter.ts';
import { GStreamerFilter } from './GStreamerFilter.ts';
import { ImageOverlayFilter } from './ImageOverlayFilter.ts';
import { OpenCVFilter } from './OpenCVFilter.ts';
import { ZBarFilter } from './ZBarFilter.ts';
import * as events from './events.ts';

/** Everything that module `filters` declares. */
export const filters: Module = {
  name: 'filters',
  wireModule: 'kurento',
  version: apiVersion,
  generationTime,
  doc: 'Filters that ship with the server.',
  imports: ['core', 'elements'],
  npmName: 'kurento-client-filters',
  classes: { FaceOverlayFilter, GStreamerFilter, ImageOverlayFilter, OpenCVFilter, ZBarFilter },
  events,
  types: {},
};
