/**
 * Live objects to decode references with, and the refusals of decoding as text.
 * @module
 */
import assert from 'node:assert/strict';
import { api, type DecodeContext, KurentoError } from '@rivero/model';

/** A live object: an id and the class it is of. */
interface Live {
  readonly id: string;
  readonly className: string;
}

/** The objects that exist. */
export const live: readonly Live[] = [
  { id: 'pipeline', className: 'MediaPipeline' },
  { id: 'endpoint', className: 'WebRtcEndpoint' },
];

/** Finds the objects above. */
export const context: DecodeContext = {
  resolve(id) {
    const object = live.find((one) => one.id === id);
    if (!object) throw new KurentoError('MEDIA_OBJECT_NOT_FOUND', `Object '${id}' not found`);
    return object;
  },
  isA(object, className) {
    const found = live.find((one) => one === object);
    return api.findClass(found?.className ?? '')?.isA(className) ?? false;
  },
};

/** Code and message of the KurentoError that `run` throws. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof KurentoError, String(error));
    return `${error.code} ${error.message}`;
  }
  return assert.fail('Nothing was thrown');
}
