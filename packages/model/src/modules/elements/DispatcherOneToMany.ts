/**
 * Descriptor of the remote class `DispatcherOneToMany`.
 * @module
 */

/** What `DispatcherOneToMany` can do and tell, as data. */
export const DispatcherOneToMany = {
  name: 'DispatcherOneToMany',
  extends: 'Hub',
  doc: 'A hub that forwards one chosen port to all ports.',
  create: {
    doc: 'Makes a one-to-many hub in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  methods: {
    setSource: {
      doc: 'Chooses the port that all others receive.',
      params: { source: { type: 'HubPort', doc: 'The port whose media are forwarded.' } },
    },
    removeSource: { doc: 'Stops forwarding until another source is chosen.' },
  },
} as const;
