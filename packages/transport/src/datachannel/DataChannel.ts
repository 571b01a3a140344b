/**
 * One data channel, as its host sees it.
 * @module
 */
import type { SctpState } from '../sctp/SctpListener.ts';
import type { ChannelParameters } from './dcep.ts';

/** States of RTCDataChannelState (W3C WebRTC). */
export type DataChannelState = 'connecting' | 'open' | 'closing' | 'closed';

/** What a channel has carried. User messages only; bytes without any header. */
export interface DataChannelStatistics {
  /** Messages that were accepted for sending. */
  readonly messagesSent: number;
  /** Bytes of them. */
  readonly bytesSent: number;
  /** Messages that have arrived. */
  readonly messagesReceived: number;
  /** Bytes of them. */
  readonly bytesReceived: number;
}

/** A data channel. It is changed by its `DataChannels` alone. */
export interface DataChannel {
  /** Stream identifier; undefined until DTLS has decided who takes even ones. */
  readonly id: number | undefined;
  /** What was said when it was opened. */
  readonly parameters: ChannelParameters;
  /** True if both applications know of it, so that it was not opened by a message. */
  readonly isNegotiated: boolean;
  /** True if the peer has opened it. */
  readonly isRemote: boolean;
  /** How far it is. */
  readonly state: DataChannelState;
  /** Counters. */
  readonly statistics: DataChannelStatistics;
}

/** How to open a channel. Not both of the limits may be given. */
export interface DataChannelInit extends Partial<ChannelParameters> {
  /** The stream of a channel that both applications know of. Without it the channel is opened by a message. */
  readonly negotiatedId?: number;
}

/**
 * Implemented by the host. Called from within the methods of `DataChannels`; the host may open, send and close from
 * within these calls, but not from within `onSend`.
 */
export interface DataChannelsListener {
  /** Send this as one record of DTLS application data; its memory is used again after the call. */
  onSend(packet: Uint8Array): void;
  /** The association is in another state. When it ends every channel has been closed before. */
  onState(state: SctpState): void;
  /** A channel of ours or the peer's is open. Once per channel. */
  onOpen(channel: DataChannel): void;
  /** A message; the bytes are the listener's. Text is UTF-8, not checked. */
  onMessage(channel: DataChannel, bytes: Uint8Array, isText: boolean): void;
  /** A channel is closed, by whomever. Once per channel. */
  onClose(channel: DataChannel): void;
  /** The bytes that wait on a channel have fallen to its threshold. */
  onBufferedLow(channel: DataChannel): void;
  /** A message was refused with `full`; now there is room again. */
  onSendPossible(): void;
}

/** A channel as `DataChannels` keeps it. */
export class ChannelRecord implements DataChannel {
  /** See `DataChannel`. */
  id: number | undefined;
  /** See `DataChannel`. */
  readonly parameters: ChannelParameters;
  /** See `DataChannel`. */
  readonly isNegotiated: boolean;
  /** See `DataChannel`. */
  readonly isRemote: boolean;
  /** See `DataChannel`. */
  state: DataChannelState = 'connecting';
  /** See `DataChannelStatistics`. */
  readonly statistics = { messagesSent: 0, bytesSent: 0, messagesReceived: 0, bytesReceived: 0 };
  /** True once the peer certainly knows of the channel: before, messages have to stay behind the opening one. */
  isConfirmed: boolean;
  /** Our stream was reset. */
  isOutgoingReset = false;
  /** The peer's stream was reset. */
  isIncomingReset = false;

  /** In state `connecting`. */
  constructor(parameters: ChannelParameters, kind: { isNegotiated: boolean; isRemote: boolean }) {
    this.parameters = parameters;
    this.isNegotiated = kind.isNegotiated;
    this.isRemote = kind.isRemote;
    this.isConfirmed = kind.isNegotiated || kind.isRemote;
  }
}
