/**
 * What the planner knows of an element: what each of its pads can give or take.
 * @module
 */
import type { RtpCodec } from '@rivero/rtp';

/** Media types of a connection, as in the Kurento API. */
export type MediaType = 'AUDIO' | 'VIDEO' | 'DATA';

/** All media types, in the order in which `connect` without a type joins them. */
export const mediaTypes: readonly MediaType[] = ['AUDIO', 'VIDEO', 'DATA'];

/** A source pad whose media comes from the network: one producer of the router. */
export interface ProducerPad {
  /** Tells the pads apart. */
  readonly role: 'producer';
  /** Id of the router's producer. */
  readonly producerId: string;
  /** Codecs that may arrive; the first is what the remote sends unless told otherwise. At least one. */
  readonly codecs: readonly RtpCodec[];
}

/** A sink pad whose media goes to the network: one consumer of the router. */
export interface ConsumerPad {
  /** Tells the pads apart. */
  readonly role: 'consumer';
  /** Id of the router's consumer. */
  readonly consumerId: string;
  /** Codecs that the remote accepts, most wanted first. At least one. */
  readonly codecs: readonly RtpCodec[];
}

/** A pad of an element that hands on, unchanged, what arrives at a sink (PassThrough, ports of a Dispatcher). */
export interface RelayPad {
  /** Tells the pads apart. */
  readonly role: 'relay';
  /** Of a source pad: the element whose sink it hands on. The element itself when left out. */
  readonly from?: string;
}

/** A source pad whose media a host makes: a player, an HTTP upload, an output of a mixer. */
export interface HostSourcePad {
  /** Tells the pads apart. */
  readonly role: 'hostSource';
  /** The host node that makes it. Elements that share a node (ports of a mixer) name the same. */
  readonly nodeId: string;
  /** Which output of the node. Pads that name the same output share its encoders. The media type when left out. */
  readonly output?: string;
  /**
   * The encoded media that it gives, or nothing. `H264` without `profile-level-id` passes as whatever profile a sink takes.
   */
  readonly encoded?: RtpCodec;
  /** True if it gives decoded media, alone or beside the encoded. */
  readonly raw?: boolean;
}

/** Decoded media or one codec that a host node takes. */
export interface HostFormat {
  /** `RAW`, or what the codec is called outside of RTP: `H264`, `AAC`, `OPUS`. */
  readonly name: string;
  /** Audio channels, if the node insists. */
  readonly channels?: number;
}

/** A sink pad that ends in a host: a recorder, an input of a mixer. */
export interface HostSinkPad {
  /** Tells the pads apart. */
  readonly role: 'hostSink';
  /** The host node that takes the media. */
  readonly nodeId: string;
  /** Which input of the node. The media type when left out. */
  readonly input?: string;
  /** What it takes, most wanted first. At least one. */
  readonly formats: readonly HostFormat[];
}

/** Both pads of a filter: decoded media in, decoded media out. The source gives something once the sink gets it. */
export interface HostTransformPad {
  /** Tells the pads apart. */
  readonly role: 'hostTransform';
  /** The host node of the filter. */
  readonly nodeId: string;
}

/** Any pad that gives. */
export type SourcePad = ProducerPad | RelayPad | HostSourcePad | HostTransformPad;

/** Any pad that takes. */
export type SinkPad = ConsumerPad | RelayPad | HostSinkPad | HostTransformPad;

/** The two pads of an element for one media type. A pad that is absent has not been negotiated (yet). */
export interface ElementPads {
  /** What it gives. */
  readonly source?: SourcePad;
  /** What it takes. */
  readonly sink?: SinkPad;
}

/** The pads of an element by media type. */
export type PadTable = Readonly<Partial<Record<MediaType, ElementPads>>>;

/** Frames per second as a fraction. */
export interface Framerate {
  /** Frames. */
  readonly numerator: number;
  /** Seconds in which they pass. */
  readonly denominator: number;
}

/** The format that an element's output is pinned to (`setVideoFormat`, `setAudioFormat`). */
export interface OutputFormat {
  /** `RAW` or a codec name. */
  readonly codec: string;
  /** Frame rate, if it is pinned too. */
  readonly framerate?: Framerate;
  /** Bit rate, bit/s. Changes no plan: whoever steers the encoder applies it. */
  readonly bitrateBps?: number;
}

/** One edge of the graph. Descriptions select named pads; `default` unless an element has several. */
export interface Connection {
  /** Id of the element that gives. */
  readonly sourceId: string;
  /** Id of the element that takes. */
  readonly sinkId: string;
  /** Media type of both pads. */
  readonly type: MediaType;
  /** Name of the source pad. */
  readonly sourceDescription: string;
  /** Name of the sink pad. */
  readonly sinkDescription: string;
}

/** A producer and the element whose source pad it is. */
export interface ProducerOwner {
  /** Id of the router's producer, or of the host node's output (`outputId`). */
  readonly producerId: string;
  /** Id of the element. */
  readonly elementId: string;
  /** Media type of the pad. */
  readonly type: MediaType;
}

/** Id of an output of a host node, as branches and links name it. */
export function outputId(pad: HostSourcePad | HostTransformPad, type: MediaType): string {
  const output = pad.role === 'hostSource' ? pad.output : undefined;
  return `out(${pad.nodeId},${output ?? type})`;
}

/** Name of the input of a host node that a connection with this sink description enters. */
export function inputName(pad: HostSinkPad | HostTransformPad, connection: Connection): string {
  const input = (pad.role === 'hostSink' ? pad.input : undefined) ?? connection.type;
  const { sinkDescription } = connection;
  return sinkDescription === 'default' ? input : `${input}:${sinkDescription}`;
}
