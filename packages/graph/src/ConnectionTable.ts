/**
 * The edges of a pipeline: any number from a source, one into each sink pad.
 * @module
 */
import type { Connection, MediaType } from './elements.ts';

/** Which edges a query wants; a member that is absent matches everything. */
export interface ConnectionFilter {
  /** Edges that start at this element. */
  readonly sourceId?: string | undefined;
  /** Edges that end at this element. */
  readonly sinkId?: string | undefined;
  /** Edges of this media type. */
  readonly type?: MediaType | undefined;
  /** Edges from this source pad. */
  readonly sourceDescription?: string | undefined;
  /** Edges into this sink pad. */
  readonly sinkDescription?: string | undefined;
}

/** Stores connections by the sink pad that they enter, in the order in which they were made. */
export class ConnectionTable {
  readonly #bySink = new Map<string, Connection>();

  /**
   * Adds an edge. A sink pad has one source, so the edge that it had before is removed and returned.
   * Adding an edge that exists changes nothing and returns it.
   */
  add(connection: Connection): Connection | undefined {
    const key = sinkKey(connection);
    const before = this.#bySink.get(key);
    if (before && sameConnection(before, connection)) return before;
    this.#bySink.delete(key);
    this.#bySink.set(key, connection);
    return before;
  }

  /** Removes exactly this edge. False if it does not exist. */
  remove(connection: Connection): boolean {
    const key = sinkKey(connection);
    const found = this.#bySink.get(key);
    if (!found || !sameConnection(found, connection)) return false;
    return this.#bySink.delete(key);
  }

  /** Removes and returns every edge that starts or ends at this element. */
  removeElement(elementId: string): Connection[] {
    const removed = [...this.#bySink.values()].filter(
      (connection) => connection.sourceId === elementId || connection.sinkId === elementId,
    );
    for (const connection of removed) this.#bySink.delete(sinkKey(connection));
    return removed;
  }

  /** The edge into the pad of this element, or undefined. */
  into(sinkId: string, type: MediaType, sinkDescription = 'default'): Connection | undefined {
    return this.#bySink.get(padKey(sinkId, type, sinkDescription));
  }

  /** All edges that match, in the order in which they were made. */
  find(filter: ConnectionFilter = {}): Connection[] {
    return [...this.#bySink.values()].filter((connection) => matches(connection, filter));
  }

  /** Number of edges. */
  get size(): number {
    return this.#bySink.size;
  }

  /** All edges, in the order in which they were made. */
  values(): IterableIterator<Connection> {
    return this.#bySink.values();
  }
}

function padKey(elementId: string, type: MediaType, description: string): string {
  return `${type} ${description} ${elementId}`;
}

function sinkKey(connection: Connection): string {
  return padKey(connection.sinkId, connection.type, connection.sinkDescription);
}

function sameConnection(a: Connection, b: Connection): boolean {
  return (
    a.sourceId === b.sourceId && a.sourceDescription === b.sourceDescription && sinkKey(a) === sinkKey(b)
  );
}

function matches(connection: Connection, filter: ConnectionFilter): boolean {
  return (
    (filter.sourceId === undefined || filter.sourceId === connection.sourceId) &&
    (filter.sinkId === undefined || filter.sinkId === connection.sinkId) &&
    (filter.type === undefined || filter.type === connection.type) &&
    (filter.sourceDescription === undefined || filter.sourceDescription === connection.sourceDescription) &&
    (filter.sinkDescription === undefined || filter.sinkDescription === connection.sinkDescription)
  );
}
