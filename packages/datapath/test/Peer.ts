/**
 * A WebRTC peer made of our own packages, for tests and benchmarks: the other side of a router process.
 * It knows no socket: datagrams go in by `receive` and out by `send`.
 * @module
 */
import { createHmac, randomBytes } from 'node:crypto';
import { parseRtcp, type RtcpPacket, serializeRtcp } from '@rivero/rtp';
import {
  classifyDatagram,
  DatagramKind,
  type DtlsState,
  DtlsTransport,
  hostCandidate,
  IceAgent,
  type IceState,
  parseCandidate,
  SrtpScratch,
  type SrtpSender,
  SrtpSession,
  type TransportAddress,
} from '@rivero/transport';
import type { Arena } from '../src/Arena.ts';
import { NativeCrypto } from '../src/native/NativeCrypto.ts';
import { OpensslDtlsFactory } from '../src/native/OpensslDtls.ts';
import type { RouterProcess } from '../src/RouterProcess.ts';
import { srtpHeaderLength } from '../src/srtpHeader.ts';

/** What the peers of one program share. */
export class PeerContext {
  readonly arena: Arena;
  readonly srtpScratch: SrtpScratch;
  readonly dtls: OpensslDtlsFactory = new OpensslDtlsFactory();

  constructor(arena: Arena) {
    this.arena = arena;
    this.srtpScratch = new SrtpScratch(new NativeCrypto(arena));
  }
}

/** Milliseconds since 1970. */
function wallClockMs(): number {
  return performance.timeOrigin + performance.now();
}

let nextNumber = 1;

/** One peer with one candidate. */
export class Peer {
  readonly ufrag: string = `peer${nextNumber}`;
  readonly password: string = randomBytes(12).toString('hex');
  readonly number: number = nextNumber++;
  readonly srtpStates: DtlsState[] = [];
  readonly iceStates: IceState[] = [];
  /** Compounds received, decrypted. */
  readonly rtcp: RtcpPacket[] = [];
  /** Called for each decrypted RTP packet. */
  onRtp: (at: number, length: number, headerLength: number) => void = () => {};
  onConnected: () => void = () => {};
  srtp: SrtpSession | undefined;
  readonly #context: PeerContext;
  readonly #ice: IceAgent;
  readonly #dtls: DtlsTransport;
  readonly #send: (datagram: Uint8Array, remote: TransportAddress) => void;
  readonly #senders = new Map<number, SrtpSender>();
  readonly #packet: number;
  #remote: TransportAddress | undefined;

