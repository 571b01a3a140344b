/**
 * Module `pointerdetector`: a pointer as a remote control.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { PointerDetectorFilter } from './PointerDetectorFilter.ts';
import * as events from './events.ts';
import * as types from './types.ts';

/** Everything that module `pointerdetector` declares. */
export const pointerdetector: Module = {
  name: 'pointerdetector',
  wireModule: 'pointerdetector',
  version: apiVersion,
  generationTime,
  doc: 'A pointer as a remote control.',
  imports: ['core', 'elements', 'filters'],
  npmName: 'kurento-module-pointerdetector',
  classes: { PointerDetectorFilter },
  events,
  types,
};
