/**
 * Descriptor of the remote class `RtpEndpoint`.
 * @module
 */

/** What `RtpEndpoint` can do and tell, as data. */
export const RtpEndpoint = {
  name: 'RtpEndpoint',
  extends: 'BaseRtpEndpoint',
  doc: 'Exchanges media by RTP with a peer that knows no WebRTC, encrypted by SDES if wished.',
  create: {
    doc: 'Makes an RTP endpoint in a pipeline.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      crypto: {
        type: 'SDES',
        doc: 'Key and cipher suite for SRTP. Plain RTP when left out or empty.',
        optional: true,
        defaultValue: {},
      },
      useIpv6: {
        type: 'boolean',
        doc: 'Whether to announce an IPv6 address instead of an IPv4 one.',
        optional: true,
        defaultValue: false,
      },
    },
    errors: ['MEDIA_OBJECT_ILLEGAL_PARAM_ERROR', 'SDP_END_POINT_CANNOT_CREATE_SESSON'],
  },
  events: ['OnKeySoftLimit'],
} as const;
