/**
 * WebRTC for pages that talk to Rivero or Kurento through an application: `WebRtcPeer`, and `kurentoUtils` for
 * pages written for kurento-utils.
 * @module
 */
export {
  type KurentoUtils,
  type DataChannelConfig,
  type KurentoUtilsEvents,
  type KurentoUtilsOptions,
  KurentoUtilsPeer,
  type NodeCallback,
  type OfferCallback,
  type PeerConstructor,
  kurentoUtils,
} from './kurentoUtils.ts';
export { type MediaSource, defaultConstraints } from './mediaSource.ts';
export type { IncomingStats, MediaKind, OutgoingStats, PeerStats, StatsReport } from './peerStats.ts';
export { StatsSampler } from './peerStats.ts';
export type { Listener } from './TypedEvents.ts';
export { TypedEvents } from './TypedEvents.ts';
export { type PeerMode, WebRtcPeer, type WebRtcPeerEvents, type WebRtcPeerOptions } from './WebRtcPeer.ts';
export { WebRtcPeerError, type WebRtcPeerErrorCode } from './WebRtcPeerError.ts';
