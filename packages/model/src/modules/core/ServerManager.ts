/**
 * Descriptor of the remote class `ServerManager`.
 * @module
 */

/** What `ServerManager` can do and tell, as data. */
export const ServerManager = {
  name: 'ServerManager',
  extends: 'MediaObject',
  abstract: true,
  doc: 'The server itself, as the one object with the id manager_ServerManager. It tells what runs here and cannot be created.',
  properties: {
    info: { type: 'ServerInfo', doc: 'Version, kind and loaded modules of this server.', readOnly: true },
    pipelines: {
      type: 'MediaPipeline[]',
      doc: 'All pipelines of the server, whoever made them. Asking for them keeps them alive for the session.',
      readOnly: true,
    },
    sessions: { type: 'String[]', doc: 'Ids of the sessions that the server knows.', readOnly: true },
    metadata: { type: 'String', doc: "Free JSON text from the server's configuration.", readOnly: true },
  },
  methods: {
    getKmd: {
      doc: "Describes a module in Kurento's own description format.",
      params: { moduleName: { type: 'String', doc: 'Name of the module, such as core or chroma.' } },
      returns: { type: 'String', doc: 'JSON text with the classes, types and events of the module.' },
      errors: ['UNDEFINED'],
    },
    getCpuCount: {
      doc: 'Counts the logical processors that this process may use, affinity masks included.',
      returns: { type: 'int', doc: 'Number of logical processors.', unit: 'count' },
    },
    getUsedCpu: {
      doc: 'Measures processor load; the answer comes only after the interval has passed.',
      params: {
        interval: {
          type: 'int',
          doc: 'How long to measure. Must be given, although a usual value is declared.',
          unit: 'ms',
          defaultValue: 1000,
        },
      },
      returns: { type: 'float', doc: 'Load of the server, averaged over the interval.', unit: '%' },
    },
    getUsedMemory: {
      doc: 'Measures the memory that the server holds in RAM.',
      returns: { type: 'int64', doc: 'Resident size of the server.', unit: 'KiB' },
    },
  },
  events: ['ObjectCreated', 'ObjectDestroyed'],
} as const;
