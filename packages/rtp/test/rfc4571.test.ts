/**
 * Framing of packets on byte streams.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FrameReader, FrameWriter, longestFramedPacket } from '../src/rfc4571.ts';

/** An outlet that keeps everything, and says that `waiting` bytes are still there. */
function createOutlet(): { writes: Uint8Array[]; waiting: number; all(): Uint8Array } & {
  waitingBytes(): number;
  write(bytes: Uint8Array): void;
} {
  return {
    writes: [],
    waiting: 0,
    waitingBytes() {
      return this.waiting;
    },
    write(bytes) {
      this.writes.push(bytes);
    },
    all() {
      return new Uint8Array(this.writes.flatMap((bytes) => [...bytes]));
    },
  };
}

function frame(packets: readonly Uint8Array[]): Uint8Array {
  const outlet = createOutlet();
  const writer = new FrameWriter(outlet, Number.POSITIVE_INFINITY);
  for (const packet of packets) writer.add(packet);
  writer.flush();
  return outlet.all();
}

/** What a reader makes of a stream that arrives in pieces cut at `cuts`. */
function readInPieces(stream: Uint8Array, cuts: readonly number[]): number[][] {
  const packets: number[][] = [];
  const reader = new FrameReader((packet) => packets.push([...packet]));
  let at = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), stream.length]) {
    reader.push(stream.subarray(at, cut));
    at = cut;
  }
  return packets;
}

describe('FrameWriter', () => {
  it('puts the length before each packet, high byte first', () => {
    const [short, long] = [new Uint8Array([1, 2, 3]), new Uint8Array(0x0102)];
    const stream = frame([short, long]);
    assert.deepEqual([...stream.subarray(0, 7)], [0, 3, 1, 2, 3, 1, 2]);
    assert.equal(stream.length, 2 + 3 + 2 + 0x0102);
  });

  it('writes all packets since the last flush at once, and nothing when there are none', () => {
    const outlet = createOutlet();
    const writer = new FrameWriter(outlet, 1000);
    writer.flush();
    writer.add(new Uint8Array(4));
    writer.add(new Uint8Array(5));
    assert.equal(outlet.writes.length, 0);
    writer.flush();
    writer.flush();
    assert.deepEqual(
      outlet.writes.map((bytes) => bytes.length),
      [13],
    );
  });

  it('drops whole packets when too much waits, and goes on when it has left', () => {
    const outlet = createOutlet();
    const writer = new FrameWriter(outlet, 100);
    outlet.waiting = 60;
    assert.equal(writer.add(new Uint8Array(30)), true);
    assert.equal(writer.add(new Uint8Array(7)), false);
    assert.equal(writer.add(new Uint8Array(6)), true);
    assert.equal(writer.dropped, 1);
    writer.flush();
    outlet.waiting = 0;
    assert.equal(writer.add(new Uint8Array(98)), true);
    writer.flush();
    assert.deepEqual(
      readInPieces(outlet.all(), []).map((packet) => packet.length),
      [30, 6, 98],
    );
  });

  it('keeps what was written apart from what comes next', () => {
    const outlet = createOutlet();
    const writer = new FrameWriter(outlet, 1000);
    writer.add(new Uint8Array([1]));
    writer.flush();
    writer.add(new Uint8Array([2]));
    writer.flush();
    assert.deepEqual([...outlet.all()], [0, 1, 1, 0, 1, 2]);
  });

  it('refuses a packet that the length field cannot tell', () => {
    const writer = new FrameWriter(createOutlet(), Number.POSITIVE_INFINITY);
    assert.equal(writer.add(new Uint8Array(longestFramedPacket)), true);
    assert.throws(() => writer.add(new Uint8Array(longestFramedPacket + 1)), RangeError);
  });
});

describe('FrameReader', () => {
  const packets = [new Uint8Array([7]), new Uint8Array(300).fill(8), new Uint8Array([9, 10])];
  const stream = frame(packets);

  it('finds the packets wherever the stream is cut, once', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      assert.deepEqual(
        readInPieces(stream, [cut]),
        packets.map((packet) => [...packet]),
        `cut at ${cut}`,
      );
    }
  });

  it('finds the packets byte by byte', () => {
    const everywhere = Array.from({ length: stream.length }, (_, i) => i);
    assert.deepEqual(
      readInPieces(stream, everywhere),
      packets.map((packet) => [...packet]),
    );
  });

  it('skips empty frames', () => {
    assert.deepEqual(readInPieces(new Uint8Array([0, 0, 0, 1, 5, 0, 0]), [1, 3]), [[5]]);
  });

  it('finds the longest packet', () => {
    const longest = new Uint8Array(longestFramedPacket).fill(3);
    const found = readInPieces(frame([longest, new Uint8Array([1])]), [1, 2, 3, 40_000]);
    assert.deepEqual(
      found.map((packet) => packet.length),
      [longestFramedPacket, 1],
    );
  });

  it('gives back any packets through any cuts', () => {
    const anyPackets = fc.array(fc.uint8Array({ minLength: 1, maxLength: 2000 }), { maxLength: 20 });
    fc.assert(
      fc.property(anyPackets, fc.array(fc.nat(60_000), { maxLength: 20 }), (sent, positions) => {
        const bytes = frame(sent);
        const cuts = positions.map((position) => position % (bytes.length + 1));
        assert.deepEqual(
          readInPieces(bytes, cuts),
          sent.map((packet) => [...packet]),
        );
      }),
    );
  });

  it('never throws and never keeps more than a frame, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 40 }), (chunks) => {
        const reader = new FrameReader(() => undefined);
        for (const chunk of chunks) {
          reader.push(chunk);
          assert.ok(reader.pendingBytes < 2 + longestFramedPacket);
        }
      }),
    );
  });
});
