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

/** A pad of an element that hands on, unchanged, what arrives at its sink (PassThrough). */
export interface RelayPad {
  /** Tells the pads apart. */
  readonly role: 'relay';
}

/** The two pads of an element for one media type. A pad that is absent has not been negotiated (yet). */
export interface ElementPads {
  /** What it gives. */
  readonly source?: ProducerPad | RelayPad;
  /** What it takes. */
  readonly sink?: ConsumerPad | RelayPad;
}

/** The pads of an element by media type. */
export type PadTable = Readonly<Partial<Record<MediaType, ElementPads>>>;

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
  /** Id of the router's producer. */
  readonly producerId: string;
  /** Id of the element. */
  readonly elementId: string;
  /** Media type of the pad. */
  readonly type: MediaType;
}
