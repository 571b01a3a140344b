import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DtlsTransport, type Fingerprint, type SrtpKeys, splitRecords } from '@rivero/transport';
import { at, Network, type Weather } from './network.ts';
import { type Script, ScriptedDtls } from './scriptedDtls.ts';

const GOOD: Fingerprint = { algorithm: 'sha-256', value: 'AB:CD' };
const certificates = { 'sha-256': 'AB:CD', md5: '01' };
const ADDRESSES = { client: at('10.0.0.1:1'), server: at('10.0.0.2:1') };

/** Client and server on a network, each with a diary. */
function associate(weather: Weather = {}, script: Partial<Script> = {}, isSrtpOptional = false) {
  const network = new Network(weather);
  const factory = new ScriptedDtls({ nowMs: () => network.nowMs, certificates, ...script });
  const side = (name: 'client' | 'server') => {
    const events: string[] = [];
    const sizes: number[] = [];
    const seen: { keys?: SrtpKeys } = {};
    const transport = new DtlsTransport({
      factory,
      keyType: 'ECDSA',
      isSrtpOptional,
      listener: {
        onSend: (datagram) => {
          sizes.push(datagram.length);
          network.send(ADDRESSES[name], ADDRESSES[name === 'client' ? 'server' : 'client'], datagram);
        },
        onKeys: (keys) => {
          seen.keys = keys;
          events.push('keys');
        },
        onStateChange: (state) => events.push(state),
        onApplicationData: (data) => {
          events.push(Buffer.from(data).toString());
          if (data[0] === 63) transport.sendApplicationData(Buffer.from('answer'));
          if (data[0] === 33) transport.close();
        },
      },
    });
    network.attach(ADDRESSES[name], (datagram) => transport.receive(datagram, network.nowMs));
    network.schedule(transport);
    return { transport, events, sizes, seen };
  };
  const peers = { client: side('client'), server: side('server') };
  for (const name of ['client', 'server'] as const) peers[name].transport.setRole(name, network.nowMs);
  return { network, factory, ...peers };
}

