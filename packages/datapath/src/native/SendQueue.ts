/**
 * Outgoing datagrams of one socket, gathered for one `sendmmsg`.
 *
 * Datagrams are written one behind the other into one buffer. Consecutive ones of equal size to the same receiver
 * become one message that the kernel cuts up (UDP generic segmentation offload, `UDP_SEGMENT`): a burst of ten
 * packets then walks through the network stack once.
 * @module
 */
import type { SetUpMemory } from '../Arena.ts';
import { largestDatagramBytes } from '../DatagramSocket.ts';
import { Errno, lastErrno } from './errno.ts';
import { type Libc, Socket } from './libc.ts';
import { addressOf } from './library.ts';
import {
  controlBytes,
  Message,
  messageBytes,
  Vector,
  vectorBytes,
  writeAddress,
  writeControlHead,
} from './messageHeader.ts';
import type { SocketAddressFormat } from './RemoteAddressTable.ts';
import { socketAddressSlotBytes } from './RemoteAddressTable.ts';

const queueMessages = 128;
/**
 * About what 128 single datagrams need. Bursts leave in several calls: more would not be cheaper (measured up to 1 MiB),
 * and the first viewers would wait longer.
 */
const bufferBytes = queueMessages * 1024;
/** Limits of one segmented message: UDP_MAX_SEGMENTS of older kernels, and an IP packet with headers. */
const maxSegments = 64;
const maxMessageBytes = 65_000;
/** Both control messages of a message, padded so that none crosses a 4 GiB boundary. */
const controlSlotBytes = 64;
const segmentData = 4;

/** What a queue has counted. */
export interface SendCounters {
  /** Datagrams handed over. */
  sent: number;
  /** Datagrams for which the kernel had no room. */
  dropped: number;
  /** Datagrams that the kernel refused. */
  refused: number;
}

/** Whether the kernel takes segmented messages. Shared by the sockets of a process: off once is off for good. */
export interface Segmentation {
  /** False once the kernel has refused. */
  enabled: boolean;
}

/** The send queue of one socket. */
export class SendQueue {
  /** Datagrams handed over, dropped for want of room, and refused. */
  readonly counters: SendCounters = { sent: 0, dropped: 0, refused: 0 };
  readonly #libc: Libc;
  readonly #descriptor: number;
  readonly #segmentation: Segmentation;
  readonly #words: Uint32Array;
  readonly #base: number;
  readonly #baseLow: number;
  readonly #baseHigh: number;
  /** Offsets of the arrays; slot `queueMessages` of each is for datagrams that are cut up by hand. */
  readonly #messages: number;
  readonly #vectors: number;
  readonly #controls: number;
  readonly #names: number;
  readonly #buffer: number;
  readonly #nameBytes: number;
  /** Datagrams in each message. */
  readonly #segments = new Uint8Array(queueMessages);
  #count = 0;
  #tail: number;
  /** The last message, as long as it may be extended: offset of its receiver's `sockaddr`, else -1. */
  #openName = -1;
  #openSegmentBytes = 0;
  #openBytes = 0;

  /** A queue of a socket of `family` with the given descriptor. */
  constructor(
    arena: SetUpMemory,
    libc: Libc,
    descriptor: number,
    family: 4 | 6,
    format: SocketAddressFormat,
    segmentation: Segmentation,
  ) {
    this.#libc = libc;
    this.#descriptor = descriptor;
    this.#segmentation = segmentation;
    this.#words = new Uint32Array(arena.bytes.buffer);
    this.#base = addressOf(arena.bytes);
    this.#baseLow = this.#base % 4294967296;
    this.#baseHigh = Math.floor(this.#base / 4294967296);
    const slots = queueMessages + 1;
    this.#messages = arena.reserve(slots * messageBytes);
    this.#vectors = arena.reserve(slots * vectorBytes);
    this.#controls = arena.reserve(slots * controlSlotBytes);
    this.#names = arena.reserve(slots * socketAddressSlotBytes);
    this.#buffer = arena.reserve(bufferBytes + largestDatagramBytes);
    this.#tail = this.#buffer;
    this.#nameBytes = format.sizeBytes;
    for (let i = 0; i < slots; i++) this.#prepare(i, family);
  }

  /** Offset of a `sockaddr` for the next message, for a receiver that is not interned. Use right before `append`. */
  get temporaryName(): number {
    return this.#names + this.#count * socketAddressSlotBytes;
  }

