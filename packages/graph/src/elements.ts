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
  readonly role: 'producer';
  /** Id of the router's producer. */
  readonly producerId: string;
  /** Codecs that may arrive; the first is what the remote sends unless told otherwise. At least one. */
  readonly codecs: readonly RtpCodec[];
}

/** A sink pad whose media goes to the network: one consumer of the router. */
export interface ConsumerPad {
  readonly role: 'consumer';
  /** Id of the router's consumer. */
  readonly consumerId: string;
  /** Codecs that the remote accepts, most wanted first. At least one. */
  readonly codecs: readonly RtpCodec[];
}

/** A pad of an element that hands on, unchanged, what arrives at its sink (PassThrough). */
export interface RelayPad {
  readonly role: 'relay';
}

/** The two pads of an element for one media type. A pad that is absent has not been negotiated (yet). */
export interface ElementPads {
  readonly source?: ProducerPad | RelayPad;
  readonly sink?: ConsumerPad | RelayPad;
}

/** The pads of an element by media type. */
export type PadTable = Readonly<Partial<Record<MediaType, ElementPads>>>;

/** One edge of the graph. Descriptions select named pads; `default` unless an element has several. */
export interface Connection {
  readonly sourceId: string;
  readonly sinkId: string;
  readonly type: MediaType;
  readonly sourceDescription: string;
  readonly sinkDescription: string;
}

/** A producer and the element whose source pad it is. */
export interface ProducerOwner {
  readonly producerId: string;
  readonly elementId: string;
  readonly type: MediaType;
}
