/**
 * DTLS associations by OpenSSL: with each other over a bad network, with the `openssl` program, and with garbage.
 * @module
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { CertificateKeyType, DtlsEngine } from '@rivero/transport';
import { OpensslDtlsFactory } from '../src/native/OpensslDtls.ts';

const factory = new OpensslDtlsFactory();
const keyTypes: readonly CertificateKeyType[] = ['RSA', 'ECDSA'];

/** Cuts output at record boundaries into datagrams of at most `mtuBytes` (13-byte header, length at 11). */
function datagrams(output: Uint8Array | undefined, mtuBytes: number): Uint8Array[] {
  if (output === undefined) return [];
  const result: Uint8Array[] = [];
  const view = new DataView(output.buffer, output.byteOffset, output.length);
  let start = 0;
  let end = 0;
  while (end < output.length) {
    const next = end + 13 + view.getUint16(end + 11);
    if (next - start > mtuBytes && end > start) {
      result.push(output.subarray(start, end));
      start = end;
    }
    end = next;
  }
  result.push(output.subarray(start, end));
  return result;
}

/** Passes datagrams between two associations until neither has any; `lost` decides which never arrive. */
function exchange(a: DtlsEngine, b: DtlsEngine, mtuBytes = 1200, lost: () => boolean = () => false): void {
  for (;;) {
    const fromA = datagrams(a.takeOutput(), mtuBytes);
    for (const datagram of fromA) if (!lost()) b.receive(datagram);
    const fromB = datagrams(b.takeOutput(), mtuBytes);
    for (const datagram of fromB) if (!lost()) a.receive(datagram);
    if (fromA.length + fromB.length === 0) return;
  }
}

function connect(keyType: CertificateKeyType, mtuBytes = 1200): [DtlsEngine, DtlsEngine] {
  const client = factory.create('client', keyType, mtuBytes);
  const server = factory.create('server', keyType === 'RSA' ? 'ECDSA' : 'RSA', mtuBytes);
  client.start();
  exchange(client, server, mtuBytes);
  return [client, server];
}