describe('DtlsTransport', () => {
  it('connects and hands both sides matching keys before it says so', () => {
    const { network, client, server } = associate();
    for (const { transport } of [client, server]) {
      transport.setRemoteFingerprints([GOOD], network.nowMs);
      transport.start(network.nowMs);
    }
    network.run(1000);
    assert.deepEqual(client.events, ['CONNECTING', 'keys', 'CONNECTED']);
    assert.deepEqual(server.events, ['CONNECTING', 'keys', 'CONNECTED']);
    assert.deepEqual(client.seen.keys?.local, server.seen.keys?.remote);
    assert.deepEqual(client.seen.keys?.remote, server.seen.keys?.local);
    assert.notDeepEqual(client.seen.keys?.local, client.seen.keys?.remote);
    assert.equal(client.transport.nextTimeoutMs(), undefined);
  });

  it('connects through loss, reordering and duplication by the timer of the engine, whatever the seed', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const weather = { seed, lossPercent: 20, duplicatePercent: 10, jitterMs: 100 };
      const { network, client, server } = associate(weather);
      for (const { transport } of [client, server]) {
        transport.setRemoteFingerprints([GOOD], network.nowMs);
        transport.start(network.nowMs);
      }
      network.run(29_000);
      assert.deepEqual(
        [client.transport.state, server.transport.state],
        ['CONNECTED', 'CONNECTED'],
        `seed ${seed}`,
      );
    }
  });

  it('sends nothing before ICE has a path', () => {
    const { network, client } = associate();
    client.transport.setRemoteFingerprints([GOOD], network.nowMs);
    network.run(60_000);
    assert.deepEqual([client.sizes, client.events], [[], []]);
    assert.equal(client.transport.nextTimeoutMs(), undefined);
  });

  it('keeps a ClientHello that comes before its own path is known', () => {
    const { network, client, server } = associate();
    client.transport.setRemoteFingerprints([GOOD], network.nowMs);
    server.transport.setRemoteFingerprints([GOOD], network.nowMs);
    client.transport.start(network.nowMs);
    network.run(100);
    assert.deepEqual(server.events, []);
    server.transport.start(network.nowMs);
    network.run(100);
    // Sooner than the client's first repetition.
    assert.deepEqual(server.events, ['CONNECTING', 'keys', 'CONNECTED']);
  });

  it('keeps eight early datagrams and drops further ones', () => {
    const { network, server } = associate();
    const hello = new Uint8Array(200);
    hello[12] = 187;
    for (let i = 0; i < 7; i++) server.transport.receive(new Uint8Array(5), network.nowMs);
    server.transport.receive(hello, network.nowMs);
    server.transport.start(network.nowMs);
    assert.ok(server.sizes.length > 0);
    const other = associate();
    for (let i = 0; i < 8; i++) other.server.transport.receive(new Uint8Array(5), network.nowMs);
    other.server.transport.receive(hello, network.nowMs);
    other.server.transport.start(network.nowMs);
    assert.deepEqual(other.server.sizes, []);
  });

  it('runs the handshake before the fingerprints are known, but keeps keys and CONNECTED back', () => {
    const { network, client, server } = associate();
    client.transport.setRemoteFingerprints([GOOD], network.nowMs);
    for (const { transport } of [client, server]) transport.start(network.nowMs);
    network.run(5000);
    assert.deepEqual(client.transport.state, 'CONNECTED');
    assert.deepEqual(server.events, ['CONNECTING']);
    server.transport.setRemoteFingerprints([GOOD], network.nowMs);
    assert.deepEqual(server.events, ['CONNECTING', 'keys', 'CONNECTED']);
  });

  const cases: readonly [claim: string, fingerprints: readonly Fingerprint[], isAccepted: boolean][] = [
    ['accepts any of several', [{ algorithm: 'sha-256', value: '00' }, GOOD], true],
    ['passes over unknown hashes', [{ algorithm: 'sha-9', value: 'AB:CD' }, GOOD], true],
    ['compares without regard to case', [{ algorithm: 'SHA-256', value: 'ab:cd' }], true],
    ['refuses another certificate', [{ algorithm: 'sha-256', value: 'AB:CE' }], false],
    ['refuses unknown hashes only', [{ algorithm: 'sha-9', value: 'AB:CD' }], false],
    ['refuses forbidden hashes', [{ algorithm: 'MD5', value: '01' }], false],
    ['refuses an empty list', [], false],
  ];
  for (const [claim, fingerprints, isAccepted] of cases) {
    it(`${claim} (fingerprints)`, () => {
      const { network, factory, client, server } = associate();
      client.transport.setRemoteFingerprints([GOOD], network.nowMs);
      server.transport.setRemoteFingerprints(fingerprints, network.nowMs);
      for (const { transport } of [client, server]) transport.start(network.nowMs);
      network.run(5000);
      const expected = isAccepted ? ['CONNECTING', 'keys', 'CONNECTED'] : ['CONNECTING', 'FAILED'];
      assert.deepEqual(server.events, expected);
      assert.equal(factory.open, isAccepted ? 2 : 0);
    });
  }

  it('fails without a common SRTP profile', () => {
    const { network, client, server } = associate({}, { profile: undefined });
    for (const { transport } of [client, server]) {
      transport.setRemoteFingerprints([GOOD], network.nowMs);
      transport.start(network.nowMs);
    }
    network.run(1000);
    assert.equal(client.events.at(-1), 'FAILED');
    assert.equal(client.seen.keys, undefined);
  });

  it('does without SRTP where that is optional', () => {
    const { network, client, server } = associate({}, { profile: undefined }, true);
    for (const { transport } of [client, server]) {
      transport.setRemoteFingerprints([GOOD], network.nowMs);
      transport.start(network.nowMs);
    }
    network.run(1000);
    assert.deepEqual(client.events, ['CONNECTING', 'CONNECTED']);
    assert.deepEqual(server.events, ['CONNECTING', 'CONNECTED']);
  });

  it('passes application data on, and answers from within the listener', () => {
    const { network, client, server } = associate();
    for (const { transport } of [client, server]) {
      transport.setRemoteFingerprints([GOOD], network.nowMs);
      transport.start(network.nowMs);
    }
    assert.equal(client.transport.sendApplicationData(Buffer.from('early')), false);
    network.run(1000);
    assert.equal(client.transport.sendApplicationData(Buffer.from('?question')), true);
    network.run(1000);
    assert.deepEqual(server.events.slice(2), ['CONNECTED', '?question']);
    assert.deepEqual(client.events.slice(2), ['CONNECTED', 'answer']);
    client.transport.sendApplicationData(Buffer.from('!close'));
    client.transport.sendApplicationData(Buffer.from('too late'));
    network.run(1000);
    assert.deepEqual(server.events.slice(4), ['!close', 'CLOSED']);
    assert.equal(server.transport.sendApplicationData(Buffer.from('late')), false);
  });

  it('keeps application data back until the certificate is verified', () => {
    const { network, client, server } = associate();
    client.transport.setRemoteFingerprints([GOOD], network.nowMs);
    for (const { transport } of [client, server]) transport.start(network.nowMs);
    network.run(1000);
    client.transport.sendApplicationData(Buffer.from('first'));
    client.transport.sendApplicationData(Buffer.from('second'));
    network.run(1000);
    assert.deepEqual(server.events, ['CONNECTING']);
    server.transport.setRemoteFingerprints([GOOD], network.nowMs);
    assert.deepEqual(server.events, ['CONNECTING', 'keys', 'CONNECTED', 'first', 'second']);
  });

  it('passes on what came in front of the end', () => {
    const { network, client, server } = associate();
    for (const { transport } of [client, server]) {
      transport.setRemoteFingerprints([GOOD], network.nowMs);
      transport.start(network.nowMs);
    }
    network.run(1000);
    client.transport.sendApplicationData(Buffer.from('last words'));
    client.transport.close();
    network.run(1000);
    assert.deepEqual(server.events.slice(2), ['CONNECTED', 'last words', 'CLOSED']);
  });

  it('fails after 30 s without an end of the handshake', () => {
    const { network, factory, client, server } = associate();
    network.isBlocked = () => true;
    for (const { transport } of [client, server]) transport.start(network.nowMs);
    network.run(29_999);
    assert.deepEqual([client.transport.state, server.transport.state], ['CONNECTING', 'NEW']);
    network.run(1);
    assert.deepEqual([client.transport.state, server.transport.state], ['FAILED', 'FAILED']);
    assert.equal(factory.open, 0);
    assert.equal(client.transport.nextTimeoutMs(), undefined);
  });

  it('repeats its last flight after CONNECTED, when the peer has missed it', () => {
    const { network, client, server } = associate();
    for (const { transport } of [client, server]) {
      transport.setRemoteFingerprints([GOOD], network.nowMs);
      transport.start(network.nowMs);
    }
    network.run(200, () => server.transport.state === 'CONNECTED');
    network.isBlocked = () => true;
    network.run(100);
    assert.equal(client.transport.state, 'CONNECTING');
    network.isBlocked = () => false;
    network.run(3000);
    assert.equal(client.transport.state, 'CONNECTED');
  });

  it('tells the peer when it closes, frees the engine, and is silent afterwards', () => {
    const { network, factory, client, server } = associate();
    for (const { transport } of [client, server]) {
      transport.setRemoteFingerprints([GOOD], network.nowMs);
      transport.start(network.nowMs);
    }
    network.run(1000);
    client.transport.close();
    client.transport.close();
    network.run(1000);
    assert.deepEqual([client.events.at(-1), server.events.at(-1)], ['CLOSED', 'CLOSED']);
    assert.equal(factory.open, 0);
    const sent = client.sizes.length;
    client.transport.receive(new Uint8Array(100), network.nowMs);
    client.transport.start(network.nowMs);
    client.transport.setRole('server', network.nowMs);
    client.transport.setRemoteFingerprints([GOOD], network.nowMs);
    client.transport.handleTimeout(network.nowMs);
    assert.equal(client.sizes.length, sent);
  });

  it('puts records into datagrams of at most 1,200 bytes', () => {
    const { network, client, server } = associate();
    for (const { transport } of [client, server]) transport.start(network.nowMs);
    network.run(15);
    assert.deepEqual(server.sizes, [790, 800]);
  });
});

describe('splitRecords', () => {
  /** Records of these sizes, one behind the other. */
  const records = (...sizes: number[]): Uint8Array => {
    const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
    let at = 0;
    for (const size of sizes) {
      new DataView(bytes.buffer).setUint16(at + 11, size - 13);
      at += size;
    }
    return bytes;
  };
  const sizes = (bytes: Uint8Array, mtuBytes: number) =>
    splitRecords(bytes, mtuBytes).map(({ length }) => length);

  it('fills datagrams up to the limit and never cuts a record', () => {
    assert.deepEqual(sizes(records(100), 100), [100]);
    assert.deepEqual(sizes(records(50, 50), 100), [100]);
    assert.deepEqual(sizes(records(50, 51), 100), [50, 51]);
    assert.deepEqual(sizes(records(13, 200, 13, 13), 100), [13, 200, 26]);
    assert.deepEqual(sizes(new Uint8Array(0), 100), []);
  });

  it('loses no byte of output that ends within a record', () => {
    for (let length = 1; length < 150; length++) {
      const total = sizes(records(50, 100).subarray(0, length), 60).reduce((sum, size) => sum + size, 0);
      assert.equal(total, length);
    }
  });
});
