/**
 * Descriptor of the remote class `SdpEndpoint`.
 * @module
 */

/** What `SdpEndpoint` can do and tell, as data. */
export const SdpEndpoint = {
  name: 'SdpEndpoint',
  extends: 'SessionEndpoint',
  abstract: true,
  doc: 'An endpoint that agrees on media by SDP offer and answer, once in its life.',
  properties: {
    maxAudioRecvBandwidth: {
      type: 'int',
      doc: 'Most audio that the peer should send, announced in the SDP. 0 means no limit. Set it before negotiation.',
      unit: 'kbit/s',
    },
    maxVideoRecvBandwidth: {
      type: 'int',
      doc: 'Most video that the peer should send, announced in the SDP and as the ceiling of our REMB. 0 means no limit.',
      unit: 'kbit/s',
    },
  },
  methods: {
    generateOffer: {
      doc: 'Starts the negotiation with an offer of our own. Possible once.',
      params: {
        options: {
          type: 'OfferOptions',
          doc: 'Which kinds of media to offer. All of them when left out.',
          optional: true,
        },
      },
      returns: { type: 'String', doc: 'The SDP offer to hand to the peer.' },
      errors: ['SDP_END_POINT_ALREADY_NEGOTIATED', 'SDP_END_POINT_GENERATE_OFFER_ERROR'],
    },
    processOffer: {
      doc: 'Takes the offer of the peer and agrees on media. Possible once.',
      params: { offer: { type: 'String', doc: 'SDP offer of the peer.' } },
      returns: { type: 'String', doc: 'The SDP answer to hand to the peer.' },
      errors: ['SDP_PARSE_ERROR', 'SDP_END_POINT_ALREADY_NEGOTIATED', 'SDP_END_POINT_PROCESS_OFFER_ERROR'],
    },
    processAnswer: {
      doc: 'Takes the answer of the peer to our offer and completes the negotiation.',
      params: { answer: { type: 'String', doc: 'SDP answer of the peer.' } },
      returns: { type: 'String', doc: 'The local SDP as finally agreed.' },
      errors: [
        'SDP_PARSE_ERROR',
        'SDP_END_POINT_NOT_OFFER_GENERATED',
        'SDP_END_POINT_ANSWER_ALREADY_PROCCESED',
        'SDP_END_POINT_PROCESS_ANSWER_ERROR',
      ],
    },
    getLocalSessionDescriptor: {
      doc: 'Reads our side of the negotiation, gathered candidates included.',
      returns: { type: 'String', doc: 'The local SDP.' },
      errors: ['SDP_END_POINT_NO_LOCAL_SDP_ERROR'],
    },
    getRemoteSessionDescriptor: {
      doc: "Reads the peer's side of the negotiation.",
      returns: { type: 'String', doc: 'The SDP that the peer sent.' },
      errors: ['SDP_END_POINT_NO_REMOTE_SDP_ERROR'],
    },
  },
} as const;