describe('OpensslDtlsFactory', () => {
  for (const keyType of keyTypes) {
    it(`connects with a client certificate of ${keyType} and agrees on keys and fingerprints`, () => {
      const [client, server] = connect(keyType);
      assert.equal(client.state, 'connected');
      assert.equal(server.state, 'connected');
      assert.equal(client.srtpProfile, 'SRTP_AEAD_AES_128_GCM');
      assert.equal(server.srtpProfile, 'SRTP_AEAD_AES_128_GCM');
      assert.deepEqual(client.exportKeyingMaterial(56), server.exportKeyingMaterial(56));
      assert.deepEqual(server.peerFingerprint('sha-256'), factory.fingerprint(keyType));
      assert.match(server.peerFingerprint('SHA-512')?.value ?? '', /^([0-9A-F]{2}:){63}[0-9A-F]{2}$/);
      assert.equal(server.peerFingerprint('md5'), undefined);
      assert.equal(server.peerFingerprint('crc32'), undefined);
      client.shutdown();
      exchange(client, server);
      assert.equal(client.state, 'closed');
      assert.equal(server.state, 'closed');
      for (const engine of [client, server]) {
        engine.close();
        engine.close();
        assert.equal(engine.takeOutput(), undefined);
        engine.receive(new Uint8Array(20));
      }
    });
  }

  it('carries application data both ways, record by record, and refuses what it cannot carry', () => {
    const [client, server] = connect('ECDSA');
    const fresh = factory.create('client', 'RSA', 1200);
    assert.equal(fresh.sendApplicationData(Uint8Array.of(1)), false);
    assert.equal(fresh.takeApplicationData(), undefined);
    const messages = [1, 2, 1144, 1 << 14].map((length) => new Uint8Array(randomBytes(length)));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      for (const message of messages) assert.equal(from.sendApplicationData(message), true);
      const records = datagrams(from.takeOutput(), 1200);
      // An SCTP packet of 1,144 bytes stays within the MTU.
      assert.ok(records[1] !== undefined && records[1].length <= 1200);
      for (const record of records) to.receive(record);
      for (const message of messages) assert.deepEqual(to.takeApplicationData(), message);
      assert.equal(to.takeApplicationData(), undefined);
      assert.equal(from.sendApplicationData(new Uint8Array(0)), false);
      assert.equal(from.sendApplicationData(new Uint8Array((1 << 14) + 1)), false);
    }
    assert.equal(server.state, 'connected');
    client.close();
    assert.equal(client.sendApplicationData(Uint8Array.of(1)), false);
    assert.equal(client.takeApplicationData(), undefined);
  });

  it('keeps 64 records of application data until they are taken, and delivers a replayed one once', () => {
    const [client, server] = connect('ECDSA');
    for (let i = 0; i < 100; i++) client.sendApplicationData(Uint8Array.of(i));
    const records = datagrams(client.takeOutput(), 1);
    assert.equal(records.length, 100);
    for (const record of [...records, ...records]) server.receive(record);
    for (let i = 0; i < 64; i++) assert.deepEqual(server.takeApplicationData(), Uint8Array.of(i));
    assert.equal(server.takeApplicationData(), undefined);
    client.sendApplicationData(Uint8Array.of(101));
    exchange(client, server);
    assert.deepEqual(server.takeApplicationData(), Uint8Array.of(101));
  });

  it('keeps every datagram within the MTU and reassembles a ClientHello in fragments', () => {
    const client = factory.create('client', 'RSA', 256);
    const server = factory.create('server', 'RSA', 1200);
    client.start();
    const hello = datagrams(client.takeOutput(), 1);
    assert.ok(hello.length >= 1);
    const fragments = hello.flatMap((record) => fragment(record, 60));
    assert.ok(fragments.length >= 3);
    for (const datagram of fragments) server.receive(datagram);
    const flight = datagrams(server.takeOutput(), 1200);
    assert.ok(flight.length > 0);
    for (const datagram of flight) {
      assert.ok(datagram.length <= 1200);
      client.receive(datagram);
    }
    for (const datagram of datagrams(client.takeOutput(), 256)) {
      assert.ok(datagram.length <= 256);
      server.receive(renumber(datagram, fragments.length));
    }
    exchange(client, server, 256);
    assert.equal(server.state, 'connected');
    assert.equal(client.state, 'connected');
  });

  it('connects although every third datagram is lost, by its own timer', async () => {
    const client = factory.create('client', 'ECDSA', 1200);
    const server = factory.create('server', 'ECDSA', 1200);
    client.start();
    let count = 0;
    const lost = (): boolean => count++ % 3 === 0;
    const done = (): boolean => client.state === 'connected' && server.state === 'connected';
    for (let round = 0; round < 6; round++) {
      exchange(client, server, 1200, lost);
      if (done()) break;
      const timeoutMs = Math.min(client.timeoutMs() ?? Infinity, server.timeoutMs() ?? Infinity);
      assert.ok(timeoutMs <= 4000, `timer due in ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, timeoutMs + 1));
      client.handleTimeout();
      server.handleTimeout();
    }
    assert.equal(client.state, 'connected');
    assert.equal(server.state, 'connected');
    assert.equal(server.timeoutMs(), undefined);
  });

  it('never throws on garbage, and an established association survives it', () => {
    const [client, server] = connect('RSA');
    const fresh = factory.create('server', 'RSA', 1200);
    for (let i = 0; i < 4000; i++) {
      const garbage = randomBytes(13 + (i % 140));
      // Half of it looks like one record of any type, in an epoch around the current one.
      if (i % 2 === 0) garbage.set([20 + (i % 5), 0xfe, 0xfd, 0, i % 3]);
      if (i % 2 === 0) garbage.writeUInt16BE(garbage.length - 13, 11);
      server.receive(garbage);
      fresh.receive(garbage);
    }
    assert.equal(server.state, 'connected');
    client.shutdown();
    exchange(client, server);
    assert.equal(server.state, 'closed');
  });

  it('survives any single changed byte of a client flight', () => {
    const client = factory.create('client', 'ECDSA', 1200);
    client.start();
    const hello = client.takeOutput();
    assert.ok(hello !== undefined);
    for (let i = 0; i < hello.length; i++) {
      const changed = hello.slice();
      changed[i] = (changed[i] ?? 0) ^ 0x55;
      const server = factory.create('server', 'ECDSA', 1200);
      server.receive(changed);
      server.close();
    }
  });

  it('refuses a peer without certificate', async (context) => {
    if (spawnSync('openssl', ['version']).status !== 0) return context.skip('openssl is not installed');
    const peer = await opensslClient([]);
    assert.notEqual(peer.server.state, 'connected');
  });

  for (const [profile, name] of [
    ['SRTP_AEAD_AES_128_GCM', 'SRTP_AEAD_AES_128_GCM'],
    ['SRTP_AES128_CM_SHA1_80', 'SRTP_AES128_CM_SHA1_80'],
    ['SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM', 'SRTP_AEAD_AES_128_GCM'],
  ] as const) {
    it(`serves openssl s_client offering ${profile}`, async (context) => {
      if (spawnSync('openssl', ['version']).status !== 0) return context.skip('openssl is not installed');
      const certificate = spawnSync('sh', [
        '-c',
        'd=$(mktemp -d) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $d/k -out $d/c -days 1 -subj /CN=x 2>/dev/null && echo $d',
      ]);
      const directory = certificate.stdout.toString().trim();
      const peer = await opensslClient([
        '-cert',
        `${directory}/c`,
        '-key',
        `${directory}/k`,
        '-use_srtp',
        profile,
      ]);
      assert.equal(peer.server.state, 'connected');
      assert.equal(peer.server.srtpProfile, name);
      const expected = new X509Certificate(spawnSync('cat', [`${directory}/c`]).stdout).fingerprint256;
      assert.equal(peer.server.peerFingerprint('sha-256')?.value, expected);
      spawnSync('rm', ['-r', directory]);
    });
  }

  it('leaves memory where it was after 500 handshakes', () => {
    const round = (): void => {
      const [client, server] = connect('ECDSA');
      assert.equal(server.state, 'connected');
      client.close();
      server.close();
    };
    for (let i = 0; i < 200; i++) round();
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 500; i++) round();
    globalThis.gc?.();
    const grownBytes = process.memoryUsage().rss - before;
    // An association is some 100 kB: one in twenty left behind would be seen.
    assert.ok(grownBytes < 5e6, `${grownBytes} bytes`);
  });
});

/** Splits one handshake record into several by DTLS fragmentation (RFC 6347 section 4.2.3). */
function fragment(record: Uint8Array, sizeBytes: number): Uint8Array[] {
  const header = record.subarray(0, 13);
  const message = record.subarray(13, 25);
  const body = record.subarray(25);
  const result: Uint8Array[] = [];
  for (let offset = 0; offset < body.length; offset += sizeBytes) {
    const part = body.subarray(offset, offset + sizeBytes);
    const datagram = new Uint8Array(25 + part.length);
    datagram.set(header);
    datagram.set(message, 13);
    datagram.set(part, 25);
    const view = new DataView(datagram.buffer);
    view.setUint16(9, view.getUint16(9) + result.length);
    view.setUint16(11, 12 + part.length);
    view.setUint8(19, offset >> 16);
    view.setUint16(20, offset & 0xffff);
    view.setUint8(22, 0);
    view.setUint16(23, part.length);
    result.push(datagram);
  }
  return result;
}

/** Raises the record sequence numbers of epoch 0, which the fragments above have used up (replay protection). */
function renumber(datagram: Uint8Array, by: number): Uint8Array {
  const result = datagram.slice();
  const view = new DataView(result.buffer);
  for (let at = 0; at < result.length; at += 13 + view.getUint16(at + 11)) {
    if (view.getUint16(at + 3) === 0) view.setUint16(at + 9, view.getUint16(at + 9) + by);
  }
  return result;
}

/** Runs the `openssl` client against one of our servers until it ends, on loopback. */
async function opensslClient(extra: readonly string[]): Promise<{ server: DtlsEngine }> {
  const server = factory.create('server', 'RSA', 1200);
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const connect = `127.0.0.1:${socket.address().port}`;
  const client = spawn('openssl', ['s_client', '-dtls1_2', '-connect', connect, ...extra]);
  const ended = new Promise<void>((resolve) => {
    socket.on('message', (datagram, remote) => {
      server.receive(datagram);
      for (const out of datagrams(server.takeOutput(), 1200)) socket.send(out, remote.port, remote.address);
      if (server.state === 'connected' || server.state === 'failed') resolve();
    });
    client.once('exit', () => resolve());
  });
  await ended;
  client.kill('SIGKILL');
  socket.close();
  return { server };
}

describe('certificates from files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rivero-dtls-'));
  after(() => rmSync(directory, { recursive: true }));

  /** Makes a PEM file with a certificate and its key; returns its name. */
  function make(name: string, algorithm: string): string {
    const [key, certificate, both] = ['key', 'crt', 'pem'].map((end) => join(directory, `${name}.${end}`));
    assert.ok(key !== undefined && certificate !== undefined && both !== undefined);
    const words = `req -x509 -nodes -days 2 -subj /CN=${name} ${algorithm}`.split(' ');
    execFileSync('openssl', [...words, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
    writeFileSync(both, Buffer.concat([readFileSync(certificate), readFileSync(key)]));
    return both;
  }

  const rsa = make('rsa', '-newkey rsa:2048');
  const ecdsa = make('ecdsa', '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1');

  it('are shown to peers', () => {
    const own = new OpensslDtlsFactory({ RSA: rsa, ECDSA: ecdsa });
    for (const [keyType, file] of [
      ['RSA', rsa],
      ['ECDSA', ecdsa],
    ] as const) {
      const { fingerprint256 } = new X509Certificate(readFileSync(file));
      assert.deepEqual(own.fingerprint(keyType), { algorithm: 'sha-256', value: fingerprint256 });
      const client = own.create('client', keyType, 1200);
      const server = factory.create('server', keyType, 1200);
      client.start();
      exchange(client, server);
      assert.equal(server.state, 'connected');
      assert.deepEqual(server.peerFingerprint('sha-256'), own.fingerprint(keyType));
    }
  });

  it('are made where there is no file', () => {
    const own = new OpensslDtlsFactory({ RSA: rsa });
    assert.notDeepEqual(own.fingerprint('ECDSA'), factory.fingerprint('ECDSA'));
  });

  const wrong: [string, () => string, RegExp][] = [
    ['is missing', () => join(directory, 'none.pem'), /none\.pem cannot be used/],
    ['holds another type of key', () => ecdsa, /not of type RSA/],
    ['holds no key', () => join(directory, 'rsa.crt'), /rsa\.crt cannot be used/],
    [
      "holds another's key",
      () => {
        make('other', '-newkey rsa:2048');
        const mixed = ['rsa.crt', 'other.key'].map((name) => readFileSync(join(directory, name)));
        writeFileSync(join(directory, 'mixed.pem'), Buffer.concat(mixed));
        return join(directory, 'mixed.pem');
      },
      /another certificate/,
    ],
  ];
  for (const [what, file, message] of wrong) {
    it(`are refused by name when the file ${what}`, () => {
      assert.throws(() => new OpensslDtlsFactory({ RSA: file() }), message);
    });
  }
});
