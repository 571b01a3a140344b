/**
 * Which addresses are bound, and which are announced.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { announcedAddresses, localAddresses } from '../src/localAddresses.ts';

const machine = {
  lo: [
    { address: '127.0.0.1', internal: true },
    { address: '::1', internal: true },
  ],
  eth0: [
    { address: '192.0.2.7', internal: false },
    { address: 'FD00:0::2', internal: false },
    { address: 'fe80::1', internal: false },
  ],
  wlan0: [{ address: '198.51.100.3', internal: false }],
};
const texts = (addresses: readonly { address: string }[]): string[] =>
  addresses.map(({ address }) => address);

describe('localAddresses', () => {
  it('are all of the machine in canonical form, but none that is link-local', () => {
    assert.deepEqual(texts(localAddresses(undefined, machine)), [
      '127.0.0.1',
      '::1',
      '192.0.2.7',
      'fd00::2',
      '198.51.100.3',
    ]);
  });

  it('are those that are wanted, with what is known of them', () => {
    assert.deepEqual(localAddresses(['fd00:0:0::2', '127.0.0.9'], machine), [
      { address: 'fd00::2', interfaceName: 'eth0', loopback: false },
      { address: '127.0.0.9', interfaceName: '', loopback: true },
    ]);
  });
});

describe('announcedAddresses', () => {
  const all = localAddresses(undefined, machine);

  it('leaves loopback out', () => {
    assert.deepEqual(texts(announcedAddresses(all, [], false)), ['192.0.2.7', 'fd00::2', '198.51.100.3']);
  });

  it('takes the named interfaces only, loopback included', () => {
    assert.deepEqual(texts(announcedAddresses(all, ['lo', 'wlan0'], false)), [
      '127.0.0.1',
      '::1',
      '198.51.100.3',
    ]);
    assert.deepEqual(announcedAddresses(all, ['eth7'], false), []);
  });

  it('takes loopback if there is nothing else, or if the operator listed it', () => {
    const lonely = localAddresses(undefined, { lo: machine.lo });
    assert.deepEqual(texts(announcedAddresses(lonely, [], false)), ['127.0.0.1', '::1']);
    assert.equal(announcedAddresses(all, [], true).length, 5);
  });
});
