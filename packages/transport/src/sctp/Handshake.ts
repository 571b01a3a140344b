/**
 * How an association begins (RFC 9260 section 5), both sides at once included.
 * @module
 */
import type { HmacSha1, RandomBytes } from '../crypto.ts';
import { type InitFields, parseInit, type SctpCapabilities, serializeInit } from './initChunk.ts';
import type { PacketWriter } from './PacketWriter.ts';
import { bytesOf } from './parsePacket.ts';
import { BackoffTimer } from './RetransmissionTimeout.ts';
import { type CookieContent, StateCookie } from './StateCookie.ts';
import { ChunkType } from './sctpFormat.ts';

/** RFC 8831 section 6.2: all the streams there are. */
const STREAMS = 65_535;
/** RFC 9260 section 16: Max.Init.Retransmits. */
const MAX_RETRANSMITS = 8;
/** RFC 9260 section 3.3.2: a peer with a smaller window cannot take a packet. */
const MIN_WINDOW_BYTES = 1500;
const NOTHING = new Uint8Array(0);

/** What a handshake needs. */
export interface HandshakeOptions {
  /** For tag, TSN and the key of cookies. */
  readonly randomBytes: RandomBytes;
  /** Authenticates cookies. */
  readonly hmacSha1: HmacSha1;
  /** Our receive window, bytes. */
  readonly windowBytes: number;
  /** What we can do. */
  readonly capabilities: SctpCapabilities;
  /** Both sides agree on this now. The handshake answers afterwards. */
  readonly onEstablished: (content: CookieContent, nowMs: number) => void;
  /** The peer does not answer. */
  readonly onFailed: () => void;
}

/** The four-way handshake, as client, server or both. */
export class Handshake {
  /** Our verification tag, not zero. */
  readonly localTag: number;
  /** The peer's verification tag; 0 until it is known. */
  remoteTag = 0;
  readonly #options: HandshakeOptions;
  readonly #writer: PacketWriter;
  readonly #initialTsn: number;
  readonly #cookies: StateCookie;
  readonly #timer = new BackoffTimer();
  #state: 'idle' | 'cookieWait' | 'cookieEchoed' | 'done' = 'idle';
  /** In state `cookieEchoed`: what INIT ACK said, and the cookie it came with. */
  #agreement: { readonly content: CookieContent; readonly cookie: Uint8Array } | undefined;

  /** Sends nothing yet. */
  constructor(writer: PacketWriter, options: HandshakeOptions) {
    const { randomBytes, hmacSha1 } = options;
    const random = randomBytes(28);
    const view = new DataView(random.buffer, random.byteOffset, random.length);
    this.#writer = writer;
    this.#options = options;
    this.localTag = view.getUint32(0) || 1;
    this.#initialTsn = view.getUint32(4);
    this.#cookies = new StateCookie(random.slice(8), hmacSha1);
  }

  /** When `handleTimeout` is due; Infinity if not. */
  get dueMs(): number {
    return this.#timer.dueMs;
  }

