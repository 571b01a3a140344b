/**
 * Beginning and end of associations, and who may interfere.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PacketWriter } from '../src/sctp/PacketWriter.ts';
import { parsePacket } from '../src/sctp/parsePacket.ts';
import { StateCookie } from '../src/sctp/StateCookie.ts';
import { hmacSha1 } from './nodeCrypto.ts';
import { numbered, type SctpPeer, sctpPair, sctpPeer, startingWith } from './sctpPair.ts';

/** Types of the chunks of a packet. */
const types = (packet: Uint8Array) => parsePacket(packet)?.chunks.map(({ type }) => type) ?? [];
const byNumber = (a: number, b: number) => a - b;
const sentTypes = ({ packets }: SctpPeer) => packets.flatMap(types);

/** A packet with one chunk. */
function packetWith(tag: number, type: number, flags: number, value: Uint8Array): Uint8Array {
  let result = new Uint8Array(0);
  const writer = new PacketWriter({ local: 5000, remote: 5000 }, 1200, (packet) => (result = packet.slice()));
  writer.sendAlone(tag, type, flags, value);
  return result;
}

describe('SctpAssociation (handshake)', () => {
  it('connects when one side asks, with the four messages of RFC 9260 section 5.1', () => {
    const { left, right, connect } = sctpPair();
    connect(false);
    assert.deepEqual(left.states, ['connecting', 'connected']);
    assert.deepEqual(right.states, ['connected']);
    assert.deepEqual(sentTypes(left), [1, 10]);
    assert.deepEqual(sentTypes(right), [2, 11]);
    assert.equal(left.association.remoteTag, right.association.localTag);
    assert.equal(right.association.remoteTag, left.association.localTag);
    assert.equal(left.association.outgoingStreams, 65_535);
  });

  it('connects when both sides ask at once', () => {
    const { left, right, connect } = sctpPair();
    connect();
    assert.deepEqual(left.states, ['connecting', 'connected']);
    assert.deepEqual(right.states, ['connecting', 'connected']);
  });

  it('connects through loss, reordering and duplication, whatever the seed, and then delivers both ways', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const weather = { seed, lossPercent: 20, duplicatePercent: 20, jitterMs: 100 };
      const { network, left, right, connect } = sctpPair(weather);
      left.association.send(0, 53, numbered(1, 10), {}, network.nowMs);
      connect(seed % 2 === 0);
      right.association.send(0, 53, numbered(2, 10), {}, network.nowMs);
      network.run(60_000, () => left.messages.length + right.messages.length === 2);
      const figures = [left, right].map((peer) => [peer.association.state, peer.messages.length]);
      assert.deepEqual(
        figures,
        [
          ['connected', 1],
          ['connected', 1],
        ],
        `seed ${seed}`,
      );
    }
  });

  it('gives up after nine INITs without answer', () => {
    const { network, left } = sctpPair();
    network.isBlocked = () => true;
    left.association.connect(network.nowMs);
    network.run(120_000);
    assert.deepEqual(left.states, ['connecting', 'failed']);
    assert.deepEqual(
      sentTypes(left),
      Array.from({ length: 9 }, () => 1),
    );
    assert.equal(left.association.nextTimeoutMs(), undefined);
  });

  it('drops packets with a wrong checksum, port or tag, and counts them', () => {
    const { network, left, right, connect } = sctpPair();
    connect(false);
    const good = left.packets[0]!;
    const { association } = right;
    const before = association.statistics.packetsDropped;
    const wrong = [
      good.with(8, good[8]! ^ 1),
      good.subarray(0, 15),
      packetWith(association.localTag ^ 1, 3, 0, new Uint8Array(12)),
      packetWith(0, 3, 0, new Uint8Array(12)),
      packetWith(association.localTag ^ 1, 6, 0, new Uint8Array(0)),
      packetWith(association.remoteTag ^ 1, 6, 1, new Uint8Array(0)),
    ];
    for (const packet of wrong) association.receive(packet, network.nowMs);
    assert.equal(association.statistics.packetsDropped, before + wrong.length);
    assert.equal(association.state, 'connected');
    const elsewhere = sctpPeer({ localPort: 5001 }, () => assert.fail('an answer'));
    elsewhere.association.receive(good, 0);
    assert.equal(elsewhere.association.statistics.packetsDropped, 1);
  });

  it('accepts its own cookies only, unchanged and for 60 s', () => {
    const packets: Uint8Array[] = [];
    const server = sctpPeer({ randomBytes: startingWith(7, 7) }, (packet) => packets.push(packet.slice()));
    const client = sctpPeer({ randomBytes: startingWith(9, 9) }, (packet) => packets.push(packet.slice()));
    client.association.connect(0);
    server.association.receive(packets[0]!, 0);
    client.association.receive(packets[1]!, 0);
    const echo = parsePacket(packets[2]!)!.chunks[0]!.value;
    const cookie = new Uint8Array(echo.buffer, echo.byteOffset, echo.byteLength);
    for (let i = 0; i < cookie.length; i++) {
      server.association.receive(packetWith(7, 10, 0, cookie.with(i, cookie[i]! ^ 0x10)), 0);
    }
    server.association.receive(packetWith(7, 10, 0, cookie.subarray(1)), 0);
    server.association.receive(packetWith(7, 10, 0, cookie), 60_001);
    assert.equal(server.association.state, 'new');
    server.association.receive(packetWith(7, 10, 0, cookie), 60_000);
    assert.equal(server.association.state, 'connected');
  });

  it('keeps no state for INITs that are not followed up', () => {
    const answers: Uint8Array[] = [];
    const server = sctpPeer({}, (packet) => answers.push(packet.slice()));
    for (let tag = 1; tag <= 1000; tag++) {
      const client = sctpPeer({ randomBytes: startingWith(tag, tag) }, (packet) =>
        server.association.receive(packet.slice(), 0),
      );
      client.association.connect(0);
    }
    assert.equal(answers.length, 1000);
    assert.deepEqual([server.association.state, server.states], ['new', []]);
    assert.equal(server.association.nextTimeoutMs(), undefined);
  });

  it('drops an INIT while it is connected: there is no restart over the same DTLS association', () => {
    const { network, left, right, connect } = sctpPair();
    connect();
    const stranger = sctpPeer({ randomBytes: startingWith(77, 77) }, (packet) =>
      right.association.receive(packet.slice(), network.nowMs),
    );
    const sent = right.packets.length;
    stranger.association.connect(network.nowMs);
    assert.equal(right.packets.length, sent);
    left.association.send(0, 53, numbered(5, 5), {}, network.nowMs);
    network.run(1000);
    assert.equal(right.messages.length, 1);
  });

  it('answers a COOKIE ECHO again when COOKIE ACK was lost', () => {
    const { network, left, right } = sctpPair();
    let lost = 0;
    right.isSwallowed = (packet) => types(packet).includes(11) && lost++ < 2;
    left.association.connect(network.nowMs);
    network.run(10_000);
    assert.equal(lost, 3);
    assert.deepEqual([left.states.at(-1), right.states], ['connected', ['connected']]);
  });

  it('reports parameters and chunks as their two highest bits ask for it', () => {
    const init = new Uint8Array(16 + 8 + 8 + 4);
    const view = new DataView(init.buffer);
    view.setUint32(0, 5);
    view.setUint32(4, 100_000);
    view.setUint32(8, 0x0001_0001);
    // Reported and skipped; skipped; then the end of what is read, reported.
    view.setUint32(16, 0xcfff_0006);
    view.setUint32(24, 0x8fff_0008);
    view.setUint32(32, 0x4fff_0004);
    const answers: Uint8Array[] = [];
    const server = sctpPeer({}, (packet) => answers.push(packet.slice()));
    server.association.receive(packetWith(0, 1, 0, init), 0);
    const ack = Buffer.from(answers[0]!).toString('hex');
    assert.ok(ack.includes('0008000acfff0006'), ack);
    assert.ok(ack.includes('000800084fff0004'), ack);
    assert.ok(!ack.includes('8fff'), ack);

    const { network, left, right, connect } = sctpPair();
    connect();
    const { localTag } = right.association;
    for (const [type, isReported] of [
      [63, false],
      [127, true],
      [189, false],
      [255, true],
    ] as const) {
      right.packets.length = 0;
      right.association.receive(packetWith(localTag, type, 3, Uint8Array.of(1, 2, 3)), network.nowMs);
      const reports = right.packets.map((packet) => Buffer.from(packet.subarray(12)).toString('hex'));
      const chunk = type.toString(16).padStart(2, '0');
      assert.deepEqual(reports, isReported ? [`0900000f` + `0006000b` + `${chunk}03000701020300`] : []);
    }
    assert.equal(left.association.state, 'connected');
  });

  it('answers HEARTBEAT, and asks itself after 30 s of silence', () => {
    const { network, left, right, connect } = sctpPair({ delayMs: 40 });
    connect();
    left.packets.length = 0;
    right.packets.length = 0;
    network.run(31_000);
    assert.deepEqual(
      [sentTypes(left).toSorted(byNumber), sentTypes(right).toSorted(byNumber)],
      [
        [4, 5],
        [4, 5],
      ],
    );
    assert.ok(Math.abs(left.association.statistics.roundTripMs! - 80) < 1);
    network.isBlocked = () => true;
    network.run(600_000);
    assert.deepEqual([left.states.at(-1), right.states.at(-1)], ['failed', 'failed']);
  });
});

