/**
 * Descriptor of the remote class `WebRtcEndpoint`.
 * @module
 */

/** What `WebRtcEndpoint` can do and tell, as data. */
export const WebRtcEndpoint = {
  name: 'WebRtcEndpoint',
  extends: 'BaseRtpEndpoint',
  doc: 'Exchanges audio, video and data with a browser or another WebRTC peer.',
  create: {
    doc: 'Makes a WebRTC endpoint in a pipeline.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      recvonly: {
        type: 'boolean',
        doc: 'Whether it only receives: our SDP then says recvonly.',
        optional: true,
        defaultValue: false,
      },
      sendonly: {
        type: 'boolean',
        doc: 'Whether it only sends: our SDP then says sendonly.',
        optional: true,
        defaultValue: false,
      },
      useDataChannels: {
        type: 'boolean',
        doc: 'Whether to negotiate data channels.',
        optional: true,
        defaultValue: false,
      },
      certificateKeyType: {
        type: 'CertificateKeyType',
        doc: 'Kind of the certificate shown in the DTLS handshake.',
        optional: true,
        defaultValue: 'RSA',
      },
      qosDscp: {
        type: 'DSCPValue',
        doc: 'Priority mark put on outgoing packets.',
        optional: true,
        defaultValue: 'NO_VALUE',
      },
    },
  },
  properties: {
    networkInterfaces: {
      type: 'String',
      doc: 'Names of the network interfaces to use for ICE, separated by commas. All when empty. Set it before gathering.',
    },
    iceTcp: { type: 'boolean', doc: 'Whether to gather TCP candidates too. Set it before gathering.' },
    stunServerAddress: {
      type: 'String',
      doc: 'Address of the STUN server, as an IP literal. Set it before gathering.',
    },
    stunServerPort: {
      type: 'int',
      doc: 'UDP port of the STUN server, 3478 unless set. Set it before gathering.',
      unit: 'port',
    },
    turnUrl: {
      type: 'String',
      doc: 'TURN relay as user:password@address:port, with ?transport=udp, tcp or tls where needed. Set it before gathering.',
    },
    externalIPv4: {
      type: 'String',
      doc: 'IPv4 address to announce in place of our own, for servers behind NAT. Set it before gathering.',
    },
    externalIPv6: {
      type: 'String',
      doc: 'IPv6 address to announce in place of our own. Set it before gathering.',
    },
    ICECandidatePairs: {
      type: 'IceCandidatePair[]',
      doc: 'The candidate pair selected for each component.',
      readOnly: true,
    },
    IceConnectionState: { type: 'IceConnection[]', doc: 'The ICE state of each component.', readOnly: true },
    DtlsConnectionState: {
      type: 'DtlsConnection[]',
      doc: 'The DTLS state of each component.',
      readOnly: true,
    },
  },
  methods: {
    gatherCandidates: {
      doc: 'Starts looking for our ICE candidates; each one found raises an event. Call it after the SDP exchange has begun.',
      errors: ['ICE_GATHER_CANDIDATES_ERROR'],
    },
    addIceCandidate: {
      doc: 'Takes a candidate of the peer. It may come early; it is kept until it can be used.',
      params: { candidate: { type: 'IceCandidate', doc: "The candidate as the peer's browser gave it." } },
      errors: ['ICE_ADD_CANDIDATE_ERROR'],
    },
    createDataChannel: {
      doc: 'Opens a data channel to the peer. Limit either the life or the repeats of a message, not both.',
      params: {
        label: {
          type: 'String',
          doc: 'Name that both sides see; need not be unique.',
          optional: true,
          defaultValue: '',
        },
        ordered: {
          type: 'boolean',
          doc: 'Whether messages arrive in the order sent.',
          optional: true,
          defaultValue: true,
        },
        maxPacketLifeTime: {
          type: 'int',
          doc: 'How long a message may be repeated. -1 means for ever.',
          unit: 'ms',
          optional: true,
          defaultValue: -1,
        },
        maxRetransmits: {
          type: 'int',
          doc: 'How often a message may be repeated. -1 means for ever.',
          unit: 'count',
          optional: true,
          defaultValue: -1,
        },
        protocol: {
          type: 'String',
          doc: 'Name of the protocol spoken on the channel.',
          optional: true,
          defaultValue: '',
        },
      },
      errors: [
        'MEDIA_OBJECT_OPERATION_NOT_SUPPORTED',
        'MEDIA_OBJECT_ILLEGAL_PARAM_ERROR',
        'UNEXPECTED_ERROR',
      ],
    },
    closeDataChannel: {
      doc: 'Closes a data channel.',
      params: {
        channelId: {
          type: 'int',
          doc: 'Number of the channel, as in its DataChannelOpened event.',
          unit: 'id',
        },
      },
      errors: ['MEDIA_OBJECT_OPERATION_NOT_SUPPORTED'],
    },
  },
  events: [
    'IceCandidateFound',
    'IceGatheringDone',
    'IceComponentStateChanged',
    'DtlsConnectionStateChange',
    'DataChannelOpened',
    'DataChannelClosed',
    'NewCandidatePairSelected',
  ],
} as const;
