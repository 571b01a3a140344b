/**
 * Errors of GStreamer as Kurento's `Error` events (spec 3.18).
 * @module
 */
import type { GstErrorContent } from './native/gstreamer.ts';

/** Types of Kurento's `Error` event that come from elements. */
export type ErrorEventType =
  | 'RESOURCE_ERROR_OPEN'
  | 'RESOURCE_ERROR_WRITE'
  | 'RESOURCE_ERROR_NO_SPACE_LEFT'
  | 'STREAM_ERROR_FAILED'
  | 'STREAM_ERROR_DECODE'
  | 'UNEXPECTED_ELEMENT_ERROR';

/** `GstResourceError` and `GstStreamError` (`gsterror.h`) that have a type of their own. */
const types: Readonly<Record<string, Readonly<Record<number, ErrorEventType>>>> = {
  'gst-resource-error-quark': {
    5: 'RESOURCE_ERROR_OPEN', // OPEN_READ
    6: 'RESOURCE_ERROR_OPEN', // OPEN_WRITE
    7: 'RESOURCE_ERROR_OPEN', // OPEN_READ_WRITE
    10: 'RESOURCE_ERROR_WRITE',
    14: 'RESOURCE_ERROR_NO_SPACE_LEFT',
  },
  'gst-stream-error-quark': {
    1: 'STREAM_ERROR_FAILED',
    7: 'STREAM_ERROR_DECODE',
  },
};

/** The type of Kurento's event for an error of GStreamer. */
export function errorEventType(error: GstErrorContent): ErrorEventType {
  return types[error.domain]?.[error.code] ?? 'UNEXPECTED_ELEMENT_ERROR';
}

/** The text of Kurento's event: number, message, source and element names, debug text. */
export function describeError(error: GstErrorContent, source: string, branch: string, debug: string): string {
  return `Error code ${error.code}: '${error.message}', source: ${source}, element: ${branch}, debug: '${debug}'`;
}