  constructor(
    context: PeerContext,
    local: TransportAddress,
    controlling: boolean,
    send: (datagram: Uint8Array, remote: TransportAddress) => void,
  ) {
    this.#context = context;
    this.#send = send;
    this.#packet = context.arena.reserve(2048);
    this.#dtls = new DtlsTransport({
      factory: context.dtls,
      keyType: 'ECDSA',
      listener: {
        onSend: (datagram) => this.sendRaw(datagram),
        onKeys: (keys) => {
          this.srtp = new SrtpSession({ scratch: context.srtpScratch, keys });
        },
        onStateChange: (state) => {
          this.srtpStates.push(state);
          if (state === 'CONNECTED') this.onConnected();
        },
      },
    });
    this.#ice = new IceAgent({
      localUfrag: this.ufrag,
      localPassword: this.password,
      controlling,
      tieBreaker: randomBytes(8).readBigUInt64BE(),
      transactionPrefix: this.number,
      hmacSha1: (key, data) => createHmac('sha1', key).update(data).digest(),
      randomBytes: (length) => randomBytes(length),
      listener: {
        onSend: (_socket, remote, datagram) => send(datagram, remote),
        onStateChange: (state) => this.iceStates.push(state),
        onSelectedPair: ({ remoteAddress }) => {
          this.#remote = remoteAddress;
          this.#dtls.start(wallClockMs());
        },
        onAddressValidated: () => true,
        onAddressExpired: () => {},
      },
    });
    this.#ice.addLocalCandidate(hostCandidate(local, 0xffff), 0);
  }

  /** Opens a transport in `router`, exchanges descriptions with it and starts the checks. */
  async join(router: RouterProcess, transportId: string, options: JoinOptions = {}): Promise<void> {
    const { keyType = 'RSA', dtlsRole = 'server', interfaces = [] } = options;
    const credentials = {
      ufrag: `srv${transportId}`,
      password: randomBytes(12).toString('hex'),
      lite: false,
    };
    await router.request('openTransport', {
      transportId,
      iceUfrag: credentials.ufrag,
      icePassword: credentials.password,
      iceControlling: false,
      certificateKeyType: keyType,
    });
    const { candidates } = await router.request('gatherCandidates', { transportId, interfaces });
    await router.request('connectTransport', {
      transportId,
      remoteUfrag: this.ufrag,
      remotePassword: this.password,
      dtlsRole: dtlsRole === 'server' ? 'client' : 'server',
      remoteFingerprints: [options.fingerprint ?? this.#context.dtls.fingerprint('ECDSA')],
    });
    const nowMs = wallClockMs();
    this.#ice.setRemoteCredentials(credentials);
    for (const text of candidates) {
      const candidate = parseCandidate(text);
      if (candidate !== undefined) this.#ice.addRemoteCandidate(candidate);
    }
    this.#dtls.setRemoteFingerprints([router.ready.fingerprints[keyType]], nowMs);
    this.#dtls.setRole(dtlsRole, nowMs);
    this.#ice.handleTimeout(nowMs);
  }

  /** Takes one datagram that stands in the arena. */
  receive(at: number, length: number, sender: TransportAddress): void {
    const { bytes, view } = this.#context.arena;
    const kind = classifyDatagram(view.getUint8(at), view.getUint8(at + 1), length);
    const nowMs = wallClockMs();
    if (kind === DatagramKind.stun) this.#ice.handleStun(bytes.subarray(at, at + length), 0, sender, nowMs);
    else if (kind === DatagramKind.dtls) this.#dtls.receive(bytes.slice(at, at + length), nowMs);
    else if (kind === DatagramKind.rtp) this.#receiveRtp(at, length);
    else if (kind === DatagramKind.rtcp) this.#receiveRtcp(at, length);
  }

  /** Drives the timers; call it every few milliseconds. */
  handleTimeout(): void {
    const nowMs = wallClockMs();
    this.#ice.handleTimeout(nowMs);
    this.#dtls.handleTimeout(nowMs);
  }

  /** Sends a plain RTP packet, protected. */
  sendRtp(packet: Uint8Array, headerLength: number): void {
    const { bytes, view } = this.#context.arena;
    bytes.set(packet, this.#packet);
    const ssrc = view.getUint32(this.#packet + 8);
    const sender = this.#senders.get(ssrc) ?? this.srtp?.sender(ssrc);
    if (sender === undefined) return;
    this.#senders.set(ssrc, sender);
    const payload = this.#packet + headerLength;
    const length = sender.protect(this.#packet, headerLength, payload, packet.length - headerLength);
    if (length > 0) this.sendRaw(bytes.slice(this.#packet, this.#packet + length));
  }

  /** Sends a compound RTCP packet, protected. */
  sendRtcp(ssrc: number, packets: readonly RtcpPacket[]): void {
    const compound = serializeRtcp(ssrc, packets);
    this.#context.arena.bytes.set(compound, this.#packet);
    const length = this.srtp?.protectRtcp(this.#packet, compound.length) ?? -1;
    if (length > 0) this.sendRaw(this.#context.arena.bytes.slice(this.#packet, this.#packet + length));
  }

  /** Sends bytes as they are over the selected pair. */
  sendRaw(datagram: Uint8Array): void {
    if (this.#remote !== undefined) this.#send(datagram, this.#remote);
  }

  /** Forgets what was received of an SSRC, so that its packets may come once more. */
  forget(ssrc: number): void {
    this.srtp?.forgetRemoteSsrc(ssrc);
  }

  /** Ends with close_notify. */
  close(): void {
    this.#dtls.close();
    this.#ice.close();
    this.srtp?.close();
    this.srtp = undefined;
  }

  #receiveRtp(at: number, length: number): void {
    const { arena } = this.#context;
    const headerLength = srtpHeaderLength(arena, at, length);
    const plainLength = this.srtp?.unprotect(at, length, headerLength) ?? -1;
    if (plainLength > 0) this.onRtp(at, plainLength, headerLength);
  }

  #receiveRtcp(at: number, length: number): void {
    const plainLength = this.srtp?.unprotectRtcp(at, length) ?? -1;
    if (plainLength > 0) this.rtcp.push(...parseRtcp(this.#context.arena, at, plainLength));
  }
}

/** How a peer joins. */
export interface JoinOptions {
  readonly keyType?: 'RSA' | 'ECDSA';
  /** Role of the peer. */
  readonly dtlsRole?: 'client' | 'server';
  readonly interfaces?: readonly string[];
  /** What the peer announces; its own fingerprint when left out. */
  readonly fingerprint?: { algorithm: string; value: string };
}