describe('SctpAssociation (end)', () => {
  it('closes after everything has been delivered, through loss', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { network, left, right, connect } = sctpPair({ seed, lossPercent: 10, jitterMs: 20 });
      connect();
      for (let i = 0; i < 20; i++) left.association.send(i % 3, 53, numbered(i, 3000), {}, network.nowMs);
      left.association.close(network.nowMs);
      assert.equal(left.association.send(0, 53, numbered(99, 4), {}, network.nowMs), 'closed');
      network.run(120_000);
      assert.equal(right.messages.length, 20, `seed ${seed}`);
      assert.deepEqual(left.states, ['connecting', 'connected', 'closing', 'closed']);
      assert.deepEqual(right.states, ['connecting', 'connected', 'closing', 'closed']);
      assert.equal(left.association.nextTimeoutMs(), undefined);
    }
  });

  it('closes when both sides want to at once', () => {
    const { network, left, right, connect } = sctpPair();
    connect();
    left.association.close(network.nowMs);
    right.association.close(network.nowMs);
    network.run(10_000);
    assert.deepEqual([left.states.at(-1), right.states.at(-1)], ['closed', 'closed']);
  });

  it('closes without answer in the end', () => {
    const { network, left, connect } = sctpPair();
    connect();
    network.isBlocked = () => true;
    left.association.close(network.nowMs);
    network.run(60_000);
    assert.equal(left.states.at(-1), 'closed');
  });

  it('aborts at once and tells the peer', () => {
    const { network, left, right, connect } = sctpPair();
    connect();
    left.association.abort();
    assert.equal(left.association.state, 'closed');
    network.run(100);
    assert.equal(right.association.state, 'closed');
    assert.equal(right.association.nextTimeoutMs(), undefined);
  });

  it('tells of no message after an end from within the listener', () => {
    const { network, left, right, connect } = sctpPair();
    connect();
    let lost = 0;
    left.isSwallowed = (packet) => types(packet).includes(64) && lost++ === 0;
    right.messages.push = (message) => {
      right.association.abort();
      return Array.prototype.push.call(right.messages, message);
    };
    // The first is lost, so that it brings the others along when it comes.
    for (let i = 0; i < 5; i++) left.association.send(0, 53, numbered(i, 10), {}, network.nowMs);
    network.run(5000);
    assert.equal(right.messages.length, 1);
    assert.deepEqual([left.association.state, right.association.state], ['closed', 'closed']);
  });

  it('fails when the peer is gone while data waits', () => {
    const { network, left, connect } = sctpPair();
    connect();
    network.isBlocked = () => true;
    left.association.send(0, 53, numbered(1, 10), {}, network.nowMs);
    network.run(60_000);
    assert.equal(left.association.state, 'failed');
  });

  it('lives through an outage of 20 s and goes on within 5 s', () => {
    const { network, left, right, connect } = sctpPair();
    connect();
    network.isBlocked = () => true;
    for (let i = 0; i < 10; i++) left.association.send(0, 53, numbered(i, 1000), {}, network.nowMs);
    network.run(20_000);
    assert.equal(left.association.state, 'connected');
    network.isBlocked = () => false;
    network.run(5500);
    assert.equal(right.messages.length, 10);
  });
});

describe('StateCookie', () => {
  it('gives back what was put in', () => {
    const cookies = new StateCookie(Uint8Array.of(1, 2, 3), hmacSha1);
    const content = {
      localTag: 0xffff_ffff,
      remoteTag: 1,
      localInitialTsn: 0xffff_fffe,
      remoteInitialTsn: 0,
      receiveWindowBytes: 0xffff_ffff,
      outgoingStreams: 65_535,
      incomingStreams: 1,
      partialReliability: true,
      reconfig: false,
      interleaving: true,
    };
    assert.deepEqual(cookies.open(cookies.seal(content, 1000), 1000), content);
    const others = new StateCookie(Uint8Array.of(1, 2, 4), hmacSha1);
    assert.equal(others.open(cookies.seal(content, 1000), 1000), undefined);
  });
});
