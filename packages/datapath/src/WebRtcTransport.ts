/**
 * One remote peer: ICE, DTLS and SRTP between the sockets and the RTP session of the router.
 *
 * ```text
 * socket → STUN ──→ IceAgent ── validated addresses, selected pair ──┐
 *        → DTLS ──→ DtlsTransport ── keys, if the fingerprint fits ──┤
 *        → SRTP ──→ SrtpSession → RtpSession … RtpSession → SrtpOutlet → socket
 * ```
 * @module
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { RtpSession } from '@rivero/router';
import {
  type Candidate,
  classifyDatagram,
  DatagramKind,
  type DtlsState,
  DtlsTransport,
  IceAgent,
  type IceState,
  type SelectedPair,
  SrtpError,
  type SrtpKeys,
  SrtpSession,
  serializeCandidate,
  type TransportAddress,
} from '@rivero/transport';
import type { Deadline } from './DeadlineQueue.ts';
import type { DatagramReceiver, LocalSocket } from './LocalSocket.ts';
import type { ConnectTransport, OpenTransport } from './operations.ts';
import { SrtpOutlet } from './SrtpOutlet.ts';
import { srtpHeaderLength } from './srtpHeader.ts';
import type { TransportHost } from './TransportHost.ts';

/** One WebRTC transport: everything between the sockets and an RTP session. */
export class WebRtcTransport implements DatagramReceiver, Deadline {
  /** Chosen by control. */
  readonly id: string;
  /** Our ICE user name fragment. */
  readonly ufrag: string;
  /** Unique in the process: prefix of its STUN transactions, and its address on the inner path. */
  readonly number: number;
  /** Its streams. */
  readonly session: RtpSession;
  readonly #host: TransportHost;
  readonly #dscp: number;
  readonly #ice: IceAgent;
  readonly #dtls: DtlsTransport;
  readonly #outlet: SrtpOutlet;
  /** Handles of validated addresses, by socket number and address. */
  readonly #handles = new Map<string, number>();
  /** Sockets that no other transport uses, by their numbers; undefined while one is being opened. One per family. */
  readonly #ownSockets = new Map<number, LocalSocket | undefined>();
  #srtp: SrtpSession | undefined;
  #remoteUfrag: string | undefined;
  /** Whether the peer is a transport of this process and has been validated. */
  #isInner = false;
  #closed = false;

