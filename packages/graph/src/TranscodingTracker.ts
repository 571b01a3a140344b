/**
 * Follows which elements transcode what they give (spec 3.3, MediaTranscodingStateChanged).
 * @module
 */
import { type MediaType, mediaTypes } from './elements.ts';
import type { Plan, PlannedEdge } from './Plan.ts';

/** One statement about an element's output. */
export interface TranscodingChange {
  /** The element. */
  readonly elementId: string;
  /** Media type of its source pad. */
  readonly type: MediaType;
  /** `NOT_TRANSCODING` is only ever the first statement, and `TRANSCODING` the last. */
  readonly state: 'TRANSCODING' | 'NOT_TRANSCODING';
}

/** Remembers what was said and tells what is new. */
export class TranscodingTracker {
  readonly #said = new Map<string, TranscodingChange['state']>();

  /** What is new with this plan, in the order of its connections. */
  update(plan: Plan): TranscodingChange[] {
    const changes: TranscodingChange[] = [];
    const transcoders = new Set(plan.edges.filter(isTranscoded).map(keyOf));
    for (const edge of plan.edges) {
      const { connection, reason } = edge;
      const key = keyOf(edge);
      const before = this.#said.get(key);
      if (!('producerId' in reason) || reason.producerId === undefined || before === 'TRANSCODING') continue;
      const state = isTranscoded(edge) ? 'TRANSCODING' : 'NOT_TRANSCODING';
      // Media with a pinned format is transcoded on its way through a relay, though the edge to the relay does nothing.
      if (before === state || (reason.state === 'relay' && transcoders.has(key))) continue;
      this.#said.set(key, state);
      changes.push({ elementId: transcoderOf(edge), type: connection.type, state });
    }
    return changes;
  }

  /** True once the element has transcoded this media; it stays true (spec 3.3). */
  isTranscoding(elementId: string, type: MediaType): boolean {
    return this.#said.get(`${type} ${elementId}`) === 'TRANSCODING';
  }

  /** Forgets a released element. */
  forget(elementId: string): void {
    for (const type of mediaTypes) this.#said.delete(`${type} ${elementId}`);
  }
}

/** True if a transcoder runs for this edge. */
function isTranscoded({ reason }: PlannedEdge): boolean {
  return reason.state === 'transcode' && reason.producerId !== undefined;
}

/** The element whose output this edge tells about. */
function transcoderOf({ connection, reason }: PlannedEdge): string {
  return (reason.state === 'transcode' && reason.by) || connection.sourceId;
}

function keyOf(edge: PlannedEdge): string {
  return `${edge.connection.type} ${transcoderOf(edge)}`;
}
