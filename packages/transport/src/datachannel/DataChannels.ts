/**
 * The data channels of one SCTP association (RFC 8831, RFC 8832).
 * @module
 */
import { SctpAssociation } from '../sctp/SctpAssociation.ts';
import type { SctpAssociationOptions, SctpStatistics, SendOptions } from '../sctp/SctpAssociationOptions.ts';
import type { SctpState } from '../sctp/SctpListener.ts';
import {
  ChannelRecord,
  type DataChannel,
  type DataChannelInit,
  type DataChannelsListener,
} from './DataChannel.ts';
import { type ChannelParameters, PayloadProtocol, parseDcep, serializeAck, serializeOpen } from './dcep.ts';

/** RFC 8841 section 6.1: what a peer accepts that does not say. */
const DEFAULT_MAX_MESSAGE_BYTES = 65_536;
/** Channels at a time, those that are closing included. */
const MAX_CHANNELS = 1024;
/** Stream identifiers are below this (RFC 8832 section 6). */
const MAX_STREAMS = 65_535;
const RELIABLE: SendOptions = {};

/** What data channels need. */
export interface DataChannelsOptions extends Omit<SctpAssociationOptions, 'listener'> {
  /** Hears what happens. */
  readonly listener: DataChannelsListener;
  /** `a=max-message-size` of the peer's description, bytes; 65,536 if there is none; 0 means no limit. */
  readonly remoteMaxMessageBytes?: number;
  /** Channels at a time; 1,024 if not given. */
  readonly maxChannels?: number;
}

/** `full`: try again after `onSendPossible`; `tooLarge`: the peer does not accept such long messages. */
export type ChannelSendResult = 'accepted' | 'full' | 'tooLarge' | 'closed';

/**
 * Opens, accepts, feeds and closes channels. `connect` when DTLS is connected; application data goes into `receive`.
 *
 * After every call ask `nextTimeoutMs` again and see that `handleTimeout` is called then.
 */
export class DataChannels {
  /** Messages dropped: on no channel, of an unknown kind, malformed, or opening one channel too many. */
  droppedMessages = 0;
  readonly #association: SctpAssociation;
  readonly #listener: DataChannelsListener;
  readonly #maxMessageBytes: number;
  readonly #maxChannels: number;
  /** Channels with a stream. */
  readonly #channels = new Map<number, ChannelRecord>();
  /** Channels that wait for `connect`, to be given a stream. */
  readonly #unnumbered: ChannelRecord[] = [];
  /** Opening messages and answers that did not fit into the buffer. */
  readonly #controls: { readonly id: number; readonly bytes: Uint8Array }[] = [];
  /** Streams of open channels that are still being reset because of the channel before. */
  readonly #predecessors = new Set<number>();
  #parity: 0 | 1 | undefined;
  #nowMs = 0;

