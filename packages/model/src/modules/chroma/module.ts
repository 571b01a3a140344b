/**
 * Module `chroma`: background replacement.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { ChromaFilter } from './ChromaFilter.ts';
import * as types from './types.ts';

/** Everything that module `chroma` declares. */
export const chroma: Module = {
  name: 'chroma',
  wireModule: 'chroma',
  version: apiVersion,
  generationTime,
  doc: 'Background replacement.',
  imports: ['core', 'elements', 'filters'],
  npmName: 'kurento-module-chroma',
  classes: { ChromaFilter },
  events: {},
  types,
};
