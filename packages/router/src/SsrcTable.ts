/**
 * Finds the producer of a packet: by announced SSRC, else by mid, else by a payload type that only one producer has.
 * RFC 8843 section 9.2.
 * @module
 */
import {
  findHeaderExtension,
  headerExtensionLength,
  type PacketMemory,
  readMid,
  readPayloadType,
} from '@rivero/rtp';
import type { ProduceParameters } from './parameters.ts';

interface Entry<T> {
  readonly parameters: ProduceParameters;
  readonly producer: T;
  /** The SSRC that was learnt from a packet; at most one is kept, so that the table is bounded. */
  learnt: number | undefined;
}

/** The producers of one session. `T` is whatever stands for a producer. */
export class SsrcTable<T> {
  readonly #entries: Entry<T>[] = [];
  readonly #bySsrc = new Map<number, Entry<T>>();

  /** SSRCs known now: the announced ones, and at most one more per producer. */
  get size(): number {
    return this.#bySsrc.size;
  }

  /** Adds a producer. An SSRC that another one has announced already stays with that one. */
  add(parameters: ProduceParameters, producer: T): void {
    const entry: Entry<T> = { parameters, producer, learnt: undefined };
    this.#entries.push(entry);
    for (const ssrc of parameters.ssrcs) {
      if (!this.#bySsrc.has(ssrc)) this.#bySsrc.set(ssrc, entry);
    }
  }

  /** Removes a producer with all its SSRCs. */
  remove(producer: T): void {
    const index = this.#entries.findIndex((entry) => entry.producer === producer);
    const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
    if (entry === undefined) return;
    for (const [ssrc, owner] of this.#bySsrc) if (owner === entry) this.#bySsrc.delete(ssrc);
  }

  /** The producer of SSRC `ssrc`, if it is known. */
  bySsrc(ssrc: number): T | undefined {
    return this.#bySsrc.get(ssrc)?.producer;
  }

  /** The producer of the packet at `at`, whose header was accepted. Remembers what it learns. */
  find(memory: PacketMemory, at: number, headerLength: number, ssrc: number): T | undefined {
    const known = this.#bySsrc.get(ssrc);
    if (known !== undefined) return known.producer;
    const mid = this.#midOf(memory, at, headerLength);
    // A packet that names a section is never taken for another one's, as RFC 8843 wants.
    const entry = mid === undefined ? this.#byPayloadType(readPayloadType(memory, at)) : this.#byMid(mid);
    if (entry === undefined) return undefined;
    if (entry.learnt !== undefined) this.#bySsrc.delete(entry.learnt);
    entry.learnt = ssrc;
    this.#bySsrc.set(ssrc, entry);
    return entry.producer;
  }

  /** The mid that the packet carries, if any producer has agreed on such an extension. */
  #midOf(memory: PacketMemory, at: number, headerLength: number): string | undefined {
    for (const { parameters } of this.#entries) {
      const id = parameters.extensions.mid ?? 0;
      const dataAt = id === 0 ? -1 : findHeaderExtension(memory, at, headerLength, id);
      if (dataAt >= 0) return readMid(memory, dataAt, headerExtensionLength(memory, at, dataAt));
    }
    return undefined;
  }

  #byMid(mid: string): Entry<T> | undefined {
    return this.#entries.find(({ parameters }) => parameters.mid === mid);
  }

  #byPayloadType(payloadType: number): Entry<T> | undefined {
    let found: Entry<T> | undefined;
    for (const entry of this.#entries) {
      if (!entry.parameters.codecs.some((codec) => codec.payloadType === payloadType)) continue;
      if (found !== undefined) return undefined;
      found = entry;
    }
    return found;
  }
}
