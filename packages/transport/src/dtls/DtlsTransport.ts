/**
 * Drives a DTLS association from ICE's first success to SRTP keys (RFC 5763, RFC 5764).
 * @module
 */
import { type SrtpKeys, splitKeyingMaterial, srtpKeyingMaterialLength } from '../srtp/keyDerivation.ts';
import type { CertificateKeyType, DtlsEngine, DtlsEngineFactory, Fingerprint } from './DtlsEngine.ts';
import { splitRecords } from './splitRecords.ts';

/** Largest datagram that we send, unless told otherwise: fits every path of RFC 8200's 1,280 bytes with its headers. */
const DEFAULT_MTU_BYTES = 1200;
/** From the first possible datagram to the end of the handshake, verification included. Our choice. */
const HANDSHAKE_DEADLINE_MS = 30_000;
/** The engine's clock is not ours: never ask it again sooner than this. */
const MIN_TIMER_MS = 10;
/** Datagrams that are kept until the handshake may begin: two flights of a ClientHello in two parts. */
const MAX_EARLY_DATAGRAMS = 8;
/** RFC 8122 section 5: these must not be used. */
const FORBIDDEN_HASHES: ReadonlySet<string> = new Set(['md2', 'md5']);

/** States in Kurento's words. */
export type DtlsState = 'NEW' | 'CONNECTING' | 'CONNECTED' | 'FAILED' | 'CLOSED';

/**
 * Implemented by the host. Called from within the transport's methods; must not call it back, except for
 * `sendApplicationData` and `close` from within `onApplicationData`.
 */
export interface DtlsListener {
  /** Send this datagram over the selected pair; it must not be changed or kept. */
  onSend(datagram: Uint8Array): void;
  /** Keys of an association whose peer is the one that the fingerprints name. Comes before CONNECTED. */
  onKeys(keys: SrtpKeys): void;
  /** The state is another one. FAILED and CLOSED are the last. */
  onStateChange(state: DtlsState): void;
  /**
   * The peer, whose certificate is the announced one, has sent this: one record, for instance an SCTP packet
   * (RFC 8261). The bytes are the listener's. A host without data channels leaves this out.
   */
  onApplicationData?(data: Uint8Array): void;
}

/** What a transport needs. */
export interface DtlsTransportOptions {
  /** Makes the association. */
  readonly factory: DtlsEngineFactory;
  /** Which of our certificates to show. */
  readonly keyType: CertificateKeyType;
  /** Who sends for the transport and hears what it finds. */
  readonly listener: DtlsListener;
  /** Largest datagram to send, bytes. */
  readonly mtuBytes?: number;
  /**
   * True for an association that carries data channels only: a peer without `use_srtp` is accepted then, and there
   * are no keys.
   */
  readonly isSrtpOptional?: boolean;
}

/**
 * One DTLS association. It begins when role (`setRole`) and path (`start`) are known, in any order; what arrives
 * sooner is kept, up to a bound. It is CONNECTED when the handshake is complete and the peer's certificate has one of
 * the fingerprints (`setRemoteFingerprints`), which may come during or after the handshake.
 *
 * After every call ask `nextTimeoutMs` again and see that `handleTimeout` is called then.
 */
export class DtlsTransport {
  readonly #options: DtlsTransportOptions;
  readonly #early: Uint8Array[] = [];
  #engine: DtlsEngine | undefined;
  #state: DtlsState = 'NEW';
  #role: 'client' | 'server' | undefined;
  #isStarted = false;
  #fingerprints: readonly Fingerprint[] | undefined;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #engineDueMs = Number.POSITIVE_INFINITY;

  /** In state NEW; nothing is sent. */
  constructor(options: DtlsTransportOptions) {
    this.#options = options;
  }

  /** The latest state told to the listener. */
  get state(): DtlsState {
    return this.#state;
  }

  /** Sets our role: the client sends first. Only the first call counts. */
  setRole(role: 'client' | 'server', nowMs: number): void {
    this.#role ??= role;
    this.#begin(nowMs);
  }

