/**
 * Module `markerdetector`: augmented reality markers.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { ArMarkerdetector } from './ArMarkerdetector.ts';
import * as events from './events.ts';

/** Everything that module `markerdetector` declares. */
export const markerdetector: Module = {
  name: 'markerdetector',
  wireModule: 'markerdetector',
  version: apiVersion,
  generationTime,
  doc: 'Augmented reality markers.',
  imports: ['core', 'elements', 'filters'],
  npmName: 'kurento-module-markerdetector',
  classes: { ArMarkerdetector },
  events,
  types: {},
};