  /** Sends INIT, unless the handshake is under way. */
  start(nowMs: number, timeoutMs: number): void {
    if (this.#state !== 'idle') return;
    this.#state = 'cookieWait';
    this.#timer.start(nowMs, timeoutMs);
    this.#sendInit();
  }

  /** Takes an INIT chunk. Sections 5.1 B and 5.2.1: in all these states the answer is an INIT ACK. */
  handleInit(value: DataView, nowMs: number): boolean {
    const fields = parseInit(value);
    // Deviation from section 5.2.2: no restart. Over DTLS a peer that begins anew has a new association there, too.
    if (fields === undefined || this.#state === 'done') return false;
    if (fields.receiveWindowBytes < MIN_WINDOW_BYTES) return false;
    const cookie = this.#cookies.seal(this.#agree(fields), nowMs);
    const { initiateTag, unrecognized } = fields;
    const ack = serializeInit({ ...this.#ownFields(), cookie, unrecognized });
    this.#writer.sendAlone(initiateTag, ChunkType.initAck, 0, ack);
    return true;
  }

  /** Takes an INIT ACK chunk. */
  handleInitAck(value: DataView, nowMs: number, timeoutMs: number): boolean {
    const fields = this.#state === 'cookieWait' ? parseInit(value) : undefined;
    if (fields?.cookie === undefined || fields.receiveWindowBytes < MIN_WINDOW_BYTES) return false;
    this.#agreement = { content: this.#agree(fields), cookie: fields.cookie };
    this.#state = 'cookieEchoed';
    this.#timer.start(nowMs, timeoutMs);
    this.#sendCookie();
    return true;
  }

  /** Takes a COOKIE ECHO chunk. Section 5.2.4: cases B and D; as our tag never changes there are no others. */
  handleCookieEcho(value: DataView, nowMs: number): boolean {
    const content = this.#cookies.open(bytesOf(value), nowMs);
    if (content === undefined || content.localTag !== this.localTag) return false;
    if (this.#state === 'done' && content.remoteTag !== this.remoteTag) return false;
    this.#writer.verificationTag = content.remoteTag;
    this.#writer.append(ChunkType.cookieAck, 0, NOTHING);
    if (this.#state !== 'done') this.#establish(content, nowMs);
    return true;
  }

  /** Takes a COOKIE ACK chunk; one that is not expected changes nothing. */
  handleCookieAck(nowMs: number): void {
    if (this.#state !== 'cookieEchoed' || this.#agreement === undefined) return;
    this.#establish(this.#agreement.content, nowMs);
  }

  /** Repeats what was not answered. */
  handleTimeout(nowMs: number): void {
    if (!this.#timer.takeDue(nowMs)) return;
    if (this.#timer.expirations > MAX_RETRANSMITS) {
      this.close();
      this.#options.onFailed();
    } else if (this.#state === 'cookieWait') this.#sendInit();
    else this.#sendCookie();
  }

  /** The handshake is over, one way or another. */
  close(): void {
    this.#state = 'done';
    this.#timer.stop();
  }

  #establish(content: CookieContent, nowMs: number): void {
    this.close();
    this.#agreement = undefined;
    this.remoteTag = content.remoteTag;
    this.#writer.verificationTag = content.remoteTag;
    this.#options.onEstablished(content, nowMs);
  }

  #sendInit(): void {
    this.#writer.sendAlone(0, ChunkType.init, 0, serializeInit(this.#ownFields()));
  }

  #sendCookie(): void {
    if (this.#agreement === undefined) return;
    const { content, cookie } = this.#agreement;
    this.#writer.sendAlone(content.remoteTag, ChunkType.cookieEcho, 0, cookie);
  }

  #ownFields(): InitFields {
    const { windowBytes, capabilities } = this.#options;
    return {
      initiateTag: this.localTag,
      receiveWindowBytes: windowBytes,
      outgoingStreams: STREAMS,
      incomingStreams: STREAMS,
      initialTsn: this.#initialTsn,
      capabilities,
      unrecognized: [],
    };
  }

  #agree(fields: InitFields): CookieContent {
    const own = this.#options.capabilities;
    const { capabilities } = fields;
    return {
      localTag: this.localTag,
      remoteTag: fields.initiateTag,
      localInitialTsn: this.#initialTsn,
      remoteInitialTsn: fields.initialTsn,
      receiveWindowBytes: fields.receiveWindowBytes,
      outgoingStreams: Math.min(STREAMS, fields.incomingStreams),
      incomingStreams: Math.min(STREAMS, fields.outgoingStreams),
      partialReliability: own.partialReliability && capabilities.partialReliability,
      reconfig: own.reconfig && capabilities.reconfig,
      interleaving: own.interleaving && capabilities.interleaving,
    };
  }
}