  /** ICE has selected its first pair: datagrams can be sent. Further calls do nothing. */
  start(nowMs: number): void {
    if (this.#isStarted || this.#isOver()) return;
    this.#isStarted = true;
    this.#deadlineMs = nowMs + HANDSHAKE_DEADLINE_MS;
    this.#begin(nowMs);
  }

  /** Sets the fingerprints of the remote description; the certificate must have one of them. */
  setRemoteFingerprints(fingerprints: readonly Fingerprint[], nowMs: number): void {
    this.#fingerprints = fingerprints;
    this.#follow(nowMs);
  }

  /**
   * Takes a datagram of the peer; `datagram` must not be changed afterwards. The host sees to it that it comes from an
   * address that ICE has validated. Datagrams before the beginning are kept, eight at most; further ones are dropped,
   * and the peer repeats them.
   */
  receive(datagram: Uint8Array, nowMs: number): void {
    if (this.#isOver()) return;
    if (this.#engine === undefined) {
      if (this.#early.length < MAX_EARLY_DATAGRAMS) this.#early.push(datagram);
      return;
    }
    if (this.#state === 'NEW') this.#setState('CONNECTING');
    this.#engine.receive(datagram);
    this.#follow(nowMs);
  }

  /**
   * Sends one record of application data, at most 16,384 bytes, in a datagram of its own. For a datagram within the
   * MTU it should be 56 bytes shorter than that. False, and nothing is sent, unless CONNECTED.
   */
  sendApplicationData(data: Uint8Array): boolean {
    if (this.#state !== 'CONNECTED' || this.#engine?.sendApplicationData(data) !== true) return false;
    this.#sendOutput(this.#engine);
    return true;
  }

  /** Does what is due at `nowMs`. Early or superfluous calls do nothing. */
  handleTimeout(nowMs: number): void {
    if (this.#isOver()) return;
    if (nowMs >= this.#deadlineMs) {
      this.#end('FAILED');
      return;
    }
    if (nowMs < this.#engineDueMs) return;
    this.#engine?.handleTimeout();
    this.#follow(nowMs);
  }

  /** When `handleTimeout` is due, on the clock of `nowMs`; undefined if nothing is planned. */
  nextTimeoutMs(): number | undefined {
    if (this.#isOver()) return undefined;
    const next = Math.min(this.#deadlineMs, this.#engineDueMs);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  /** Tells the peer goodbye, frees the association and ends in CLOSED, unless it has FAILED. */
  close(): void {
    if (!this.#isOver()) this.#end('CLOSED');
  }

  #begin(nowMs: number): void {
    if (!this.#isStarted || this.#role === undefined || this.#engine !== undefined || this.#isOver()) return;
    const { factory, keyType, mtuBytes = DEFAULT_MTU_BYTES } = this.#options;
    this.#engine = factory.create(this.#role, keyType, mtuBytes);
    if (this.#role === 'client') {
      this.#setState('CONNECTING');
      this.#engine.start();
      this.#follow(nowMs);
    }
    for (const datagram of this.#early.splice(0)) this.receive(datagram, nowMs);
  }

  /** Sends what the engine has written and draws the conclusions from its state. */
  #follow(nowMs: number): void {
    const engine = this.#engine;
    if (engine === undefined || this.#isOver()) return;
    this.#sendOutput(engine);
    // What came before a close_notify counts.
    this.#deliver();
    if (this.#engine !== engine) return;
    const timeoutMs = engine.timeoutMs();
    this.#engineDueMs =
      timeoutMs === undefined ? Number.POSITIVE_INFINITY : nowMs + Math.max(timeoutMs, MIN_TIMER_MS);
    if (engine.state === 'failed') this.#end('FAILED');
    else if (engine.state === 'closed') this.#end('CLOSED');
    else if (engine.state === 'connected' && this.#state === 'CONNECTING') this.#complete(engine);
  }

  /** The handshake is complete. No key leaves this function unless the certificate is the announced one. */
  #complete(engine: DtlsEngine): void {
    if (this.#fingerprints === undefined || this.#role === undefined) return;
    const profile = engine.srtpProfile;
    const isSrtpMissing = profile === undefined && this.#options.isSrtpOptional !== true;
    if (isSrtpMissing || !isAnnounced(engine, this.#fingerprints)) {
      this.#end('FAILED');
      return;
    }
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    if (profile !== undefined) {
      const material = engine.exportKeyingMaterial(srtpKeyingMaterialLength(profile));
      this.#options.listener.onKeys(splitKeyingMaterial(profile, this.#role, material));
      material.fill(0);
    }
    this.#setState('CONNECTED');
    this.#deliver();
  }

  /** Passes on application data. What comes before the certificate is verified waits in the engine. */
  #deliver(): void {
    while (this.#state === 'CONNECTED') {
      const data = this.#engine?.takeApplicationData();
      if (data === undefined) return;
      this.#options.listener.onApplicationData?.(data);
    }
  }

  #end(state: 'FAILED' | 'CLOSED'): void {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#early.length = 0;
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.#engineDueMs = Number.POSITIVE_INFINITY;
    if (engine !== undefined) {
      engine.shutdown();
      this.#sendOutput(engine);
      engine.close();
    }
    this.#setState(state);
  }

  #sendOutput(engine: DtlsEngine): void {
    const output = engine.takeOutput();
    if (output === undefined) return;
    for (const datagram of splitRecords(output, this.#options.mtuBytes ?? DEFAULT_MTU_BYTES)) {
      this.#options.listener.onSend(datagram);
    }
  }

  #isOver(): boolean {
    return this.#state === 'FAILED' || this.#state === 'CLOSED';
  }

  #setState(state: DtlsState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.listener.onStateChange(state);
  }
}

/**
 * True if the peer's certificate has one of the fingerprints (RFC 8122 section 5). Those with a hash that the engine
 * does not know, or that is forbidden, are passed over.
 */
function isAnnounced(engine: DtlsEngine, fingerprints: readonly Fingerprint[]): boolean {
  return fingerprints.some(({ algorithm, value }) => {
    const name = algorithm.toLowerCase();
    if (FORBIDDEN_HASHES.has(name)) return false;
    const actual = engine.peerFingerprint(name)?.value;
    return actual !== undefined && actual.toUpperCase() === value.toUpperCase();
  });
}