  /** Opens the session in the router. Nothing is sent before `connect`. */
  constructor(host: TransportHost, number: number, request: OpenTransport) {
    this.#host = host;
    this.id = request.transportId;
    this.ufrag = request.iceUfrag;
    this.number = number;
    this.#dscp = request.dscp ?? 0;
    this.#outlet = new SrtpOutlet(host.memory);
    this.#ice = this.#createIce(request);
    this.#dtls = new DtlsTransport({
      factory: host.dtls,
      keyType: request.certificateKeyType,
      listener: {
        onSend: (datagram) => this.#outlet.sendPlain(datagram),
        onKeys: (keys) => this.#setKeys(keys),
        onStateChange: (state) => this.#dtlsStateChanged(state),
      },
    });
    this.session = host.router.openSession(this.id, this.#outlet);
  }

  /** Takes these sockets for host candidates; returns the candidates as text. */
  gather(sockets: readonly LocalSocket[]): string[] {
    const added = sockets.filter(({ candidate, index }) => this.#ice.addLocalCandidate(candidate, index));
    return added.map(({ candidate }) => serializeCandidate(candidate));
  }

  /**
   * The remote description is known: checks begin, and DTLS after them.
   * @throws {Error} if it was known already.
   */
  connect(request: ConnectTransport): void {
    if (this.#remoteUfrag !== undefined) throw new Error(`Transport '${this.id}' is connected already`);
    const { remoteUfrag: ufrag, remotePassword: password, remoteIceLite: lite = false } = request;
    const { nowMs } = this.#host;
    this.#remoteUfrag = ufrag;
    this.#ice.setRemoteCredentials({ ufrag, password, lite });
    this.#dtls.setRemoteFingerprints(request.remoteFingerprints, nowMs);
    this.#dtls.setRole(request.dtlsRole, nowMs);
    this.#host.onDeadlineChange(this);
  }

  /** Adds a candidate of the peer. False if it cannot be used. */
  addCandidate(candidate: Candidate): boolean {
    const accepted = this.#ice.addRemoteCandidate(candidate);
    this.#host.onDeadlineChange(this);
    return accepted;
  }

  /** Takes a socket that it asked the host for. False if it has no use for it any more. */
  addSocket(socket: LocalSocket): boolean {
    // Nothing is signalled: our checks from there tell the peer.
    if (this.#closed || !this.#ice.addLocalCandidate(socket.candidate, socket.index)) return false;
    this.#ownSockets.set(socket.index, socket);
    return true;
  }

  nextTimeoutMs(): number | undefined {
    const iceMs = this.#ice.nextTimeoutMs() ?? Number.POSITIVE_INFINITY;
    const next = Math.min(iceMs, this.#dtls.nextTimeoutMs() ?? Number.POSITIVE_INFINITY);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  handleTimeout(nowMs: number): void {
    this.#ice.handleTimeout(nowMs);
    this.#dtls.handleTimeout(nowMs);
  }

  receiveStun(datagram: Uint8Array, socket: number, remote: TransportAddress): void {
    this.#ice.handleStun(datagram, socket, remote, this.#host.nowMs);
    this.#host.onDeadlineChange(this);
  }

  receiveDtls(at: number, length: number): void {
    // A copy: records may have to wait for the remote description.
    this.#dtls.receive(this.#host.memory.bytes.slice(at, at + length), this.#host.nowMs);
    this.#host.onDeadlineChange(this);
  }

  receiveRtp(at: number, length: number): void {
    const { memory, counters, nowMs } = this.#host;
    const srtp = this.#srtp;
    if (srtp === undefined) {
      counters.mediaBeforeKeys++;
      return;
    }
    const headerLength = srtpHeaderLength(memory, at, length);
    if (headerLength < 0) {
      counters.malformedRtp++;
      return;
    }
    const plainLength = srtp.unprotect(at, length, headerLength);
    if (plainLength < 0) this.#countRefused(plainLength);
    // The padding can be checked only now; with -1 the session does.
    else this.session.receiveRtp(at, plainLength, -1, nowMs);
  }

  receiveRtcp(at: number, length: number): void {
    if (this.#srtp === undefined) {
      this.#host.counters.mediaBeforeKeys++;
      return;
    }
    const plainLength = this.#srtp.unprotectRtcp(at, length);
    if (plainLength < 0) this.#countRefused(plainLength);
    else this.session.receiveRtcp(at, plainLength, this.#host.nowMs);
  }

  /** Takes a packet from another transport of this process; anything but STUN. */
  receiveInner(at: number, length: number): void {
    const { memory, counters } = this.#host;
    if (!this.#isInner) {
      counters.unvalidatedAddress++;
      return;
    }
    const kind = classifyDatagram(memory.view.getUint8(at), memory.view.getUint8(at + 1), length);
    if (kind === DatagramKind.rtp) this.receiveRtp(at, length);
    else if (kind === DatagramKind.rtcp) this.receiveRtcp(at, length);
    else if (kind === DatagramKind.dtls) this.receiveDtls(at, length);
  }

  /** Says BYE and close_notify, and gives everything back. Nothing is told to control any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#host.router.closeSession(this.id);
    this.#dtls.close();
    this.#dropKeys();
    this.#outlet.setPath(undefined, -1);
    this.#ice.close();
    for (const socket of this.#ownSockets.values()) {
      if (socket !== undefined) this.#host.closeSocket(socket);
    }
    this.#ownSockets.clear();
  }

  #createIce(request: OpenTransport): IceAgent {
    return new IceAgent({
      localUfrag: request.iceUfrag,
      localPassword: request.icePassword,
      controlling: request.iceControlling,
      tieBreaker: randomBytes(8).readBigUInt64BE(),
      transactionPrefix: this.number,
      hmacSha1: (key, data) => createHmac('sha1', key).update(data).digest(),
      randomBytes: (length) => randomBytes(length),
      listener: {
        onSend: (socket, remote, datagram) => this.#socket(socket)?.socket.send(datagram, remote),
        onStateChange: (state) => this.#iceStateChanged(state),
        onSelectedPair: (pair) => this.#pairSelected(pair),
        onAddressValidated: (socket, remote) => this.#addressValidated(socket, remote),
        onAddressExpired: (socket, remote) => this.#addressExpired(socket, remote),
      },
    });
  }

  #iceStateChanged(state: IceState): void {
    // A pair that is selected again after consent was lost is not told again.
    if (state === 'CONNECTED' && this.#ice.selectedPair !== undefined) this.#follow(this.#ice.selectedPair);
    if (state === 'DISCONNECTED' || state === 'FAILED') this.#outlet.setPath(undefined, -1);
    if (!this.#closed) this.#host.events.onEvent('iceStateChanged', { transportId: this.id, state });
  }

  #pairSelected(pair: SelectedPair): void {
    this.#follow(pair);
    this.#host.events.onEvent('candidatePairSelected', {
      transportId: this.id,
      localCandidate: serializeCandidate(pair.local),
      remoteCandidate: serializeCandidate(pair.remote),
    });
    this.#dtls.start(this.#host.nowMs);
  }

  /** Sends over this pair from now on. */
  #follow({ socket, remoteAddress }: SelectedPair): void {
    const peer = this.#innerPeer(remoteAddress);
    const handle = peer?.number ?? this.#handles.get(handleKey(socket, remoteAddress));
    const sender = peer === undefined ? this.#socket(socket)?.socket : this.#host.innerPath;
    this.#outlet.setPath(handle === undefined ? undefined : sender, handle ?? -1);
  }

  #addressValidated(index: number, remote: TransportAddress): boolean {
    if (this.#innerPeer(remote) !== undefined) {
      this.#isInner = true;
      return true;
    }
    const socket = this.#socket(index);
    const handle = socket?.validate(remote, this.#dscp, this) ?? -1;
    if (handle >= 0) this.#handles.set(handleKey(index, remote), handle);
    else if (socket !== undefined && this.#ice.selectedPair === undefined)
      this.#openOwnSocket(socket, remote);
    return handle >= 0;
  }

  /** Another transport has this remote address on the shared socket: we need one of our own. */
  #openOwnSocket(near: LocalSocket, { family }: TransportAddress): void {
    const index = this.#host.sockets.length + (family === 6 ? 1 : 0);
    if (this.#closed || this.#ownSockets.has(index)) return;
    this.#ownSockets.set(index, undefined);
    this.#host.openSocket(this, near, index);
  }

  #socket(index: number): LocalSocket | undefined {
    return this.#host.sockets[index] ?? this.#ownSockets.get(index);
  }

  #addressExpired(socket: number, remote: TransportAddress): void {
    if (this.#host.isOwnAddress(remote)) this.#isInner = false;
    const key = handleKey(socket, remote);
    const handle = this.#handles.get(key);
    if (handle === undefined) return;
    this.#handles.delete(key);
    this.#socket(socket)?.expire(handle, this);
  }

  /** The peer, if it is a transport of this process. */
  #innerPeer(remote: TransportAddress): WebRtcTransport | undefined {
    if (this.#remoteUfrag === undefined || !this.#host.isOwnAddress(remote)) return undefined;
    return this.#host.transportByUfrag(this.#remoteUfrag);
  }

  #setKeys(keys: SrtpKeys): void {
    this.#srtp = new SrtpSession({ scratch: this.#host.srtpScratch, keys });
    this.#outlet.setKeys(this.#srtp);
    this.session.outletReady(this.#host.nowMs);
  }

  #dropKeys(): void {
    this.#outlet.setKeys(undefined);
    this.#srtp?.close();
    this.#srtp = undefined;
  }

  #dtlsStateChanged(state: DtlsState): void {
    if (state === 'FAILED' || state === 'CLOSED') this.#dropKeys();
    if (!this.#closed) this.#host.events.onEvent('dtlsStateChanged', { transportId: this.id, state });
  }

  #countRefused(reason: number): void {
    if (reason === SrtpError.replayed || reason === SrtpError.tooOld) this.#host.counters.replayed++;
    else this.#host.counters.refused++;
  }
}

function handleKey(socket: number, remote: TransportAddress): string {
  return `${socket} ${remote.key}`;
}
