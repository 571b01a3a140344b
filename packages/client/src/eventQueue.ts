/**
 * Events as an asynchronous sequence, for `for await`.
 * @module
 */

/** How events are queued between steps of the loop. */
export interface EventQueueOptions {
  /** Ends the sequence when it aborts. */
  readonly signal?: AbortSignal;
  /** Most events that wait; beyond it the oldest is dropped. Default 1000. */
  readonly limit?: number;
}

/** Where the events come from. */
export interface EventSource<Event> {
  /** Starts calling back with each event; resolves when it has begun. */
  add(listener: (event: Event) => void): Promise<void>;
  /** Stops it. */
  remove(listener: (event: Event) => void): void;
  /** Resolves when no event will come any more. */
  readonly ended: Promise<void>;
}

/** Yields events from the first step of the loop on, until the source ends, the signal aborts or the loop is left. */
export async function* eventQueue<Event>(
  source: EventSource<Event>,
  { signal, limit = 1000 }: EventQueueOptions = {},
): AsyncGenerator<Event, void, undefined> {
  const waiting: Event[] = [];
  let ended = signal?.aborted === true;
  let wake = (): void => {};
  const end = (): void => {
    ended = true;
    wake();
  };
  const push = (event: Event): void => {
    waiting.push(event);
    if (waiting.length > limit) waiting.shift();
    wake();
  };
  void source.ended.then(end);
  signal?.addEventListener('abort', end);
  try {
    await source.add(push);
    for (;;) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else if (ended) return;
      else await new Promise<void>((resolve) => void (wake = resolve));
    }
  } finally {
    source.remove(push);
    signal?.removeEventListener('abort', end);
  }
}
