/**
 * The public API of the gst package: what control needs to run media hosts. Nothing here loads GStreamer.
 * @module
 */
export type { StructureFields } from './BusMessage.ts';
export type { ElementState } from './Element.ts';
export type { ErrorEventType } from './errorEvent.ts';
export { HostError, type HostErrorType } from './HostError.ts';
export { HostProcess, type HostProcessListener, type HostProcessOptions } from './HostProcess.ts';
export type { PropertyKind, PropertyValue } from './native/GValue.ts';
export type { PropertyDescription } from './native/properties.ts';
export type * from './operations.ts';
