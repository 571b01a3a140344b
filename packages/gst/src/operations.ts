/**
 * What control may ask of a media host process, and what a media host tells control.
 *
 * A *branch* is one pipeline made of launch text. A *part* is a piece that is added to a running branch and taken away
 * again, for instance one input of a mixer. Every id is chosen by control and unique within the host.
 *
 * ## Streams between router and host
 *
 * The router listens on a unix stream socket in a folder that only its user can enter. For each stream the host opens
 * one connection for RTP, and one for RTCP if there is any; a connection carries packets in RFC 4571 framing. The
 * first frame that the host sends is no packet but the greeting: the stream id in UTF-8, by which the router knows what
 * the connection is for. After it, the RTP connection carries packets one way, and the RTCP connection both ways
 * (sender reports with the media; receiver reports, PLI and REMB against it). The end of a connection is the end of
 * the stream. Neither side waits for the other: each drops whole packets when too much is waiting.
 * In launch text, `fd=socket:NAME` stands for the descriptor of the connection with that name.
 * @module
 */
import type { StructureFields } from './BusMessage.ts';
import type { ElementState } from './Element.ts';
import type { ErrorEventType } from './errorEvent.ts';
import type { PropertyDescription } from './native/properties.ts';
import type { PropertyValue } from './native/GValue.ts';

/** A connection to a router that the launch text uses as `fd=socket:NAME`. */
export interface SocketRequest {
  /** Name in the launch text: letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** Path of the socket that the router listens on, at most 107 bytes. */
  readonly path: string;
  /** Greeting by which the router knows the stream. */
  readonly streamId: string;
}

/** Makes a branch. */
export interface LaunchRequest {
  /** Chosen by control; unique within the host. */
  readonly branchId: string;
  /** Launch text, in the language of `gst-launch-1.0`. */
  readonly text: string;
  /** Connections that the text uses; none when left out. */
  readonly sockets?: readonly SocketRequest[];
  /** State to go to; PLAYING when left out. */
  readonly state?: ElementState;
}

/** A pad to request from an element of the branch. */
export interface PadRequest {
  /** Name of the element. */
  readonly element: string;
  /** Template of the pad, for instance `sink_%u`. */
  readonly pad: string;
  /** Properties of the new pad, for instance `xpos`. */
  readonly properties?: Readonly<Record<string, PropertyValue>>;
}

/** Adds a part to a branch. */
export interface LinkRequest {
  /** The branch. */
  readonly branchId: string;
  /** Chosen by control; unique within the branch, also among the names of its elements. */
  readonly partId: string;
  /** Launch text; its first open sink and source pads are those of the part. */
  readonly text: string;
  /** Connections that the text uses; none when left out. */
  readonly sockets?: readonly SocketRequest[];
  /** Source pad to request from the branch (of a `tee`) for the part's sink; none for a part with sources of its own. */
  readonly from?: PadRequest;
  /** Sink pad to request from the branch (of a mixer) for the part's source; none for a part with sinks of its own. */
  readonly into?: PadRequest;
}

/** Names one property of an element or pad. */
export interface PropertyRequest {
  /** The branch. */
  readonly branchId: string;
  /** Name of the element, at any depth. */
  readonly element: string;
  /** Name of a pad of it whose property is meant, else the element's own. */
  readonly pad?: string;
  /** Name of the property. */
  readonly property: string;
}

/** Position and state of a branch. */
export interface BranchPosition {
  /** State that is reached now. */
  readonly state: ElementState;
  /** Position, nanoseconds, or undefined when nothing can tell. */
  readonly positionNs: bigint | undefined;
  /** Duration, nanoseconds, or undefined when nothing can tell, as for live sources. */
  readonly durationNs: bigint | undefined;
  /** A source delivers media as it happens. */
  readonly live: boolean;
  /** Least latency between sources and sinks, nanoseconds, or undefined when not all elements can tell yet. */
  readonly latencyNs: bigint | undefined;
}

/** Counters of a branch. */
export interface BranchStats {
  /** Time since it was made, milliseconds. */
  readonly ageMs: number;
  /** Parts that are linked now. */
  readonly parts: number;
  /** Errors and warnings of its elements, and how many of those were not told because there were too many. */
  readonly errors: number;
  /** Warnings of its elements. */
  readonly warnings: number;
  /** Errors and warnings that were not sent as events because there were too many at once. */
  readonly suppressed: number;
  /** The `stats` property of each element that has one, by element name, as text. */
  readonly elements: Readonly<Record<string, string>>;
}

