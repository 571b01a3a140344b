/**
 * Descriptor of the remote class `MediaObject`.
 * @module
 */

/** What `MediaObject` can do and tell, as data. */
export const MediaObject = {
  name: 'MediaObject',
  abstract: true,
  doc: 'Root of everything that lives on the server: it has an id, a name, tags, a parent and children, and raises events.',
  properties: {
    mediaPipeline: {
      type: 'MediaPipeline',
      doc: 'The pipeline this object belongs to; a pipeline answers with itself. Null for the server manager.',
      nullable: true,
      final: true,
    },
    parent: {
      type: 'MediaObject',
      doc: 'The owner: the pipeline of an element or hub, the hub of a port, null for a pipeline. Releasing the owner releases this object.',
      nullable: true,
      final: true,
    },
    id: {
      type: 'String',
      doc: 'The id under which any session can reach this object. It never changes.',
      final: true,
    },
    children: {
      type: 'MediaObject[]',
      doc: 'The objects owned by this one: elements and hubs of a pipeline, ports of a hub. Asking for them keeps them alive for the session.',
      readOnly: true,
    },
    name: {
      type: 'String',
      doc: 'A label for people and logs, at first the id. It need not be unique and cannot be used to find the object.',
    },
    sendTagsInEvents: {
      type: 'boolean',
      doc: 'Whether each event of this object carries its tags. Off unless set.',
      defaultValue: false,
    },
    creationTime: {
      type: 'int',
      doc: 'When the object was made, in whole seconds since 1970-01-01 UTC.',
      unit: 'unix s',
      final: true,
    },
  },
  methods: {
    addTag: {
      doc: 'Attaches a tag to this object, or gives an existing one a new value.',
      params: {
        key: { type: 'String', doc: 'Name of the tag.' },
        value: { type: 'String', doc: 'Text to keep under that name.' },
      },
    },
    removeTag: {
      doc: 'Takes a tag off this object. A tag that is not there is no error.',
      params: { key: { type: 'String', doc: 'Name of the tag.' } },
    },
    getTag: {
      doc: 'Reads the value of one tag.',
      params: { key: { type: 'String', doc: 'Name of the tag.' } },
      returns: { type: 'String', doc: 'The value kept under that name.' },
      errors: ['MEDIA_OBJECT_TAG_KEY_NOT_FOUND'],
    },
    getTags: {
      doc: 'Lists every tag of this object.',
      returns: { type: 'Tag[]', doc: 'The tags, ordered by key.' },
    },
  },
  events: ['Error'],
} as const;
