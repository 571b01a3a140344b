/**
 * Data channels over SCTP over DTLS by OpenSSL, all of it in memory.
 * @module
 */
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { DataChannels, DtlsTransport } from '@rivero/transport';
import { OpensslDtlsFactory } from '../src/native/OpensslDtls.ts';

const factory = new OpensslDtlsFactory();

/** One end: datagrams go to `send`. */
function peer(role: 'client' | 'server', send: (datagram: Uint8Array) => void) {
  const events: string[] = [];
  const sizes: number[] = [];
  const dtls = new DtlsTransport({
    factory,
    keyType: 'ECDSA',
    listener: {
      onSend: (datagram) => {
        sizes.push(datagram.length);
        send(datagram.slice());
      },
      onKeys: () => {},
      onStateChange: (state) => {
        if (state === 'CONNECTED') channels.connect(role, 0);
      },
      onApplicationData: (data) => channels.receive(data, 0),
    },
  });
  const channels = new DataChannels({
    localPort: 5000,
    remotePort: 5000,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    hmacSha1: (key, data) => createHmac('sha1', key).update(data).digest(),
    listener: {
      onSend: (packet) => void dtls.sendApplicationData(packet),
      onState: (state) => events.push(state),
      onOpen: ({ id, parameters }) => events.push(`open ${id} ${parameters.label}`),
      onMessage: (channel, bytes, isText) => {
        events.push(`${isText ? 'text' : 'binary'} ${bytes.length}`);
        if (role === 'server') channels.send(channel, bytes, isText, 0);
      },
      onClose: ({ id }) => events.push(`close ${id}`),
      onBufferedLow: () => {},
      onSendPossible: () => {},
    },
  });
  return { dtls, channels, events, sizes };
}

describe('DataChannels over OpensslDtls', () => {
  it('open, carry messages of all sizes both ways within the MTU, and close', () => {
    const flying: (() => void)[] = [];
    const client = peer('client', (datagram) => flying.push(() => server.dtls.receive(datagram, 0)));
    const server = peer('server', (datagram) => flying.push(() => client.dtls.receive(datagram, 0)));
    let nowMs = 0;
    const run = (): void => {
      for (let round = 0; round < 20; round++) {
        for (let step = flying.shift(); step !== undefined; step = flying.shift()) step();
        nowMs += 200;
        for (const { channels } of [client, server]) channels.handleTimeout(nowMs);
      }
    };
    const channel = client.channels.open({ label: 'hello' }, 0);
    assert.ok(channel);
    for (const [end, role] of [
      [client, 'client'],
      [server, 'server'],
    ] as const) {
      end.dtls.setRole(role, 0);
      end.dtls.setRemoteFingerprints([factory.fingerprint('ECDSA')], 0);
      end.dtls.start(0);
    }
    run();
    assert.deepEqual(client.events, ['connecting', 'connected', 'open 0 hello']);
    const lengths = [0, 1, 1100, 1101, 20_000, 65_536];
    for (const length of lengths) {
      client.channels.send(channel, new Uint8Array(randomBytes(length)), length % 2 === 1, nowMs);
    }
    run();
    const messages = lengths.map((length) => `${length % 2 === 1 ? 'text' : 'binary'} ${length}`);
    assert.deepEqual(server.events.slice(2), ['open 0 hello', ...messages]);
    assert.deepEqual(client.events.slice(3), messages);
    client.channels.close(channel, nowMs);
    run();
    assert.deepEqual([client.events.at(-1), server.events.at(-1)], ['close 0', 'close 0']);
    assert.ok(Math.max(...client.sizes, ...server.sizes) <= 1200);
    client.dtls.close();
    run();
    assert.equal(server.dtls.state, 'CLOSED');
  });
});
