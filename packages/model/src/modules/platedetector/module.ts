/**
 * Module `platedetector`: number plates.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { PlateDetectorFilter } from './PlateDetectorFilter.ts';
import * as events from './events.ts';

/** Everything that module `platedetector` declares. */
export const platedetector: Module = {
  name: 'platedetector',
  wireModule: 'platedetector',
  version: apiVersion,
  generationTime,
  doc: 'Number plates.',
  imports: ['core', 'elements', 'filters'],
  npmName: 'kurento-module-platedetector',
  classes: { PlateDetectorFilter },
  events,
  types: {},
};
