/**
 * Descriptor of the remote class `Mixer`.
 * @module
 */

/** What `Mixer` can do and tell, as data. */
export const Mixer = {
  name: 'Mixer',
  extends: 'Hub',
  doc: 'A hub in which each port hears a mix of chosen ports and sees one of them.',
  create: {
    doc: 'Makes a mixing hub in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  methods: {
    connect: {
      doc: 'Adds the audio of a port to what another hears, or chooses the video that it sees.',
      params: {
        media: { type: 'MediaType', doc: 'Audio or video. Data cannot be mixed.' },
        source: { type: 'HubPort', doc: 'The port whose media are taken.' },
        sink: { type: 'HubPort', doc: 'The port that gets them.' },
      },
      errors: ['CONNECT_ERROR', 'UNSUPPORTED_MEDIA_TYPE'],
    },
    disconnect: {
      doc: 'Takes the audio of a port out of what another hears.',
      params: {
        media: { type: 'MediaType', doc: 'Audio; video cannot be taken away, only replaced.' },
        source: { type: 'HubPort', doc: 'The port whose audio is taken out.' },
        sink: { type: 'HubPort', doc: 'The port that no longer hears it.' },
      },
      errors: ['CONNECT_ERROR', 'UNSUPPORTED_MEDIA_TYPE'],
    },
  },
} as const;
