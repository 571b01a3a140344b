/**
 * Descriptor of the remote class `Hub`.
 * @module
 */

/** What `Hub` can do and tell, as data. */
export const Hub = {
  name: 'Hub',
  extends: 'MediaObject',
  abstract: true,
  doc: 'A place where media of several elements meet. Elements do not connect to a hub but to its ports.',
  methods: {
    getGstreamerDot: {
      doc: 'Draws the inner media graph of the hub.',
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
      doc: 'Writes the inner media graph into the directory named by GST_DEBUG_DUMP_DOT_DIR; does nothing when that is unset.',
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
