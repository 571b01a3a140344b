/**
 * Bounds of requests, against anything that could arrive.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HostError } from '../src/HostError.ts';
import { checkRequest, isOperation } from '../src/requestShape.ts';

const operations = ['launch', 'link', 'unlink', 'set', 'get', 'seek', 'describe', 'dump'] as const;
const anyFields = fc.record(
  {
    branchId: fc.anything(),
    partId: fc.anything(),
    text: fc.anything(),
    sockets: fc.anything(),
    state: fc.anything(),
    from: fc.anything(),
    element: fc.anything(),
    property: fc.anything(),
    value: fc.anything(),
    positionNs: fc.anything(),
    accurate: fc.anything(),
    factories: fc.anything(),
    properties: fc.anything(),
  },
  { requiredKeys: [] },
);

describe('checkRequest', () => {
  it('throws nothing but refusals, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...operations),
        fc.oneof(fc.anything(), anyFields),
        (operation, request) => {
          try {
            checkRequest(operation, request);
          } catch (error) {
            assert.ok(error instanceof HostError && error.type === 'INVALID_REQUEST');
          }
        },
      ),
    );
  });

  it('lets through what the types allow', () => {
    checkRequest('launch', { branchId: 'a', text: 'fakesrc ! fakesink' });
    checkRequest('launch', {
      branchId: 'a/b-c.d',
      text: 'x',
      state: 'PAUSED',
      sockets: [{ name: 'rtp', path: '/tmp/x', streamId: 'any text' }],
    });
    checkRequest('set', { branchId: 'a', element: 'e', pad: 'sink_0', property: 'xpos', value: 5n });
    checkRequest('seek', { branchId: 'a', positionNs: 0n, accurate: false });
  });

  it('knows operations by name only', () => {
    assert.equal(isOperation('launch'), true);
    for (const name of ['', 'Launch', 'constructor', '__proto__', 'hasOwnProperty'])
      assert.equal(isOperation(name), false);
  });
});
