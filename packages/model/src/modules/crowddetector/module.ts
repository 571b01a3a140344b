/**
 * Module `crowddetector`: crowd watching.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { CrowdDetectorFilter } from './CrowdDetectorFilter.ts';
import * as events from './events.ts';
import * as types from './types.ts';

/** Everything that module `crowddetector` declares. */
export const crowddetector: Module = {
  name: 'crowddetector',
  wireModule: 'crowddetector',
  version: apiVersion,
  generationTime,
  doc: 'Crowd watching.',
  imports: ['core', 'elements', 'filters'],
  npmName: 'kurento-module-crowddetector',
  classes: { CrowdDetectorFilter },
  events,
  types,
};
