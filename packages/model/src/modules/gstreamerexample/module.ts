/**
 * Module `gstreamerexample`: a sample filter.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { GStreamerExample } from './GStreamerExample.ts';

/** Everything that module `gstreamerexample` declares. */
export const gstreamerexample: Module = {
  name: 'gstreamerexample',
  wireModule: 'gstreamerexample',
  version: apiVersion,
  generationTime,
  doc: 'A sample filter.',
  imports: ['core', 'elements', 'filters'],
  classes: { GStreamerExample },
  events: {},
  types: {},
};
