/**
 * What becomes of the errors that browsers raise when devices are opened; no browser.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deviceError } from '../src/WebRtcPeerError.ts';

describe('deviceError', () => {
  it('gives each error of the standard the code that a page can act on, and keeps the cause', () => {
    const cases: readonly [string, string][] = [
      ['NotAllowedError', 'PERMISSION_DENIED'],
      ['SecurityError', 'PERMISSION_DENIED'],
      ['NotFoundError', 'DEVICE_NOT_FOUND'],
      ['NotReadableError', 'DEVICE_IN_USE'],
      ['AbortError', 'DEVICE_IN_USE'],
      ['OverconstrainedError', 'CONSTRAINTS_NOT_MET'],
      ['NoSuchError', 'NOT_SUPPORTED'],
    ];
    for (const [name, code] of cases) {
      const cause = new DOMException('raised by the browser', name);
      const error = deviceError(cause);
      assert.equal(error.code, code);
      assert.equal(error.cause, cause);
    }
    assert.equal(deviceError(new TypeError('neither audio nor video')).code, 'CONSTRAINTS_NOT_MET');
    assert.equal(deviceError('no error at all').code, 'NOT_SUPPORTED');
  });
});
