/**
 * Makes messages of the fragments of I-DATA chunks, which name their message and their place in it (RFC 8260).
 * @module
 */
import { OVERHEAD_BYTES } from './InboundStreams.ts';
import { concatenate } from './PacketWriter.ts';
import { type InboundFragment, type Reassembly, type WholeMessage, wholeOf } from './Reassembly.ts';

interface Partial {
  readonly sequence: number;
  readonly parts: Map<number, Uint8Array>;
  payloadProtocol: number;
  bytes: number;
  /** Number of the last fragment, once it has arrived. */
  last: number;
}

/** Collects fragments of I-DATA chunks. */
export class InterleavedReassembly implements Reassembly {
  waitingBytes = 0;
  longestBytes = 0;
  /** By stream and kind, then by MID. */
  readonly #kinds = new Map<number, Map<number, Partial>>();

  add(fragment: InboundFragment): WholeMessage | undefined {
    const { streamId, isUnordered, sequence, isFirst, isLast, fragmentNumber, payload } = fragment;
    if (isFirst && isLast) return wholeOf(fragment);
    const partial = this.#partial(streamId, isUnordered, sequence);
    const number = isFirst ? 0 : fragmentNumber;
    if (partial.parts.has(number) || number > partial.last) return undefined;
    partial.parts.set(number, payload.slice());
    partial.bytes += payload.length;
    this.waitingBytes += payload.length + OVERHEAD_BYTES;
    this.longestBytes = Math.max(this.longestBytes, partial.bytes);
    if (isFirst) partial.payloadProtocol = fragment.payloadProtocol;
    if (isLast) partial.last = number;
    if (partial.parts.size !== partial.last + 1) return undefined;
    return this.#finish(streamId, isUnordered, partial);
  }

  /** TSNs say nothing here: the messages are named by `skipMessages`. */
  skipTo(): void {}

  skipMessages(streamId: number, isUnordered: boolean, sequence: number): void {
    const key = keyOf(streamId, isUnordered);
    for (const partial of this.#kinds.get(key)?.values() ?? []) {
      if (((partial.sequence - sequence) | 0) <= 0) this.#drop(key, partial);
    }
  }

  reset(streamIds: readonly number[]): void {
    for (const [key, partials] of this.#kinds) {
      if (streamIds.length > 0 && !streamIds.includes(key >> 1)) continue;
      for (const partial of partials.values()) this.#drop(key, partial);
    }
  }

  #partial(streamId: number, isUnordered: boolean, sequence: number): Partial {
    const key = keyOf(streamId, isUnordered);
    let partials = this.#kinds.get(key);
    if (partials === undefined) this.#kinds.set(key, (partials = new Map()));
    let partial = partials.get(sequence);
    if (partial === undefined) {
      const last = Number.POSITIVE_INFINITY;
      partial = { sequence, parts: new Map(), payloadProtocol: 0, bytes: 0, last };
      partials.set(sequence, partial);
    }
    return partial;
  }

  /** There are as many fragments as the last one says. Numbers beyond the last are the peer's mistake: left out. */
  #finish(streamId: number, isUnordered: boolean, partial: Partial): WholeMessage {
    const { sequence, payloadProtocol } = partial;
    const parts: Uint8Array[] = [];
    for (let number = 0; number <= partial.last; number++) {
      const part = partial.parts.get(number);
      if (part !== undefined) parts.push(part);
    }
    this.#drop(keyOf(streamId, isUnordered), partial);
    return { streamId, isUnordered, sequence, payloadProtocol, bytes: concatenate(parts) };
  }

  #drop(key: number, partial: Partial): void {
    const partials = this.#kinds.get(key);
    partials?.delete(partial.sequence);
    if (partials?.size === 0) this.#kinds.delete(key);
    this.waitingBytes -= partial.bytes + OVERHEAD_BYTES * partial.parts.size;
  }
}

function keyOf(streamId: number, isUnordered: boolean): number {
  return streamId * 2 + Number(isUnordered);
}
