/**
 * One occurrence of an event, as observers inside the server see it.
 * @module
 */
import type { MediaObject } from './MediaObject.ts';

/** One occurrence of an event. The same object goes to every listener. */
export interface RaisedEvent {
  /** The object that raised it. */
  readonly source: MediaObject;
  /** Name of the event, e.g. `IceCandidateFound`. */
  readonly type: string;
  /** Fields as raised, with live objects in them; `source`, `timestampMillis` and `tags` filled in. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The `data` member of the notification: encoded at the first read, then kept. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Takes an occurrence. May throw: that is logged and disturbs nobody else. */
export type EventListener = (event: RaisedEvent) => void;
