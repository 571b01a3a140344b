/**
 * Descriptor of the remote class `HubPort`.
 * @module
 */

/** What `HubPort` can do and tell, as data. */
export const HubPort = {
  name: 'HubPort',
  extends: 'MediaElement',
  doc: "The plug of a hub: an element that carries media into the hub and the hub's result out of it.",
  create: {
    doc: 'Opens a new port on a hub.',
    params: { hub: { type: 'Hub', doc: 'The hub that gets the port and becomes its parent.' } },
  },
} as const;
