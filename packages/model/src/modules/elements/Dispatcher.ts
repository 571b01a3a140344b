/**
 * Descriptor of the remote class `Dispatcher`.
 * @module
 */

/** What `Dispatcher` can do and tell, as data. */
export const Dispatcher = {
  name: 'Dispatcher',
  extends: 'Hub',
  doc: 'A hub that switches: each port can be told which other port to receive.',
  create: {
    doc: 'Makes a switching hub in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  methods: {
    connect: {
      doc: 'Lets a port receive audio and video of another, in place of what it received before.',
      params: {
        source: { type: 'HubPort', doc: 'The port whose media are forwarded.' },
        sink: { type: 'HubPort', doc: 'The port that receives them.' },
      },
      errors: ['CONNECT_ERROR'],
    },
  },
} as const;
