/**
 * Descriptor of the remote class `BaseRtpEndpoint`.
 * @module
 */

/** What `BaseRtpEndpoint` can do and tell, as data. */
export const BaseRtpEndpoint = {
  name: 'BaseRtpEndpoint',
  extends: 'SdpEndpoint',
  abstract: true,
  doc: 'What WebRTC and plain RTP endpoints share: bit rates, connection states and key frames.',
  properties: {
    minVideoRecvBandwidth: {
      type: 'int',
      doc: 'Least video bit rate that we ask of the sender by REMB, however bad the network.',
      unit: 'kbit/s',
    },
    minVideoSendBandwidth: {
      type: 'int',
      doc: "Least video bit rate that we send, whatever the peer's REMB says. 0 means no limit.",
      unit: 'kbit/s',
    },
    maxVideoSendBandwidth: {
      type: 'int',
      doc: 'Most video bit rate that we send, 500 unless set. Raise it for better pictures. 0 means no limit.',
      unit: 'kbit/s',
    },
    mediaState: { type: 'MediaState', doc: 'Whether RTCP of the peer arrives.', readOnly: true },
    connectionState: {
      type: 'ConnectionState',
      doc: 'Whether the transports of all negotiated media are up.',
      readOnly: true,
    },
    mtu: { type: 'int', doc: 'Largest RTP packet that we make. Set it before negotiation.', unit: 'bytes' },
    rembParams: {
      type: 'RembParams',
      doc: 'How the bit rate asked of the sender follows losses. Set it before negotiation.',
    },
  },
  methods: {
    requestKeyframe: {
      doc: 'Asks the source for a complete picture. Call it on the endpoint that sends video to a viewer.',
      errors: ['MEDIA_OBJECT_OPERATION_NOT_SUPPORTED'],
    },
  },
  events: ['MediaStateChanged', 'ConnectionStateChanged'],
} as const;
