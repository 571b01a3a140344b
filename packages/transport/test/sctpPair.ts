/**
 * Two SCTP associations, or two sets of data channels, on a network in virtual time.
 *
 * ```
 *   SctpAssociation ─ onSend ─ Network (loss, delay, rate …) ─ receive ─ SctpAssociation
 *         │                                                                  │
 *       diary                                                              diary
 * ```
 * @module
 */
import {
  type DataChannel,
  DataChannels,
  type DataChannelsOptions,
  SctpAssociation,
  type SctpAssociationOptions,
  type SctpState,
} from '@rivero/transport';
import { at, Network, type Weather } from './network.ts';
import { hmacSha1 } from './nodeCrypto.ts';

const ADDRESSES = { left: at('10.0.0.1:1'), right: at('10.0.0.2:1') };

/** A message as it arrived. */
interface Received {
  readonly streamId: number;
  readonly payloadProtocol: number;
  readonly bytes: Uint8Array;
}

/** An association with its diary. */
export interface SctpPeer {
  readonly association: SctpAssociation;
  readonly states: SctpState[];
  readonly messages: Received[];
  readonly resets: [direction: string, streamIds: readonly number[]][];
  readonly low: number[];
  readonly packets: Uint8Array[];
  room: number;
  /** Packets for which this is true are not sent. */
  isSwallowed: (packet: Uint8Array) => boolean;
}

type Settings = Partial<Omit<SctpAssociationOptions, 'listener'>>;

/** Random bytes whose first eight, tag and initial TSN, are these. */
export function startingWith(tag: number, initialTsn: number): (length: number) => Uint8Array {
  return (length) => {
    const bytes = new Uint8Array(length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, tag);
    view.setUint32(4, initialTsn);
    return bytes;
  };
}

/** A peer whose packets go to `send`. */
export function sctpPeer(settings: Settings, send: (packet: Uint8Array) => void): SctpPeer {
  const states: SctpState[] = [];
  const messages: Received[] = [];
  const resets: SctpPeer['resets'] = [];
  const low: number[] = [];
  const packets: Uint8Array[] = [];
  const association = new SctpAssociation({
    localPort: 5000,
    remotePort: 5000,
    randomBytes: startingWith(1, 1),
    hmacSha1,
    ...settings,
    listener: {
      onSend: (packet) => {
        if (peer.isSwallowed(packet)) return;
        if (packets.length < 10_000) packets.push(packet.slice());
        send(packet);
      },
      onState: (state) => states.push(state),
      onMessage: (streamId, payloadProtocol, bytes) => messages.push({ streamId, payloadProtocol, bytes }),
      onStreamReset: (direction, streamIds) => resets.push([direction, streamIds]),
      onBufferedLow: (streamId) => low.push(streamId),
      onSendPossible: () => void peer.room++,
    },
  });
  const peer: SctpPeer = {
    association,
    states,
    messages,
    resets,
    low,
    packets,
    room: 0,
    isSwallowed: () => false,
  };
  return peer;
}

/** Two associations that are not connected yet. */
export function sctpPair(weather: Weather = {}, leftSettings: Settings = {}, rightSettings: Settings = {}) {
  const network = new Network(weather);
  const randomBytes = (length: number) => Uint8Array.from({ length }, () => network.random() * 256);
  const side = (name: 'left' | 'right', settings: Settings) => {
    const other = name === 'left' ? 'right' : 'left';
    const peer = sctpPeer({ randomBytes, ...settings }, (packet) =>
      network.send(ADDRESSES[name], ADDRESSES[other], packet),
    );
    network.attach(ADDRESSES[name], (packet) => peer.association.receive(packet, network.nowMs));
    network.schedule(peer.association);
    return peer;
  };
  const left = side('left', leftSettings);
  const right = side('right', rightSettings);
  const connect = (isBoth = true) => {
    left.association.connect(network.nowMs);
    if (isBoth) right.association.connect(network.nowMs);
    network.run(30_000, () => [left, right].every(({ association }) => association.state === 'connected'));
  };
  return { network, left, right, connect };
}

/** Data channels with a diary. */
interface ChannelPeer {
  readonly channels: DataChannels;
  readonly events: string[];
  readonly opened: DataChannel[];
  /** Called for each message. */
  onMessage: (channel: DataChannel, bytes: Uint8Array, isText: boolean) => void;
}

/** Two sets of data channels; the left is the DTLS client. */
export function channelPair(weather: Weather = {}, settings: Partial<DataChannelsOptions> = {}) {
  const network = new Network(weather);
  const randomBytes = (length: number) => Uint8Array.from({ length }, () => network.random() * 256);
  const side = (name: 'left' | 'right') => {
    const other = name === 'left' ? 'right' : 'left';
    const events: string[] = [];
    const opened: DataChannel[] = [];
    const channels = new DataChannels({
      localPort: 5000,
      remotePort: 5000,
      randomBytes,
      hmacSha1,
      ...settings,
      listener: {
        onSend: (packet) => network.send(ADDRESSES[name], ADDRESSES[other], packet),
        onState: (state) => events.push(state),
        onOpen: (channel) => {
          opened.push(channel);
          events.push(`open ${channel.id} ${channel.parameters.label}`);
        },
        onClose: (channel) => events.push(`close ${channel.id} ${channel.parameters.label}`),
        onMessage: (channel, bytes, isText) => peer.onMessage(channel, bytes, isText),
        onBufferedLow: (channel) => events.push(`low ${channel.id}`),
        onSendPossible: () => events.push('room'),
      },
    });
    const peer: ChannelPeer = {
      channels,
      events,
      opened,
      onMessage: ({ id }, bytes, isText) =>
        events.push(`${isText ? 'text' : 'binary'} ${id} ${Buffer.from(bytes).toString()}`),
    };
    network.attach(ADDRESSES[name], (packet) => channels.receive(packet, network.nowMs));
    network.schedule(channels);
    return peer;
  };
  const left = side('left');
  const right = side('right');
  const connect = () => {
    left.channels.connect('client', network.nowMs);
    right.channels.connect('server', network.nowMs);
    network.run(30_000, () => [left, right].every(({ channels }) => channels.state === 'connected'));
  };
  return { network, left, right, connect };
}

/** Bytes that tell where they belong: `number` in the first four, then a pattern. */
export function numbered(number: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(4, length));
  for (let i = 4; i < bytes.length; i++) bytes[i] = (number * 31 + i) & 0xff;
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** The number in a message of `numbered`. */
export function numberOf({ bytes }: { readonly bytes: Uint8Array }): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