  /** Offset at which the next datagram is to be written. Makes room first, if need be. */
  reserve(): number {
    if (this.#count === queueMessages || this.#tail > this.#buffer + bufferBytes) this.flush();
    return this.#tail;
  }

  /** Queues `length` bytes at the offset that `reserve` gave, for the receiver whose `sockaddr` stands at `name`. */
  append(length: number, name: number, trafficClass: number): void {
    if (name === this.#openName && this.#extend(length)) return;
    const slot = this.#count++;
    const words = this.#words;
    const message = (this.#messages + slot * messageBytes) >> 2;
    const vector = (this.#vectors + slot * vectorBytes) >> 2;
    this.#writeOffset(message + Message.name, name);
    this.#writeOffset(vector + Vector.base, this.#tail);
    words[vector + Vector.length] = length;
    this.#writeControl(message, slot, trafficClass);
    this.#segments[slot] = 1;
    this.#tail += length;
    this.#openName = this.#segmentation.enabled ? name : -1;
    this.#openSegmentBytes = length;
    this.#openBytes = length;
  }

  /** Hands everything queued to the kernel. */
  flush(): void {
    const count = this.#count;
    let done = 0;
    while (done < count) {
      const messages = this.#base + this.#messages + done * messageBytes;
      const sent = this.#libc.sendmmsg(this.#descriptor, messages, count - done, Socket.MSG_DONTWAIT);
      if (sent > 0) {
        for (let i = done; i < done + sent; i++) this.counters.sent += this.#segments[i] ?? 0;
        done += sent;
      } else done = this.#handleFailure(done);
    }
    this.#count = 0;
    this.#tail = this.#buffer;
    this.#openName = -1;
  }

  /** Adds a datagram to the last message, if the kernel can still cut it up: only the last may be shorter. */
  #extend(length: number): boolean {
    const slot = this.#count - 1;
    const segments = this.#segments[slot] ?? 0;
    const bytes = this.#openBytes + length;
    if (length > this.#openSegmentBytes || segments === maxSegments || bytes > maxMessageBytes) return false;
    const words = this.#words;
    words[((this.#vectors + slot * vectorBytes) >> 2) + Vector.length] = bytes;
    if (segments === 1) this.#addSegmentControl(slot);
    this.#segments[slot] = segments + 1;
    this.#openBytes = bytes;
    this.#tail += length;
    if (length < this.#openSegmentBytes) this.#openName = -1;
    return true;
  }

  /** Where the first message of the rest stands after `sendmmsg` failed on message `done`. */
  #handleFailure(done: number): number {
    const errno = lastErrno();
    const segments = this.#segments[done] ?? 0;
    if (errno === Errno.EINTR) return done;
    if (errno === Errno.EAGAIN || errno === Errno.ENOBUFS) {
      // A full buffer stays full for longer than packets are worth: drop everything, as the network would.
      for (let i = done; i < this.#count; i++) this.counters.dropped += this.#segments[i] ?? 0;
      return this.#count;
    }
    if (segments > 1 && isSegmentationRefused(errno)) {
      // EMSGSIZE is this path's MTU; the others mean that the kernel or the device cannot do it at all.
      if (errno !== Errno.EMSGSIZE) this.#segmentation.enabled = false;
      this.#sendSegments(done);
    } else this.counters.refused += segments;
    return done + 1;
  }

  /** Sends the datagrams of one segmented message one by one. */
  #sendSegments(slot: number): void {
    const words = this.#words;
    const from = (this.#messages + slot * messageBytes) >> 2;
    const to = (this.#messages + queueMessages * messageBytes) >> 2;
    const vector = (this.#vectors + slot * vectorBytes) >> 2;
    const single = (this.#vectors + queueMessages * vectorBytes) >> 2;
    const segmentBytes = this.#words[((this.#controls + slot * controlSlotBytes) >> 2) + segmentData] ?? 1;
    const totalBytes = words[vector + Vector.length] ?? 0;
    const low = words[vector + Vector.base] ?? 0;
    const start = (words[vector + Vector.base + 1] ?? 0) * 4294967296 + low;
    words.copyWithin(to, from, from + Message.vector);
    words[to + Message.controlLength] = 0;
    for (let offset = 0; offset < totalBytes; offset += segmentBytes) {
      writeAddress(words, single + Vector.base, start + offset);
      words[single + Vector.length] = Math.min(segmentBytes, totalBytes - offset);
      const sent = this.#libc.sendmmsg(this.#descriptor, this.#base + to * 4, 1, Socket.MSG_DONTWAIT);
      if (sent === 1) this.counters.sent++;
      else this.counters.refused++;
    }
  }

  /** The control messages of a slot: first the segment size, then the traffic class. Either may be left out. */
  #writeControl(message: number, slot: number, trafficClass: number): void {
    const words = this.#words;
    const control = this.#controls + slot * controlSlotBytes;
    if (trafficClass === 0) {
      this.#writeOffset(message + Message.control, control);
      words[message + Message.controlLength] = 0;
      return;
    }
    this.#writeOffset(message + Message.control, control + controlBytes);
    words[message + Message.controlLength] = controlBytes;
    words[((control + controlBytes) >> 2) + segmentData] = trafficClass;
  }

  #addSegmentControl(slot: number): void {
    const words = this.#words;
    const message = (this.#messages + slot * messageBytes) >> 2;
    const control = this.#controls + slot * controlSlotBytes;
    this.#writeOffset(message + Message.control, control);
    words[message + Message.controlLength] = (words[message + Message.controlLength] ?? 0) + controlBytes;
    words[(control >> 2) + segmentData] = this.#openSegmentBytes;
  }

  #writeOffset(index: number, offset: number): void {
    const low = this.#baseLow + offset;
    this.#words[index] = low;
    this.#words[index + 1] = low >= 4294967296 ? this.#baseHigh + 1 : this.#baseHigh;
  }

  #prepare(slot: number, family: 4 | 6): void {
    const words = this.#words;
    const message = (this.#messages + slot * messageBytes) >> 2;
    const control = (this.#controls + slot * controlSlotBytes) >> 2;
    words[message + Message.nameLength] = this.#nameBytes;
    writeAddress(words, message + Message.vector, this.#base + this.#vectors + slot * vectorBytes);
    words[message + Message.vectorCount] = 1;
    writeControlHead(words, control, Socket.SOL_UDP, Socket.UDP_SEGMENT, 2);
    const level = family === 4 ? Socket.IPPROTO_IP : Socket.IPPROTO_IPV6;
    const type = family === 4 ? Socket.IP_TOS : Socket.IPV6_TCLASS;
    writeControlHead(words, control + controlBytes / 4, level, type, 4);
  }
}

function isSegmentationRefused(errno: number): boolean {
  return errno === Errno.EINVAL || errno === Errno.EIO || errno === Errno.EMSGSIZE;
}
