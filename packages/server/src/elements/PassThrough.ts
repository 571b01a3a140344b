/**
 * PassThrough: a stable place to connect to while sources are swapped.
 * @module
 */
import type { PadTable } from '@rivero/graph';
import type * as api from '@rivero/model/server';
import type { Placement } from '../objects/ServerContext.ts';
import { MediaElement } from './MediaElement.ts';

const relay = { source: { role: 'relay' }, sink: { role: 'relay' } } as const;
const pads: PadTable = { AUDIO: relay, VIDEO: relay };

/** Hands on what it receives. It costs nothing: the planner connects its sinks to its source. */
export class PassThrough extends MediaElement implements api.PassThrough {
  /** Its pads can relay at once. */
  constructor(placement: Placement) {
    super(placement);
    this.media.setPads(this.id, pads);
  }
}
