/**
 * Asks an idle peer whether it is there (RFC 9260 section 8.3).
 * @module
 */
import { type PacketWriter, serializeParameter } from './PacketWriter.ts';
import { parseParameters } from './parsePacket.ts';
import type { RetransmissionTimeout } from './RetransmissionTimeout.ts';
import { ChunkType, ParameterType } from './sctpFormat.ts';

/** RFC 9260 section 16: HB.interval. Without jitter: an association has one path, and DTLS a clock of its own. */
const INTERVAL_MS = 30_000;

/** Sends a HEARTBEAT every 30 s, and measures the round trip. */
export class Heartbeat {
  /** Heartbeats without answer, in a row. */
  errors = 0;
  readonly #writer: PacketWriter;
  readonly #timeout: RetransmissionTimeout;
  #dueMs: number;
  /** When the one that is not answered yet was sent. */
  #sentMs: number | undefined;

  /** The first is due in 30 s. */
  constructor(writer: PacketWriter, timeout: RetransmissionTimeout, nowMs: number) {
    this.#writer = writer;
    this.#timeout = timeout;
    this.#dueMs = nowMs + INTERVAL_MS;
  }

  /** When `handleTimeout` is due. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Sends a heartbeat, if it is due and `isIdle`: data that is acknowledged says as much. */
  handleTimeout(nowMs: number, isIdle: boolean): void {
    if (nowMs < this.#dueMs) return;
    if (this.#sentMs !== undefined) this.errors++;
    this.#sentMs = undefined;
    this.#dueMs = nowMs + INTERVAL_MS + this.#timeout.timeoutMs;
    if (!isIdle) return;
    this.#sentMs = nowMs;
    const info = new Uint8Array(8);
    new DataView(info.buffer).setFloat64(0, nowMs);
    this.#writer.append(ChunkType.heartbeat, 0, serializeParameter(ParameterType.heartbeatInfo, info));
  }

  /** Takes the value of a HEARTBEAT ACK chunk. Answers to others than the last heartbeat are dropped. */
  handleAck(value: DataView, nowMs: number): boolean {
    const info = parseParameters(value, 0)?.[0];
    if (info?.type !== ParameterType.heartbeatInfo || info.value.byteLength !== 8) return false;
    if (this.#sentMs === undefined || info.value.getFloat64(0) !== this.#sentMs) return false;
    this.#timeout.measure(nowMs - this.#sentMs);
    this.#sentMs = undefined;
    this.errors = 0;
    return true;
  }
}