  /** Without channels. */
  constructor(options: DataChannelsOptions) {
    const { listener, remoteMaxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = options;
    this.#listener = listener;
    this.#maxMessageBytes = remoteMaxMessageBytes === 0 ? Number.POSITIVE_INFINITY : remoteMaxMessageBytes;
    this.#maxChannels = options.maxChannels ?? MAX_CHANNELS;
    this.#association = new SctpAssociation({
      ...options,
      listener: {
        onSend: (packet) => listener.onSend(packet),
        onState: (state) => this.#handleState(state),
        onMessage: (id, protocol, bytes) => this.#handleMessage(id, protocol, bytes),
        onStreamReset: (direction, ids) => this.#handleReset(direction, ids),
        onBufferedLow: (id) => {
          const channel = this.#channels.get(id);
          if (channel?.state === 'open') listener.onBufferedLow(channel);
        },
        onSendPossible: () => {
          this.#sendControls();
          listener.onSendPossible();
        },
      },
    });
  }

  /** State of the association. */
  get state(): SctpState {
    return this.#association.state;
  }

  /** Counters of the association. */
  get statistics(): SctpStatistics {
    return this.#association.statistics;
  }

  /** All channels that are not closed, in no particular order. */
  get channels(): readonly DataChannel[] {
    return [...this.#channels.values(), ...this.#unnumbered];
  }

  /** The channel on this stream, unless it is closed. */
  channel(id: number): DataChannel | undefined {
    return this.#channels.get(id);
  }

  /** Begins the association. The DTLS client takes even streams, the server odd ones (RFC 8832 section 6). */
  connect(role: 'client' | 'server', nowMs: number): void {
    this.#nowMs = nowMs;
    this.#parity ??= role === 'client' ? 0 : 1;
    this.#association.connect(nowMs);
    if (this.state === 'connected') this.#openWaiting();
  }

  /** Takes a packet: the application data of one DTLS record. Never throws. */
  receive(packet: Uint8Array, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#association.receive(packet, nowMs);
  }

  /**
   * Opens a channel, now or as soon as there is an association. Undefined if there are too many, the stream is in use,
   * label or protocol are longer than 21,845 characters, both limits are given, or the association has ended.
   */
  open(init: DataChannelInit, nowMs: number): DataChannel | undefined {
    this.#nowMs = nowMs;
    const { negotiatedId } = init;
    const parameters: ChannelParameters = { label: '', protocol: '', isOrdered: true, ...init };
    if (this.#isEnding() || this.#isFull() || !isSayable(parameters)) return undefined;
    const kind = { isNegotiated: negotiatedId !== undefined, isRemote: false };
    const channel = new ChannelRecord(parameters, kind);
    if (negotiatedId === undefined) this.#unnumbered.push(channel);
    else if (!this.#place(channel, negotiatedId)) return undefined;
    if (this.state === 'connected') this.#openWaiting();
    return channel.state === 'closed' ? undefined : channel;
  }

  /** Sends a message over an open channel. The bytes, UTF-8 if text, are not copied and must not be changed afterwards. */
  send(channel: DataChannel, bytes: Uint8Array, isText: boolean, nowMs: number): ChannelSendResult {
    this.#nowMs = nowMs;
    const record = this.#record(channel);
    if (record?.id === undefined || record.state !== 'open') return 'closed';
    if (bytes.length > this.#maxMessageBytes) return 'tooLarge';
    const isEmpty = bytes.length === 0;
    const protocol = protocolOf(isText, isEmpty);
    const { isOrdered, maxRetransmits, maxLifetimeMs } = record.parameters;
    // RFC 8832 section 6: until the peer has answered, nothing may overtake the opening message.
    const isUnordered = !isOrdered && record.isConfirmed;
    const options = { isUnordered, maxRetransmits, lifetimeMs: maxLifetimeMs };
    const result = this.#association.send(
      record.id,
      protocol,
      isEmpty ? Uint8Array.of(0) : bytes,
      options,
      nowMs,
    );
    if (result === 'closed' && this.#predecessors.has(record.id)) return 'full';
    if (result === 'invalidStream') return 'closed';
    if (result === 'accepted') {
      record.statistics.messagesSent++;
      record.statistics.bytesSent += bytes.length;
    }
    return result;
  }

  /** Bytes of the channel that have not been sent for the first time. */
  bufferedBytes(channel: DataChannel): number {
    return channel.id === undefined ? 0 : this.#association.bufferedBytes(channel.id);
  }

  /** From now on `onBufferedLow` is told when the bytes that wait on this channel fall to `bytes` or below. */
  setLowThreshold(channel: DataChannel, bytes: number): void {
    if (channel.id !== undefined) this.#association.setLowThreshold(channel.id, bytes);
  }

  /** Tells how many bytes of received messages the host cannot pass on; see `SctpAssociation.setHeldBytes`. */
  setHeldBytes(bytes: number, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#association.setHeldBytes(bytes, nowMs);
  }

  /** Closes a channel when its messages have been sent (RFC 8831 section 6.7). */
  close(channel: DataChannel, nowMs: number): void {
    this.#nowMs = nowMs;
    const record = this.#record(channel);
    if (record === undefined || record.state === 'closing' || record.state === 'closed') return;
    this.#startClosing(record);
  }

  /** Ends the association: in peace, when everything is delivered. */
  shutDown(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#association.close(nowMs);
  }

  /** Ends the association at once. */
  abort(): void {
    this.#association.abort();
  }

  /** Does what is due at `nowMs`. Early or superfluous calls do nothing. */
  handleTimeout(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#association.handleTimeout(nowMs);
  }

  /** When `handleTimeout` is due, on the clock of `nowMs`; undefined if nothing is planned. */
  nextTimeoutMs(): number | undefined {
    return this.#association.nextTimeoutMs();
  }

  /** What we keep of a channel, if it is one of ours and not closed. */
  #record(channel: DataChannel): ChannelRecord | undefined {
    const record = channel.id === undefined ? undefined : this.#channels.get(channel.id);
    if (record === channel) return record;
    return this.#unnumbered.find((other) => other === channel);
  }

  #isEnding(): boolean {
    return this.state === 'closing' || this.state === 'closed' || this.state === 'failed';
  }

  /** Gives a channel its stream. False if there is no such stream or it is in use. */
  #place(channel: ChannelRecord, id: number): boolean {
    if (!Number.isInteger(id) || id < 0 || id >= MAX_STREAMS || this.#channels.has(id)) return false;
    this.#adopt(channel, id);
    return true;
  }

  #adopt(channel: ChannelRecord, id: number): void {
    channel.id = id;
    this.#channels.set(id, channel);
    if (this.#association.isResetting(id)) this.#predecessors.add(id);
  }

  #isFull(): boolean {
    return this.#channels.size + this.#unnumbered.length >= this.#maxChannels;
  }

  #handleState(state: SctpState): void {
    if (state === 'closed' || state === 'failed') {
      const all = [...this.#channels.values(), ...this.#unnumbered.splice(0)];
      this.#controls.length = 0;
      for (const channel of all) this.#finish(channel);
    }
    this.#listener.onState(state);
    if (state === 'connected') this.#openWaiting();
  }

  /** The association is connected: opens what waits for that. */
  #openWaiting(): void {
    for (const channel of this.#channels.values()) {
      if (channel.isNegotiated && channel.state === 'connecting') this.#announce(channel);
    }
    if (this.#parity === undefined) return;
    for (const channel of this.#unnumbered.splice(0)) {
      const id = this.#freeStream(this.#parity);
      if (id === undefined) {
        this.#finish(channel);
        continue;
      }
      this.#adopt(channel, id);
      this.#sendControl(id, serializeOpen(channel.parameters));
      this.#announce(channel);
    }
  }

  #freeStream(parity: 0 | 1): number | undefined {
    for (let id: number = parity; id < this.#association.outgoingStreams; id += 2) {
      if (!this.#channels.has(id)) return id;
    }
    return undefined;
  }

  #announce(channel: ChannelRecord): void {
    channel.state = 'open';
    this.#listener.onOpen(channel);
  }

  #sendControl(id: number, bytes: Uint8Array): void {
    this.#controls.push({ id, bytes });
    this.#sendControls();
  }

  /** What does not fit yet, or belongs to a stream that is being reset, is tried again later. */
  #sendControls(): void {
    for (const control of this.#controls.splice(0)) {
      const { id, bytes } = control;
      const result = this.#association.send(id, PayloadProtocol.control, bytes, RELIABLE, this.#nowMs);
      const isLater = result === 'full' || (result === 'closed' && this.#predecessors.has(id));
      if (isLater) this.#controls.push(control);
    }
  }

  #handleMessage(id: number, protocol: number, bytes: Uint8Array): void {
    const channel = this.#channels.get(id);
    if (protocol === PayloadProtocol.control) this.#handleControl(id, channel, bytes);
    else if (channel === undefined || channel.isIncomingReset) this.droppedMessages++;
    else this.#deliver(channel, protocol, bytes);
  }

  #deliver(channel: ChannelRecord, protocol: number, bytes: Uint8Array): void {
    const isText = protocol === PayloadProtocol.text || protocol === PayloadProtocol.textEmpty;
    const isEmpty = protocol === PayloadProtocol.textEmpty || protocol === PayloadProtocol.binaryEmpty;
    // The deprecated parts (52, 54) cannot be told apart from whole messages: they are dropped.
    if (!isText && !isEmpty && protocol !== PayloadProtocol.binary) {
      this.droppedMessages++;
      return;
    }
    // What the peer has sent in answer to the opening message confirms it as well.
    channel.isConfirmed = true;
    if (channel.state !== 'open') return;
    const content = isEmpty ? bytes.subarray(0, 0) : bytes;
    channel.statistics.messagesReceived++;
    channel.statistics.bytesReceived += content.length;
    this.#listener.onMessage(channel, content, isText);
  }

  #handleControl(id: number, channel: ChannelRecord | undefined, bytes: Uint8Array): void {
    const message = parseDcep(bytes);
    if (message?.type === 'ack' && channel !== undefined) channel.isConfirmed = true;
    else if (message?.type === 'open' && (channel === undefined || channel.isIncomingReset)) {
      // The peer has closed the channel before, and its answer to our reset was lost.
      if (channel !== undefined) this.#finish(channel);
      this.#accept(id, message.parameters);
    } else this.droppedMessages++;
  }

  /** The peer has opened a channel. */
  #accept(id: number, parameters: ChannelParameters): void {
    if (this.#isFull() || id >= this.#association.outgoingStreams) {
      this.droppedMessages++;
      this.#association.resetStreams([id], this.#nowMs);
      return;
    }
    const channel = new ChannelRecord(parameters, { isNegotiated: false, isRemote: true });
    this.#adopt(channel, id);
    this.#sendControl(id, serializeAck());
    this.#announce(channel);
  }

  #startClosing(channel: ChannelRecord): void {
    const { id } = channel;
    const isUnknown = this.state === 'new' || this.state === 'connecting';
    if (id === undefined || isUnknown) {
      const place = this.#unnumbered.indexOf(channel);
      if (place >= 0) this.#unnumbered.splice(place, 1);
      this.#finish(channel);
      return;
    }
    channel.state = 'closing';
    // A peer that knows no resets cannot say that it has closed, either.
    if (!this.#association.canResetStreams) channel.isIncomingReset = true;
    this.#association.resetStreams([id], this.#nowMs);
  }

  #handleReset(direction: 'incoming' | 'outgoing', streamIds: readonly number[]): void {
    const ids = streamIds.length === 0 ? [...this.#channels.keys()] : streamIds;
    for (const id of ids) {
      const channel = this.#channels.get(id);
      if (direction === 'outgoing' && this.#predecessors.delete(id)) {
        this.#sendControls();
        this.#listener.onSendPossible();
        continue;
      }
      if (channel === undefined) continue;
      if (direction === 'incoming') channel.isIncomingReset = true;
      else channel.isOutgoingReset = true;
      if (channel.isIncomingReset && channel.isOutgoingReset) this.#finish(channel);
      else if (channel.state === 'open') this.#startClosing(channel);
    }
  }

  #finish(channel: ChannelRecord): void {
    if (channel.state === 'closed') return;
    channel.state = 'closed';
    const { id } = channel;
    if (id !== undefined) {
      this.#channels.delete(id);
      this.#predecessors.delete(id);
      const kept = this.#controls.filter((control) => control.id !== id);
      this.#controls.splice(0, this.#controls.length, ...kept);
    }
    this.#listener.onClose(channel);
  }
}

function isSayable({ label, protocol, maxRetransmits, maxLifetimeMs }: ChannelParameters): boolean {
  // At most three bytes of UTF-8 for each unit of UTF-16.
  const isShort = label.length * 3 <= 65_535 && protocol.length * 3 <= 65_535;
  return isShort && (maxRetransmits === undefined || maxLifetimeMs === undefined);
}

function protocolOf(isText: boolean, isEmpty: boolean): number {
  if (isEmpty) return isText ? PayloadProtocol.textEmpty : PayloadProtocol.binaryEmpty;
  return isText ? PayloadProtocol.text : PayloadProtocol.binary;
}
