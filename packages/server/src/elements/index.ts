/**
 * The classes that clients can create, by name.
 * @module
 */
import { MediaPipeline } from '../objects/MediaPipeline.ts';
import type { ElementClasses, ElementFactory } from '../objects/ObjectFactory.ts';
import { PassThrough } from './PassThrough.ts';
import { RecorderEndpoint, type RecorderEndpointOptions } from './RecorderEndpoint.ts';
import { WebRtcEndpoint } from './WebRtcEndpoint.ts';
import type { WebRtcEndpointOptions } from './WebRtcSettings.ts';

// `params` was decoded by the descriptor of the class, which is what the generated type was made from.
const webRtcEndpoint: ElementFactory = (placement, params) =>
  new WebRtcEndpoint(placement, params as unknown as WebRtcEndpointOptions);

const recorderEndpoint: ElementFactory = (placement, params) =>
  RecorderEndpoint.create(placement, params as unknown as RecorderEndpointOptions);

const factories: readonly (readonly [string, ElementFactory])[] = [
  ['MediaPipeline', (placement) => new MediaPipeline(placement)],
  ['PassThrough', (placement) => new PassThrough(placement)],
  ['RecorderEndpoint', recorderEndpoint],
  ['WebRtcEndpoint', webRtcEndpoint],
];

/** Factories by class name (qualified for extension modules). A class that is not here cannot be created. */
export const elementClasses: ElementClasses = new Map(factories);