/** Counts of what a media host holds. */
export interface HostDump {
  /** Branches, by id, each with its parts. */
  readonly branches: Readonly<Record<string, readonly string[]>>;
  /** Connections to routers. */
  readonly sockets: number;
  /** Open descriptors of the process. */
  readonly descriptors: number;
  /** Threads of the process. */
  readonly threads: number;
  /** Resident memory, bytes. */
  readonly residentBytes: number;
  /** CPU time of the process since its start, user and system, microseconds. */
  readonly cpuUs: number;
}

/** An element that may be installed. */
export interface FactoryDescription {
  /** Name of the factory. */
  readonly name: string;
  /** It is there. */
  readonly available: boolean;
  /** Properties of its elements, when asked for and available; else empty. */
  readonly properties: readonly PropertyDescription[];
}

/** Request and reply of each operation. */
export interface HostOperations {
  /** Makes a branch, and goes to its state. */
  launch: { request: LaunchRequest; reply: undefined };
  /** Adds a part to a running branch; the reply names the pads that were made. */
  link: { request: LinkRequest; reply: { fromPad: string | undefined; intoPad: string | undefined } };
  /** Takes a part away from a running branch. The rest keeps running. */
  unlink: { request: { branchId: string; partId: string }; reply: undefined };
  /** Sets a property. */
  set: { request: PropertyRequest & { value: PropertyValue }; reply: undefined };
  /** Value of a property. */
  get: { request: PropertyRequest; reply: { value: PropertyValue } };
  /** Goes on at a position: exactly there, or at the nearest key frame before it. */
  seek: { request: { branchId: string; positionNs: bigint; accurate: boolean }; reply: undefined };
  /** Changes the state of a branch. */
  setState: { request: { branchId: string; state: ElementState }; reply: undefined };
  /** Ends the streams at their sources, so that muxers finish their files; event `eos` tells when. */
  sendEos: { request: { branchId: string }; reply: undefined };
  /** Makes an encoder produce a key frame, by an event at its source pad. */
  requestKeyFrame: { request: { branchId: string; element: string }; reply: undefined };
  /** Position, duration, latency and state. */
  query: { request: { branchId: string }; reply: BranchPosition };
  /** The branch as a graph in the language of graphviz; `details` are flags of `GstDebugGraphDetails`. */
  dot: { request: { branchId: string; details?: number }; reply: { text: string } };
  /** Ends a branch with its parts and connections. */
  close: { request: { branchId: string }; reply: undefined };
  /** Counters of a branch. */
  stats: { request: { branchId: string }; reply: BranchStats };
  /** Everything that this process holds, for people and leak tests. */
  dump: { request: Record<string, never>; reply: HostDump };
  /** Whether elements are installed, and what properties they have. */
  describe: {
    request: { factories: readonly string[]; properties: boolean };
    reply: { version: string; factories: FactoryDescription[] };
  };
  /** Nothing: an answer shows that the host is well. */
  ping: { request: Record<string, never>; reply: undefined };
}

/** Who an event is about. */
export interface EventSource {
  /** The branch. */
  readonly branchId: string;
  /** The part that the element belongs to, if it belongs to one. */
  readonly partId: string | undefined;
  /** Name of the element. */
  readonly element: string;
}

/** A failure of an element, ready for Kurento's `Error` event. */
export interface ErrorEvent extends EventSource {
  /** Type of spec 3.18. */
  readonly type: ErrorEventType;
  /** GStreamer's number within its domain. */
  readonly errorCode: number;
  /** Text of spec 3.18: number, message, source and element, debug text. */
  readonly description: string;
}

/** What a media host tells by itself. */
export interface HostEvents {
  /** An element failed; its streams have stopped. */
  error: ErrorEvent;
  /** An element worries, and goes on. */
  warning: ErrorEvent;
  /** All sinks of a branch have finished. */
  eos: { branchId: string };
  /** A branch has reached another state. */
  stateChanged: { branchId: string; state: ElementState };
  /** All sinks of a branch have received the start of their stream. */
  streamReady: { branchId: string };
  /** How full the buffers of a network source are, 0 to 100. */
  buffering: { branchId: string; percent: number };
  /** An element says something of its own kind, for instance a barcode. */
  elementMessage: EventSource & { name: string; fields: StructureFields };
}

/** First message of a media host: it accepts operations. */
export interface HostReady {
  /** For instance `GStreamer 1.22.0`. */
  readonly version: string;
}
