/**
 * One local address of the router process: tells the protocols on its port apart and finds whom a datagram is for.
 * @module
 */
import type { PacketMemory } from '@rivero/rtp';
import {
  type Candidate,
  classifyDatagram,
  DatagramKind,
  readDestinationUfrag,
  readTransactionPrefix,
  type TransportAddress,
} from '@rivero/transport';
import type { DatagramListener, DatagramSocket } from './DatagramSocket.ts';
import type { HostCounters } from './HostCounters.ts';

/** A transport, as the sockets see it. Offsets are into the packet memory. */
export interface DatagramReceiver {
  /** A STUN message that came to the socket with this number. */
  receiveStun(datagram: Uint8Array, socket: number, remote: TransportAddress): void;
  /** A DTLS datagram from an address that ICE has validated. */
  receiveDtls(at: number, length: number): void;
  /** An SRTP packet from an address that ICE has validated. It stays in place until the router is flushed. */
  receiveRtp(at: number, length: number): void;
  /** An SRTCP packet from an address that ICE has validated. */
  receiveRtcp(at: number, length: number): void;
}

/** Finds the transports that STUN is for. */
export interface ReceiverDirectory {
  /** By the ufrag that a request names. */
  byUfrag(ufrag: string): DatagramReceiver | undefined;
  /** By the first four bytes of the transaction id of a response. */
  byTransactionPrefix(prefix: number): DatagramReceiver | undefined;
}

/** What the sockets of one process share. */
export interface LocalSocketContext {
  /** Where packets live. */
  readonly memory: PacketMemory;
  /** Finds the transports that STUN is for. */
  readonly directory: ReceiverDirectory;
  /** Counts what leads nowhere. */
  readonly counters: HostCounters;
  /** A datagram is about to be handled: time may have passed. */
  onActivity(): void;
  /** A batch is over: forward and send. */
  onBatchEnd(): void;
  /** A bug: an exception while a datagram was handled. */
  onException(error: unknown): void;
}

/** A bound socket with the transports behind its interned remote addresses. */
export class LocalSocket implements DatagramListener {
  readonly #context: LocalSocketContext;
  readonly #receivers: (DatagramReceiver | undefined)[] = [];
  #socket: DatagramSocket | undefined;
  #candidate: Candidate | undefined;
  #index = -1;

  /** Call `attach` when the socket is bound. */
  constructor(context: LocalSocketContext) {
    this.#context = context;
  }

  /** Number by which ICE agents know this socket. */
  get index(): number {
    return this.#index;
  }

  /** The socket. */
  get socket(): DatagramSocket {
    if (this.#socket === undefined) throw new Error('Socket is not attached');
    return this.#socket;
  }

  /** The host candidate of this socket. */
  get candidate(): Candidate {
    if (this.#candidate === undefined) throw new Error('Socket is not attached');
    return this.#candidate;
  }

  /** Completes the set-up. */
  attach(socket: DatagramSocket, candidate: Candidate, index: number): void {
    this.#index = index;
    this.#socket = socket;
    this.#candidate = candidate;
  }

  /**
   * From now on DTLS and media from this address is for `receiver`. Returns the handle for sending there, or -1 if the
   * table is full or another transport has the address.
   */
  validate(remote: TransportAddress, dscp: number, receiver: DatagramReceiver): number {
    const handle = this.socket.intern(remote, dscp);
    const owner = handle < 0 ? undefined : this.#receivers[handle];
    // First come, first served: a second claim would let a forged source address take a running call over.
    if (handle < 0 || (owner !== undefined && owner !== receiver)) {
      this.#context.counters.addressRefused++;
      return -1;
    }
    this.#receivers[handle] = receiver;
    return handle;
  }

  /** Takes `validate` back. */
  expire(handle: number, receiver: DatagramReceiver): void {
    if (this.#receivers[handle] !== receiver) return;
    this.#receivers[handle] = undefined;
    this.socket.forget(handle);
  }

  onDatagram(socket: DatagramSocket, at: number, length: number, remote: number): void {
    this.#context.onActivity();
    try {
      this.#dispatch(socket, at, length, remote);
    } catch (error) {
      this.#context.onException(error);
    }
  }

  onBatchEnd(): void {
    this.#context.onBatchEnd();
  }

  #dispatch(socket: DatagramSocket, at: number, length: number, remote: number): void {
    const { memory, counters } = this.#context;
    const second = length > 1 ? memory.view.getUint8(at + 1) : 0;
    const kind = classifyDatagram(memory.view.getUint8(at), second, length);
    if (kind === DatagramKind.stun) {
      this.#receiveStun(socket, at, length);
      return;
    }
    if (kind === DatagramKind.unknown) {
      counters.unknownDatagram++;
      return;
    }
    const receiver = remote < 0 ? undefined : this.#receivers[remote];
    if (receiver === undefined) counters.unvalidatedAddress++;
    else if (kind === DatagramKind.rtp) receiver.receiveRtp(at, length);
    else if (kind === DatagramKind.rtcp) receiver.receiveRtcp(at, length);
    else receiver.receiveDtls(at, length);
  }

  #receiveStun(socket: DatagramSocket, at: number, length: number): void {
    const { memory, counters } = this.#context;
    const datagram = memory.bytes.subarray(at, at + length);
    const receiver = this.#findReceiver(datagram);
    if (receiver === undefined) counters.unknownStun++;
    else receiver.receiveStun(datagram, this.#index, socket.sender());
  }

  #findReceiver(datagram: Uint8Array): DatagramReceiver | undefined {
    const { directory } = this.#context;
    const prefix = readTransactionPrefix(datagram);
    if (prefix !== undefined) return directory.byTransactionPrefix(prefix);
    const ufrag = readDestinationUfrag(datagram);
    return ufrag === undefined ? undefined : directory.byUfrag(ufrag);
  }
}
