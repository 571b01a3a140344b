/**
 * Descriptor of the remote class `MediaPipeline`.
 * @module
 */

/** What `MediaPipeline` can do and tell, as data. */
export const MediaPipeline = {
  name: 'MediaPipeline',
  extends: 'MediaObject',
  doc: 'Holds elements and hubs that may be connected with each other; releasing it releases them all.',
  create: { doc: 'Makes an empty pipeline.', params: {} },
  properties: {
    latencyStats: {
      type: 'boolean',
      doc: 'Whether elements measure how long media take through them. Turn it on to find latencies in the statistics.',
      defaultValue: false,
    },
  },
  methods: {
    getGstreamerDot: {
      doc: 'Draws the media graph of the whole pipeline.',
      params: {
        details: {
          type: 'GstreamerDotDetails',
          doc: 'How much to show. Everything when left out.',
          optional: true,
        },
      },
      returns: { type: 'String', doc: 'The graph as Graphviz text.' },
    },
    dumpGstreamerDot: {
      doc: 'Writes the media graph into the directory named by GST_DEBUG_DUMP_DOT_DIR; does nothing when that is unset.',
      params: {
        details: {
          type: 'GstreamerDotDetails',
          doc: 'How much to show. Everything when left out.',
          optional: true,
        },
      },
    },
  },
} as const;
