/**
 * Descriptor of the remote class `MediaElement`.
 * @module
 */

/** What `MediaElement` can do and tell, as data. */
export const MediaElement = {
  name: 'MediaElement',
  extends: 'MediaObject',
  abstract: true,
  doc: 'Anything in a pipeline that takes in or gives out media and can be connected with others.',
  properties: {
    encoderBitrate: {
      type: 'int',
      doc: 'Bit rate at which an encoder starts when the output must be transcoded.',
      unit: 'bit/s',
    },
    minEncoderBitrate: {
      type: 'int',
      doc: 'Bit rate below which an encoder never goes. 0 means no limit.',
      unit: 'bit/s',
    },
    maxEncoderBitrate: {
      type: 'int',
      doc: 'Bit rate above which an encoder never goes. 0 means no limit.',
      unit: 'bit/s',
    },
  },
  methods: {
    getSourceConnections: {
      doc: 'Lists the connections that feed this element.',
      params: {
        mediaType: {
          type: 'MediaType',
          doc: 'Only connections of this kind. All kinds when left out.',
          optional: true,
        },
        description: {
          type: 'String',
          doc: 'Only connections into the pad of this name. All pads when left out.',
          optional: true,
        },
      },
      returns: { type: 'ElementConnectionData[]', doc: 'One entry per kind of media and source.' },
    },
    getSinkConnections: {
      doc: 'Lists the connections that this element feeds.',
      params: {
        mediaType: {
          type: 'MediaType',
          doc: 'Only connections of this kind. All kinds when left out.',
          optional: true,
        },
        description: {
          type: 'String',
          doc: 'Only connections from the pad of this name. All pads when left out.',
          optional: true,
        },
      },
      returns: { type: 'ElementConnectionData[]', doc: 'One entry per kind of media and sink.' },
    },
    connect: {
      doc: 'Sends the output of this element into another of the same pipeline. Replaces what fed that input before.',
      params: {
        sink: {
          type: 'MediaElement',
          doc: 'The element that shall receive the media. It may be this element itself.',
        },
        mediaType: {
          type: 'MediaType',
          doc: 'Which kind to connect. Audio, video and data when left out.',
          optional: true,
        },
        sourceMediaDescription: {
          type: 'String',
          doc: 'Name of the output pad. The default pad when left out.',
          optional: true,
        },
        sinkMediaDescription: {
          type: 'String',
          doc: 'Name of the input pad. The default pad when left out.',
          optional: true,
        },
      },
      errors: ['CONNECT_ERROR'],
    },
    disconnect: {
      doc: 'Undoes a connection. A connection that is not there is no error.',
      params: {
        sink: { type: 'MediaElement', doc: 'The element that shall no longer receive the media.' },
        mediaType: {
          type: 'MediaType',
          doc: 'Which kind to disconnect. Audio, video and data when left out.',
          optional: true,
        },
        sourceMediaDescription: {
          type: 'String',
          doc: 'Name of the output pad. The default pad when left out.',
          optional: true,
        },
        sinkMediaDescription: {
          type: 'String',
          doc: 'Name of the input pad. The default pad when left out.',
          optional: true,
        },
      },
      errors: ['CONNECT_ERROR'],
    },
    setAudioFormat: {
      doc: 'Fixes the format of the audio that leaves this element, transcoding if it arrives in another.',
      params: { caps: { type: 'AudioCaps', doc: 'Codec and bit rate wanted.' } },
    },
    setVideoFormat: {
      doc: 'Fixes the format of the video that leaves this element, transcoding if it arrives in another.',
      params: { caps: { type: 'VideoCaps', doc: 'Codec and frame rate wanted.' } },
    },
    dumpGstreamerDot: {
      doc: 'Writes the inner media graph into the directory named by GST_DEBUG_DUMP_DOT_DIR; does nothing when that is unset.',
      params: {
        details: {
          type: 'GstreamerDotDetails',
          doc: 'How much to show. Everything when left out.',
          optional: true,
        },
      },
    },
    getGstreamerDot: {
      doc: 'Draws the inner media graph of the element.',
      params: {
        details: {
          type: 'GstreamerDotDetails',
          doc: 'How much to show. Everything when left out.',
          optional: true,
        },
      },
      returns: { type: 'String', doc: 'The graph as Graphviz text.' },
    },
    getStats: {
      doc: 'Reads the statistics of this element.',
      params: {
        mediaType: {
          type: 'MediaType',
          doc: 'Only statistics of this kind. All kinds when left out.',
          optional: true,
        },
      },
      returns: {
        type: 'Stats<>',
        doc: "Statistics by their ids; each one's type tells which fields it has.",
      },
    },
    isMediaFlowingIn: {
      doc: 'Tells whether media arrived at this element lately.',
      params: {
        mediaType: { type: 'MediaType', doc: 'Audio or video.' },
        sinkMediaDescription: {
          type: 'String',
          doc: 'Name of the input pad.',
          optional: true,
          defaultValue: 'default',
        },
      },
      returns: { type: 'boolean', doc: 'True while media arrive.' },
      errors: ['MEDIA_OBJECT_ILLEGAL_PARAM_ERROR'],
    },
    isMediaFlowingOut: {
      doc: 'Tells whether this element gave out media lately.',
      params: {
        mediaType: { type: 'MediaType', doc: 'Audio or video.' },
        sourceMediaDescription: {
          type: 'String',
          doc: 'Name of the output pad.',
          optional: true,
          defaultValue: 'default',
        },
      },
      returns: { type: 'boolean', doc: 'True while media leave.' },
      errors: ['MEDIA_OBJECT_ILLEGAL_PARAM_ERROR'],
    },
    isMediaTranscoding: {
      doc: 'Tells whether the output of this element is decoded and encoded anew for some sink.',
      params: {
        mediaType: { type: 'MediaType', doc: 'Audio or video.' },
        binName: {
          type: 'String',
          doc: 'Name of the transcoding stage.',
          optional: true,
          defaultValue: 'default',
        },
      },
      returns: { type: 'boolean', doc: 'True once a transcoder is at work.' },
      errors: ['MEDIA_OBJECT_ILLEGAL_PARAM_ERROR'],
    },
  },
  events: [
    'ElementConnected',
    'ElementDisconnected',
    'MediaFlowOutStateChanged',
    'MediaFlowInStateChanged',
    'MediaTranscodingStateChanged',
  ],
} as const;
