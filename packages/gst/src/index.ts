/**
 * The public API of the gst package: what control needs to run media hosts. Nothing here loads GStreamer.
 * @module
 */
export type { StructureFields } from './BusMessage.ts';
export type { ElementState } from './Element.ts';
export type { ErrorEventType } from './errorEvent.ts';
export {
  decodeText,
  type EncoderSettings,
  depayloadText,
  encoderName,
  encoderText,
  encodeText,
  type IncomingStream,
  type OutgoingStream,
  payloadText,
  sessionName,
  type StreamEnds,
} from './branchText.ts';
export { type MediaCodec, mediaCodec, mediaCodecs } from './codecs.ts';
export { missingPackages, usedFactories } from './factories.ts';
export { HostError, type HostErrorType } from './HostError.ts';
export {
  type BranchOperation,
  type BranchPlacement,
  HostPool,
  type HostPolicy,
  type HostPoolListener,
  type HostPoolOptions,
  type HostPoolState,
} from './HostPool.ts';
export { HostProcess, type HostProcessListener, type HostProcessOptions } from './HostProcess.ts';
export {
  type CodecAvailability,
  describeFactories,
  describeInstallation,
  type Installation,
} from './installation.ts';
export { type ElementSpec, type KnownFactory, launchChain, launchElement } from './launchElement.ts';
export type { PropertyKind, PropertyValue } from './native/GValue.ts';
export type { PropertyDescription } from './native/properties.ts';
export type * from './operations.ts';
