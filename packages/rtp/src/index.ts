/**
 * RTP and RTCP packets, header extensions, codec payloads and SDP negotiation.
 * @module
 */
export * from './PacketMemory.ts';
export * from './RtpCodec.ts';
export * from './RtpHeader.ts';
export * from './codec/CodecDescriptor.ts';
export * from './codec/av1.ts';
export * from './codec/codecs.ts';
export * from './codec/codecsMatch.ts';
export * from './codec/h264.ts';
export * from './codec/h265.ts';
export * from './codec/vp8.ts';
export * from './codec/vp9.ts';
export * from './headerExtension.ts';
export * from './ntp.ts';
export * from './rtcp/RtcpPacket.ts';
export * from './rtcp/parseRtcp.ts';
export * from './rtcp/serializeRtcp.ts';
export * from './rfc4571.ts';
export * from './sequenceNumber.ts';
export * from './sdp/CodecCapability.ts';
export * from './sdp/NegotiatedSession.ts';
export * from './sdp/SdpError.ts';
export * from './sdp/SdpNegotiation.ts';
export type { MediaDirection } from './sdp/direction.ts';
export type { SdpOfferOptions } from './sdp/offer.ts';
export { type SdpLimits, sdpLimits } from './sdp/parseRemoteDescription.ts';
