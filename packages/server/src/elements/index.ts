/**
 * The classes that clients can create, by name.
 * @module
 */
import { MediaPipeline } from '../objects/MediaPipeline.ts';
import type { ElementClasses } from '../objects/ObjectFactory.ts';

/** Factories by class name (qualified for extension modules). A class that is not here cannot be created. */
export const elementClasses: ElementClasses = new Map([
  ['MediaPipeline', (placement) => new MediaPipeline(placement)],
]);
