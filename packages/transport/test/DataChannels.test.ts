/**
 * Data channels between two peers.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DataChannel, DataChannels } from '@rivero/transport';
import { hmacSha1 } from './nodeCrypto.ts';
import { channelPair, numbered, numberOf, sctpPeer, startingWith } from './sctpPair.ts';

const silent = {
  onState: () => {},
  onOpen: () => {},
  onMessage: () => {},
  onClose: () => {},
  onBufferedLow: () => {},
  onSendPossible: () => {},
};
const text = (content: string) => new Uint8Array(Buffer.from(content));

describe('DataChannels', () => {
  it('open channels on even streams for the DTLS client, odd ones for the server, with what was said of them', () => {
    const { network, left, right, connect } = channelPair();
    left.channels.open({ label: 'first', protocol: 'chat' }, network.nowMs);
    connect();
    left.channels.open({ label: 'zweites ✓', isOrdered: false, maxRetransmits: 3 }, network.nowMs);
    right.channels.open({ label: 'third', maxLifetimeMs: 500 }, network.nowMs);
    network.run(1000);
    const opens = ({ events }: typeof left) => events.filter((event) => event.startsWith('open')).toSorted();
    assert.deepEqual(opens(left), ['open 0 first', 'open 1 third', 'open 2 zweites ✓']);
    assert.deepEqual(opens(right), opens(left));
    const described = right.opened.map(({ id, parameters, isRemote, state }) => [
      id,
      parameters,
      isRemote,
      state,
    ]);
    const none = { maxRetransmits: undefined, maxLifetimeMs: undefined, priority: 256 };
    assert.deepEqual(
      described.toSorted((a, b) => Number(a[0]) - Number(b[0])),
      [
        [0, { ...none, label: 'first', protocol: 'chat', isOrdered: true }, true, 'open'],
        [1, { label: 'third', protocol: '', isOrdered: true, maxLifetimeMs: 500 }, false, 'open'],
        [2, { ...none, label: 'zweites ✓', protocol: '', isOrdered: false, maxRetransmits: 3 }, true, 'open'],
      ],
    );
  });

  it('carry text, binary and empty messages both ways, and count them', () => {
    const { network, left, right, connect } = channelPair();
    const channel = left.channels.open({ label: 'a' }, network.nowMs)!;
    assert.equal(left.channels.send(channel, text('early'), true, network.nowMs), 'closed');
    connect();
    for (const [content, isText] of [
      ['hello', true],
      ['bytes', false],
      ['', true],
      ['', false],
    ] as const) {
      assert.equal(left.channels.send(channel, text(content), isText, network.nowMs), 'accepted');
    }
    network.run(1000);
    assert.deepEqual(right.events.slice(-4), ['text 0 hello', 'binary 0 bytes', 'text 0 ', 'binary 0 ']);
    const [back] = right.opened;
    right.channels.send(back!, text('back'), true, network.nowMs);
    network.run(1000);
    assert.equal(left.events.at(-1), 'text 0 back');
    const counted = { messagesSent: 4, bytesSent: 10, messagesReceived: 1, bytesReceived: 4 };
    assert.deepEqual(channel.statistics, counted);
    assert.deepEqual(back?.statistics, {
      messagesSent: 1,
      bytesSent: 4,
      messagesReceived: 4,
      bytesReceived: 10,
    });
  });

  it('answer from within the listener', () => {
    const { network, left, right, connect } = channelPair();
    right.onMessage = (channel, bytes, isText) => {
      right.channels.send(channel, bytes, isText, network.nowMs);
      if (bytes[0] === 33) right.channels.close(channel, network.nowMs);
    };
    const channel = left.channels.open({}, network.nowMs)!;
    connect();
    left.channels.send(channel, text('echo'), true, network.nowMs);
    left.channels.send(channel, text('!'), true, network.nowMs);
    network.run(1000);
    assert.deepEqual(left.events.slice(-3), ['text 0 echo', 'text 0 !', 'close 0 ']);
    assert.deepEqual(right.events.at(-1), 'close 0 ');
  });

  it('work without a message when both applications know of them', () => {
    const { network, left, right, connect } = channelPair();
    const ours = left.channels.open({ label: 'l', negotiatedId: 1000 }, network.nowMs)!;
    right.channels.open({ label: 'r', negotiatedId: 1000 }, network.nowMs);
    assert.equal(left.channels.open({ negotiatedId: 1000 }, network.nowMs), undefined);
    assert.equal(left.channels.open({ negotiatedId: 65_535 }, network.nowMs), undefined);
    assert.equal(left.channels.open({ negotiatedId: 0.5 }, network.nowMs), undefined);
    assert.equal(left.channels.open({ maxRetransmits: 1, maxLifetimeMs: 1 }, network.nowMs), undefined);
    connect();
    left.channels.send(ours, text('x'), true, network.nowMs);
    network.run(1000);
    assert.deepEqual(left.events, ['connecting', 'connected', 'open 1000 l']);
    assert.deepEqual(right.events, ['connecting', 'connected', 'open 1000 r', 'text 1000 x']);
  });

  it('close on both sides, once, after what was sent before, and the stream can be used again', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { network, left, right, connect } = channelPair({ seed, lossPercent: 15, jitterMs: 40 });
      connect();
      for (const round of [0, 1, 2]) {
        const channel = left.channels.open({ label: `${round}` }, network.nowMs)!;
        network.run(20_000);
        for (let i = 0; i < 5; i++) left.channels.send(channel, text(`${i}`), true, network.nowMs);
        left.channels.close(channel, network.nowMs);
        left.channels.close(channel, network.nowMs);
        assert.equal(channel.state, 'closing');
        assert.equal(left.channels.send(channel, text('late'), true, network.nowMs), 'closed');
        network.run(60_000);
        assert.equal(channel.state, 'closed');
      }
      const rounds = [0, 1, 2].flatMap((round) => [`open 0 ${round}`, `close 0 ${round}`]);
      assert.deepEqual(left.events.slice(2), rounds, `seed ${seed}`);
      const messages = [0, 1, 2, 3, 4].map((i) => `text 0 ${i}`);
      const seen = [0, 1, 2].flatMap((round) => [`open 0 ${round}`, ...messages, `close 0 ${round}`]);
      assert.deepEqual(right.events.slice(2), seen, `seed ${seed}`);
      assert.deepEqual([left.channels.channels.length, right.channels.channels.length], [0, 0]);
    }
  });

  it('open again at once on the stream of a channel whose end one side has not heard of yet', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { network, left, right, connect } = channelPair({ seed, lossPercent: 20, jitterMs: 60 });
      connect();
      const echo =
        ({ channels }: typeof left) =>
        (channel: DataChannel, bytes: Uint8Array, isText: boolean) => {
          received.push(Buffer.from(bytes).toString());
          if (channels === right.channels) channels.send(channel, bytes, isText, network.nowMs);
        };
      const received: string[] = [];
      left.onMessage = echo(left);
      right.onMessage = echo(right);
      for (const round of [0, 1, 2, 3, 4]) {
        const channel = left.channels.open({ label: `${round}` }, network.nowMs)!;
        const message = text(`${round}`);
        assert.equal(channel.id, 0);
        while (left.channels.send(channel, message, true, network.nowMs) === 'full') network.run(50);
        network.run(60_000, () => received.filter((content) => content === `${round}`).length >= 1);
        // The side that did not open it closes it, so that the other may be the first to be done.
        right.channels.close(right.opened.at(-1)!, network.nowMs);
        network.run(60_000, () => channel.state === 'closed');
      }
      network.run(60_000);
      for (const { events } of [left, right]) {
        for (const round of [0, 1, 2, 3, 4]) {
          const own = events.filter((event) => event.endsWith(` 0 ${round}`));
          assert.deepEqual(own, [`open 0 ${round}`, `close 0 ${round}`], `seed ${seed}`);
        }
      }
      assert.deepEqual([...new Set(received)], ['0', '1', '2', '3', '4']);
      assert.deepEqual([left.channels.droppedMessages, right.channels.droppedMessages], [0, 0]);
    }
  });

  it('close when both sides want to at once, or before there is an association', () => {
    const { network, left, right, connect } = channelPair();
    const early = left.channels.open({ label: 'early' }, network.nowMs)!;
    left.channels.close(early, network.nowMs);
    assert.deepEqual([early.state, left.events], ['closed', ['close undefined early']]);
    const channel = left.channels.open({ label: 'a' }, network.nowMs)!;
    connect();
    network.run(100);
    left.channels.close(channel, network.nowMs);
    right.channels.close(right.opened[0]!, network.nowMs);
    network.run(5000);
    assert.deepEqual([left.events.at(-1), right.events.at(-1)], ['close 0 a', 'close 0 a']);
    assert.equal(right.events.filter((event) => event.startsWith('close')).length, 1);
  });

  it('close with the association, before its end is told', () => {
    const { network, left, right, connect } = channelPair();
    left.channels.open({ label: 'a' }, network.nowMs);
    connect();
    network.run(100);
    left.channels.abort();
    network.run(100);
    assert.deepEqual(left.events.slice(-2), ['close 0 a', 'closed']);
    assert.deepEqual(right.events.slice(-2), ['close 0 a', 'closed']);
    assert.equal(left.channels.open({}, network.nowMs), undefined);
    assert.equal(left.channels.nextTimeoutMs(), undefined);
  });

  it('send no longer messages than the peer accepts', () => {
    for (const [remoteMaxMessageBytes, length, result] of [
      [undefined, 65_536, 'accepted'],
      [undefined, 65_537, 'tooLarge'],
      [1000, 1000, 'accepted'],
      [1000, 1001, 'tooLarge'],
      [0, 250_000, 'accepted'],
    ] as const) {
      const settings = remoteMaxMessageBytes === undefined ? {} : { remoteMaxMessageBytes };
      const { network, left, right, connect } = channelPair({}, settings);
      const channel = left.channels.open({}, network.nowMs)!;
      connect();
      assert.equal(left.channels.send(channel, new Uint8Array(length), false, network.nowMs), result);
      network.run(5000);
      assert.equal(right.opened[0]?.statistics.bytesReceived, result === 'accepted' ? length : 0);
    }
  });

  it('are 1,024 at most; one more is refused by a reset', () => {
    const { network, left, right, connect } = channelPair();
    connect();
    let opened = 0;
    while (left.channels.open({ label: `${opened}` }, network.nowMs) !== undefined) opened++;
    assert.equal(opened, 1024);
    network.run(5000);
    assert.equal(right.channels.channels.length, 1024);
    for (const channel of left.channels.channels) left.channels.send(channel, text('x'), true, network.nowMs);
    network.run(5000);
    assert.ok(right.opened.every(({ statistics }) => statistics.messagesReceived === 1));

    const narrow = channelPair({}, { maxChannels: 2 });
    narrow.connect();
    for (const label of ['a', 'b']) narrow.left.channels.open({ label }, narrow.network.nowMs);
    narrow.right.channels.open({ label: 'c' }, narrow.network.nowMs);
    narrow.network.run(5000);
    const events = ({ events: all }: typeof left) => all.slice(2).toSorted();
    assert.deepEqual(events(narrow.left), ['close 2 b', 'open 0 a', 'open 2 b']);
    assert.deepEqual(events(narrow.right), ['close 1 c', 'open 0 a', 'open 1 c']);
  });

  it('keep unordered messages behind the opening one until the peer knows the channel', () => {
    const { network, left, right, connect } = channelPair({ jitterMs: 50, seed: 8 });
    connect();
    const channel = left.channels.open({ isOrdered: false }, network.nowMs)!;
    for (let i = 0; i < 20; i++) left.channels.send(channel, text(`${i}`), true, network.nowMs);
    network.run(5000);
    assert.deepEqual(
      right.events.slice(-20),
      Array.from({ length: 20 }, (_, i) => `text 0 ${i}`),
    );
    assert.equal(right.channels.droppedMessages, 0);
  });

  it('tell of low buffers and of room, and refuse what does not fit', () => {
    const { network, left, right, connect } = channelPair(
      { bitrateBps: 1_000_000 },
      { sendBufferBytes: 100_000 },
    );
    const channel = left.channels.open({}, network.nowMs)!;
    connect();
    network.run(1000);
    left.channels.setLowThreshold(channel, 30_000);
    let accepted = 0;
    while (left.channels.send(channel, new Uint8Array(20_000), false, network.nowMs) === 'accepted')
      accepted++;
    assert.equal(accepted, 5);
    assert.ok(left.channels.bufferedBytes(channel) > 90_000);
    network.run(20_000);
    assert.deepEqual(left.events.filter((event) => event === 'room' || event === 'low 0').toSorted(), [
      'low 0',
      'room',
    ]);
    assert.equal(right.opened[0]?.statistics.messagesReceived, 5);
    assert.equal(left.channels.bufferedBytes(channel), 0);
  });

  it('drop what belongs to no channel or has an unknown or deprecated kind', () => {
    const { network, right, left, connect } = channelPair();
    connect();
    const raw = left.channels.open({ negotiatedId: 20 }, network.nowMs)!;
    left.channels.send(raw, text('nobody knows'), true, network.nowMs);
    network.run(1000);
    assert.equal(right.channels.droppedMessages, 1);
    // An association without channels sends what DataChannels would not.
    const toOther: Uint8Array[] = [];
    const strict = new DataChannels({
      localPort: 5000,
      remotePort: 5000,
      randomBytes: startingWith(9, 9),
      hmacSha1,
      listener: { ...silent, onSend: (packet) => void toOther.push(packet.slice()) },
    });
    const fromOther: Uint8Array[] = [];
    const stranger = sctpPeer({}, (packet) => void fromOther.push(packet.slice()));
    const channel = strict.open({ negotiatedId: 5 }, 0)!;
    const pump = () => {
      while (toOther.length + fromOther.length > 0) {
        for (const packet of toOther.splice(0)) stranger.association.receive(packet, 0);
        for (const packet of fromOther.splice(0)) strict.receive(packet, 0);
      }
    };
    stranger.association.connect(0);
    pump();
    for (const protocol of [0, 49, 52, 54, 55, 58, 50]) {
      stranger.association.send(5, protocol, text('x'), {}, 0);
      pump();
    }
    assert.equal(strict.droppedMessages, 7);
    assert.equal(channel.statistics.messagesReceived, 0);
    stranger.association.send(5, 53, text('x'), {}, 0);
    pump();
    assert.equal(channel.statistics.messagesReceived, 1);
  });

  it('deliver everything in order on reliable channels, and keep unreliable ones going, under 20 % loss', () => {
    const { network, left, right, connect } = channelPair({
      seed: 11,
      lossPercent: 20,
      duplicatePercent: 5,
      jitterMs: 20,
    });
    const reliable = left.channels.open({ label: 'reliable' }, network.nowMs)!;
    const partial = left.channels.open(
      { label: 'partial', isOrdered: false, maxRetransmits: 0 },
      network.nowMs,
    )!;
    connect();
    network.run(20_000);
    const got = { reliable: [] as number[], partial: [] as number[] };
    right.onMessage = ({ parameters }, bytes) => {
      got[parameters.label === 'reliable' ? 'reliable' : 'partial'].push(numberOf({ bytes }));
    };
    for (let i = 0; i < 100; i++) {
      left.channels.send(reliable, numbered(i, 1500), false, network.nowMs);
      left.channels.send(partial, numbered(i, 100), false, network.nowMs);
      network.run(100);
    }
    network.run(300_000, () => got.reliable.length === 100);
    assert.deepEqual(
      got.reliable,
      Array.from({ length: 100 }, (_, i) => i),
    );
    assert.equal(new Set(got.partial).size, got.partial.length);
    assert.ok(got.partial.length > 50 && got.partial.length < 100, `${got.partial.length}`);
  });
});
