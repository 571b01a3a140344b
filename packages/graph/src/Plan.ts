/**
 * What a plan says: forwards of the router, branches of the hosts, and why for every edge. Data only.
 * @module
 */
import type { RtpCodec } from '@rivero/rtp';
import type { Connection, Framerate, MediaType } from './elements.ts';

/** What keeps media from flowing over an edge. */
export type NothingCause =
  /** Data channels are not planned. */
  | 'data'
  /** The source has no pad for this media yet. */
  | 'sourceNotNegotiated'
  /** The sink has no pad for this media yet. */
  | 'sinkNotNegotiated'
  /** A relay or filter on the way has no source. */
  | 'noSource'
  /** The elements form a circle. */
  | 'circle'
  /** A pad exists without any codec. */
  | 'noCodec'
  /** A filter on the way is not fed: its own edge says why. */
  | 'filterWithoutMedia'
  /** No host can decode, encode or packetize what this edge needs. Waiting does not help. */
  | 'unsupported';

/** Why an edge carries media, or why not. `producerId` is whose packets or frames tell that media flows. */
export type EdgeReason =
  /** The router rewrites and forwards packets of this codec. */
  | { readonly state: 'forward'; readonly codec: string; readonly producerId: string }
  /** The edge hands its media to an element that passes it on. */
  | { readonly state: 'relay'; readonly producerId: string }
  /** A host takes or gives the media as it is encoded. */
  | {
      readonly state: 'remux';
      readonly codec: string;
      readonly producerId: string;
      readonly why: string;
      /** Ids of the branches on the way, from source to sink. */
      readonly branches: readonly string[];
    }
  /** A host has to decode, encode or both. Without `producerId` there is no host, and nothing flows. */
  | {
      readonly state: 'transcode';
      /** Codec of the source, or `RAW`. */
      readonly from: string;
      /** Codec that the sink gets, or `RAW`. */
      readonly to: string;
      readonly why: string;
      readonly producerId?: string;
      /**
       * The element whose output is transcoded, and whose bit rates steer the encoder: the source, or the one before it
       * whose format is pinned.
       */
      readonly by?: string;
      /** Ids of the branches on the way, from source to sink. */
      readonly branches?: readonly string[];
      /** True if the sink is a filter, which gives as soon as it gets. */
      readonly passesOn?: boolean;
    }
  /** Decoded media goes from one host node to another. */
  | {
      readonly state: 'raw';
      readonly producerId: string;
      readonly why: string;
      /** True if the sink is a filter, which gives as soon as it gets. */
      readonly passesOn: boolean;
    }
  /** A host could serve it, but the policy of the pipeline says no. */
  | { readonly state: 'forbidden'; readonly from: string; readonly to: string; readonly why: string }
  /** No media can flow yet, or ever: see `cause`. */
  | { readonly state: 'nothing'; readonly why: string; readonly cause: NothingCause };

/** One edge with its reason. */
export interface PlannedEdge {
  /** The edge itself. */
  readonly connection: Connection;
  /** What happens to it. */
  readonly reason: EdgeReason;
}

/** A stream that leaves the router for the hosts: a router consumer of kind host. */
export interface Tap {
  /** Id of the router consumer, and of the stream in the host. */
  readonly id: string;
  /** The router producer that it consumes. */
  readonly producerId: string;
  /** Media type. */
  readonly type: MediaType;
  /** What the host receives. */
  readonly codec: RtpCodec;
}

/** Decodes one stream, for everybody. */
export interface Decoder {
  /** Id of the branch, and of the decoded media that it gives. */
  readonly id: string;
  /** A tap, or the encoded output of a host node. */
  readonly streamId: string;
  /** Media type. */
  readonly type: MediaType;
  /** What it decodes. */
  readonly codec: RtpCodec;
}

/** Encodes decoded media once per distinct format, for everybody. */
export interface Encoder {
  /** Id of the branch, and of the stream that it gives. */
  readonly id: string;
  /** A decoder, or the decoded output of a host node. */
  readonly rawId: string;
  /** Media type. */
  readonly type: MediaType;
  /** What it makes. */
  readonly codec: RtpCodec;
  /** Frame rate to convert to before, if pinned. */
  readonly framerate?: Framerate;
  /** The router producer that it feeds while the plan has a feed of this id; all viewers forward from it. */
  readonly producerId: string;
}

/** Packetizes one stream of a host and gives it to the router. */
export interface Feed {
  /** Id of the branch, and of the router producer. */
  readonly id: string;
  /** An encoder, or the encoded output of a host node. */
  readonly streamId: string;
  /** Media type. */
  readonly type: MediaType;
  /** What the router receives. */
  readonly codec: RtpCodec;
}

/** Media that goes into an input of a host node. */
export interface HostLink {
  /** Id of the link. */
  readonly id: string;
  /** Raw: a decoder or an output of a node. Encoded: a tap, an encoder or an output of a node. */
  readonly fromId: string;
  /** The node. */
  readonly nodeId: string;
  /** The input of the node, `<input>:<description>` if the connection names a sink pad. One link at a time and media type. */
  readonly input: string;
  /** Media type. */
  readonly type: MediaType;
  /** Codec of encoded media; absent on raw links. */
  readonly codec?: RtpCodec;
  /** Frame rate to convert raw media to, if pinned. */
  readonly framerate?: Framerate;
}

/** What the router and the hosts have to do for a whole pipeline. */
export interface Plan {
  /** Consumer id → producer id. A consumer that is not named receives nothing. */
  readonly forwards: ReadonlyMap<string, string>;
  /** Every connection, with the reason for what happens to it. */
  readonly edges: readonly PlannedEdge[];
  /** Streams that enter the hosts, by id: one for each producer and codec that any branch needs. */
  readonly taps: ReadonlyMap<string, Tap>;
  /** Decoders by id: one for each stream that anybody needs raw. */
  readonly decoders: ReadonlyMap<string, Decoder>;
  /** Encoders by id: one for each distinct raw source and format. */
  readonly encoders: ReadonlyMap<string, Encoder>;
  /** Streams that leave the hosts for the router, by id. */
  readonly feeds: ReadonlyMap<string, Feed>;
  /** Decoded media into host nodes, by id. */
  readonly rawLinks: ReadonlyMap<string, HostLink>;
  /** Encoded media into host nodes, by id. */
  readonly encodedLinks: ReadonlyMap<string, HostLink>;
}

const noBranches = {
  taps: new Map<string, Tap>(),
  decoders: new Map<string, Decoder>(),
  encoders: new Map<string, Encoder>(),
  feeds: new Map<string, Feed>(),
  rawLinks: new Map<string, HostLink>(),
  encodedLinks: new Map<string, HostLink>(),
};

/** Plan of a pipeline without elements. */
export const emptyPlan: Plan = { forwards: new Map(), edges: [], ...noBranches };

/** What is left of a plan when its hosts have died: only what the router does from its own producers. */
export function withoutBranches(plan: Plan): Plan {
  const forwards = [...plan.forwards].filter(([, producerId]) => !plan.feeds.has(producerId));
  return { forwards: new Map(forwards), edges: plan.edges, ...noBranches };
}
