/**
 * Makes messages of fragments that come in any order.
 * @module
 */
import { OVERHEAD_BYTES } from './InboundStreams.ts';
import { concatenate } from './PacketWriter.ts';

/** A fragment of a DATA or I-DATA chunk. */
export interface InboundFragment {
  /** Its TSN, not wrapped. */
  readonly tsn: number;
  /** Stream identifier. */
  readonly streamId: number;
  /** True for unordered messages. */
  readonly isUnordered: boolean;
  /** True for the first fragment of a message. */
  readonly isFirst: boolean;
  /** True for the last fragment of a message. */
  readonly isLast: boolean;
  /** SSN or MID as on the wire. */
  readonly sequence: number;
  /** With I-DATA: number of the fragment in its message, from 0. */
  readonly fragmentNumber: number;
  /** Payload protocol identifier; with I-DATA only the first fragment has it. */
  readonly payloadProtocol: number;
  /** The bytes; a view into the packet. */
  readonly payload: Uint8Array;
}

/** The fragments of one message. */
export interface WholeMessage {
  /** Stream identifier. */
  readonly streamId: number;
  /** True for unordered messages. */
  readonly isUnordered: boolean;
  /** SSN or MID as on the wire. */
  readonly sequence: number;
  /** Payload protocol identifier. */
  readonly payloadProtocol: number;
  /** All the bytes, in memory of their own. */
  readonly bytes: Uint8Array;
}

/** Collects fragments. */
export interface Reassembly {
  /** Bytes of fragments that wait for others, with overhead. */
  readonly waitingBytes: number;
  /** Bytes of the longest message that was ever seen, whole or not; for the limit of message sizes. */
  readonly longestBytes: number;
  /** Adds a fragment that has not come before; a copy is kept. Returns the message if it is whole now. */
  add(fragment: InboundFragment): WholeMessage | undefined;
  /** Drops fragments up to this TSN, not wrapped. */
  skipTo(tsn: number): void;
  /** Drops fragments of a message, with all before it of the same kind in its stream. Only with I-DATA. */
  skipMessages(streamId: number, isUnordered: boolean, sequence: number): void;
  /** Drops fragments of these streams, or of all. */
  reset(streamIds: readonly number[]): void;
}

/** A message of a single fragment. */
export function wholeOf(fragment: InboundFragment): WholeMessage {
  const { streamId, isUnordered, sequence, payloadProtocol, payload } = fragment;
  return { streamId, isUnordered, sequence, payloadProtocol, bytes: payload.slice() };
}

/** Fragments of one message with consecutive TSNs. */
interface Run {
  readonly streamId: number;
  readonly isUnordered: boolean;
  readonly sequence: number;
  readonly payloadProtocol: number;
  first: number;
  last: number;
  hasFirst: boolean;
  hasLast: boolean;
  bytes: number;
  parts: Uint8Array[];
}

/** Of DATA chunks (RFC 9260): the fragments of a message have TSNs that follow each other. */
export class DataReassembly implements Reassembly {
  waitingBytes = 0;
  longestBytes = 0;
  readonly #byFirst = new Map<number, Run>();
  readonly #byLast = new Map<number, Run>();

  add(fragment: InboundFragment): WholeMessage | undefined {
    const { tsn, payload, isFirst, isLast, streamId, isUnordered, sequence, payloadProtocol } = fragment;
    if (isFirst && isLast) return wholeOf(fragment);
    const fields = { streamId, isUnordered, sequence, payloadProtocol, bytes: payload.length };
    let run: Run = {
      ...fields,
      first: tsn,
      last: tsn,
      hasFirst: isFirst,
      hasLast: isLast,
      parts: [payload.slice()],
    };
    this.waitingBytes += payload.length + OVERHEAD_BYTES;
    const before = this.#byLast.get(tsn - 1);
    if (before !== undefined && canJoin(before, run)) run = this.#join(before, run);
    const behind = this.#byFirst.get(tsn + 1);
    if (behind !== undefined && canJoin(run, behind)) run = this.#join(run, behind);
    this.longestBytes = Math.max(this.longestBytes, run.bytes);
    if (run.hasFirst && run.hasLast) return this.#finish(run);
    this.#byFirst.set(run.first, run);
    this.#byLast.set(run.last, run);
    return undefined;
  }

  skipTo(tsn: number): void {
    for (const run of this.#byFirst.values()) if (run.first <= tsn) this.#drop(run);
  }

  skipMessages(): void {}

  reset(streamIds: readonly number[]): void {
    for (const run of this.#byFirst.values()) {
      if (streamIds.length === 0 || streamIds.includes(run.streamId)) this.#drop(run);
    }
  }

  /** Adds `right` to `left`; neither is in the tables afterwards. */
  #join(left: Run, right: Run): Run {
    this.#forget(left);
    this.#forget(right);
    left.last = right.last;
    left.hasLast = right.hasLast;
    left.bytes += right.bytes;
    for (const part of right.parts) left.parts.push(part);
    return left;
  }

  #finish(run: Run): WholeMessage {
    this.waitingBytes -= run.bytes + OVERHEAD_BYTES * run.parts.length;
    const { streamId, isUnordered, sequence, payloadProtocol, parts } = run;
    return { streamId, isUnordered, sequence, payloadProtocol, bytes: concatenate(parts) };
  }

  #drop(run: Run): void {
    this.#forget(run);
    this.waitingBytes -= run.bytes + OVERHEAD_BYTES * run.parts.length;
  }

  #forget(run: Run): void {
    if (this.#byFirst.get(run.first) === run) this.#byFirst.delete(run.first);
    if (this.#byLast.get(run.last) === run) this.#byLast.delete(run.last);
  }
}

/** True if `b` goes on where `a` ends; their TSNs say so. */
function canJoin(a: Run, b: Run): boolean {
  if (a.hasLast || b.hasFirst) return false;
  return a.streamId === b.streamId && a.isUnordered === b.isUnordered && a.sequence === b.sequence;
}
