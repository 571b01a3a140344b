/**
 * The built-in modules, in the order in which they are loaded.
 * @module
 */
import type { Module } from '../descriptor.ts';
import { core } from './core/module.ts';
import { elements } from './elements/module.ts';
import { filters } from './filters/module.ts';
import { chroma } from './chroma/module.ts';
import { crowddetector } from './crowddetector/module.ts';
import { datachannelexample } from './datachannelexample/module.ts';
import { gstreamerexample } from './gstreamerexample/module.ts';
import { markerdetector } from './markerdetector/module.ts';
import { opencvexample } from './opencvexample/module.ts';
import { platedetector } from './platedetector/module.ts';
import { pointerdetector } from './pointerdetector/module.ts';
import { videosampler } from './videosampler/module.ts';

/** Every module that comes with the server. The base modules come first. */
export const builtInModules: readonly Module[] = [
  core,
  elements,
  filters,
  chroma,
  crowddetector,
  datachannelexample,
  gstreamerexample,
  markerdetector,
  opencvexample,
  platedetector,
  pointerdetector,
  videosampler,
];
