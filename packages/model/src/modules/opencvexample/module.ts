/**
 * Module `opencvexample`: a sample filter on the OpenCV base.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { OpenCVExample } from './OpenCVExample.ts';

/** Everything that module `opencvexample` declares. */
export const opencvexample: Module = {
  name: 'opencvexample',
  wireModule: 'opencvexample',
  version: apiVersion,
  generationTime,
  doc: 'A sample filter on the OpenCV base.',
  imports: ['core', 'elements', 'filters'],
  classes: { OpenCVExample },
  events: {},
  types: {},
};
