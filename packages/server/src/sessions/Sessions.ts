/**
 * All sessions, who references what, and which socket hears for which session (spec 1.4).
 * @module
 */
import { KurentoError } from '@rivero/model';
import { printNotification } from '@rivero/rpc';
import type { Logger } from 'pino';
import type { MediaObject } from '../objects/MediaObject.ts';
import type { ObjectRegistry } from '../objects/ObjectRegistry.ts';
import type { RaisedEvent } from '../objects/RaisedEvent.ts';
import { SERVER_MANAGER_ID } from '../objects/ServerManager.ts';
import { Session, type SessionLimits } from './Session.ts';

/** A socket, as far as events are concerned. */
export interface EventSink {
  /** Puts a text on the socket; does nothing if it is closed. */
  send(text: string): void;
}

/** All sessions of the server. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #sinks = new Map<string, EventSink>();
  readonly #sessionIdOfSink = new Map<EventSink, string>();
  readonly #sinksWithoutSession = new Set<EventSink>();
  readonly #sessionsOfObject = new Map<MediaObject, Set<Session>>();
  readonly #log: Logger;
  readonly #limits: SessionLimits;

  /** Keeps the references in step with the births and deaths in `registry`. */
  constructor(registry: ObjectRegistry, limits: SessionLimits, log: Logger) {
    this.#limits = limits;
    this.#log = log;
    registry.addListener({
      objectCreated: (object) => this.#inherit(object),
      objectDestroyed: (object) => this.#drop(object),
    });
  }

  /** Ids of the sessions that reference something. */
  get ids(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  /** What clients are told: the ids, and an empty text for each open socket that has no session. */
  get listed(): readonly string[] {
    return [...this.ids, ...Array.from(this.#sinksWithoutSession, () => '')];
  }

  /** The session `id`, if it references something. */
  find(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /**
   * The session `id`; counts as a sign of life.
   *
   * @throws {KurentoError} INVALID_SESSION if it references nothing
   */
  require(id: string): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new KurentoError('INVALID_SESSION', 'Invalid session');
    session.alive = true;
    return session;
  }

  /**
   * References `object` and its parents for the session `id`, which exists from now on. Returns the session.
   *
   * @throws {KurentoError} MEDIA_OBJECT_NOT_FOUND if the object is being released
   */
  reference(id: string, object: MediaObject): Session {
    if (object.released) throw new KurentoError('MEDIA_OBJECT_NOT_FOUND', `Object '${object.id}' not found`);
    let session = this.#sessions.get(id);
    if (session === undefined) {
      const created: Session = new Session(id, this.#limits, (event) => this.#tell(created, event));
      session = created;
      this.#sessions.set(id, session);
      this.#log.debug({ session: id }, 'session begins');
    }
    session.alive = true;
    this.#reference(session, object);
    return session;
  }

  /** Takes back the reference of session `id` to `object` and what is below it; releases what nobody else holds. */
  async unreference(id: string, object: MediaObject): Promise<void> {
    const session = this.#sessions.get(id);
    if (session !== undefined) await this.#unreference(session, object);
  }

  /**
   * Ends the session `id`; silent if it does not exist. Objects that nobody else references are released;
   * with `release` all of its objects are, whoever else references them.
   */
  async close(id: string, release: boolean): Promise<void> {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    const roots = [...session.references].filter(
      (object) => object.parent === undefined || !session.references.has(object.parent),
    );
    if (release) await Promise.all(roots.filter(isReleasable).map((object) => object.release()));
    await Promise.all(roots.map((object) => this.#unreference(session, object)));
  }

  /** Takes note of an open socket, which has no session yet. */
  join(sink: EventSink): void {
    this.#sinksWithoutSession.add(sink);
  }

  /**
   * Makes `sink` the socket of session `id`. Each has one of the other at a time; former partners are let go.
   * Events that waited for a socket are told, in order.
   */
  associate(id: string, sink: EventSink): void {
    const former = this.#sinks.get(id);
    if (former === sink) return;
    this.#part(sink);
    if (former !== undefined) this.#part(former);
    this.#sinksWithoutSession.delete(sink);
    this.#sinks.set(id, sink);
    this.#sessionIdOfSink.set(sink, id);
    this.#tellQueued(id, sink);
  }

  /** Forgets a socket that closed. The session lives on. Idempotent. */
  leave(sink: EventSink): void {
    this.#part(sink);
    this.#sinksWithoutSession.delete(sink);
  }

  /** Id of the session that `sink` hears for. */
  sessionIdOf(sink: EventSink): string | undefined {
    return this.#sessionIdOfSink.get(sink);
  }

  /** Whether a socket hears for the session `id`. */
  hasSocket(id: string): boolean {
    return this.#sinks.has(id);
  }

  /** Marks the session `id` as alive, if it exists. */
  touch(id: string): void {
    const session = this.#sessions.get(id);
    if (session !== undefined) session.alive = true;
  }

  /**
   * One pass of the garbage collection: ends the sessions that gave no sign of life since the pass before.
   * A session with an open socket is alive. The original marks those every quarter of a period; to ask which they
   * are at the pass itself, and to count the end of a socket as a sign of life, comes to the same.
   */
  async collectGarbage(): Promise<void> {
    for (const id of this.#sinks.keys()) this.touch(id);
    const dead = [...this.#sessions.values()].filter((session) => !session.alive);
    for (const session of this.#sessions.values()) session.alive = false;
    for (const { id } of dead) this.#log.info({ session: id }, 'session abandoned');
    await Promise.all(dead.map(({ id }) => this.close(id, false)));
  }

  /** Lets go of `sink`, because it closed or serves another session now, or because its session moved. */
  #part(sink: EventSink): void {
    const id = this.#sessionIdOfSink.get(sink);
    if (id === undefined) return;
    // A last sign of life: the client has a full period to come back.
    this.touch(id);
    this.#sessionIdOfSink.delete(sink);
    this.#sinks.delete(id);
    this.#sinksWithoutSession.add(sink);
  }

  #tell(session: Session, event: RaisedEvent): void {
    const sink = this.#sinks.get(session.id);
    // Without a socket the event is lost, unless the settings want it to wait.
    if (sink === undefined && !session.queue.enabled) return;
    const value = { data: event.data, object: event.source.id, type: event.type };
    const text = printNotification('onEvent', { value });
    if (sink === undefined) session.queue.push(text);
    else sink.send(text);
  }

  #tellQueued(id: string, sink: EventSink): void {
    const queue = this.#sessions.get(id)?.queue;
    if (queue === undefined) return;
    if (queue.dropped > 0) this.#log.warn({ session: id, dropped: queue.dropped }, 'events were dropped');
    for (const text of queue.takeAll()) sink.send(text);
  }

  #reference(session: Session, object: MediaObject): void {
    for (const added of session.reference(object)) {
      let holders = this.#sessionsOfObject.get(added);
      if (holders === undefined) {
        holders = new Set();
        this.#sessionsOfObject.set(added, holders);
      }
      holders.add(session);
    }
  }

  async #unreference(session: Session, object: MediaObject): Promise<void> {
    const orphans = session.forget(object).filter((forgotten) => {
      const holders = this.#sessionsOfObject.get(forgotten);
      holders?.delete(session);
      if (holders !== undefined && holders.size > 0) return false;
      this.#sessionsOfObject.delete(forgotten);
      return isReleasable(forgotten);
    });
    if (session.empty) this.#end(session);
    // Parents last in the list, first here: releasing a parent takes its children along.
    await Promise.all(orphans.toReversed().map((orphan) => orphan.release()));
  }

  /** A new child belongs to everybody who references its parent. */
  #inherit(object: MediaObject): void {
    if (object.parent === undefined) return;
    for (const session of this.#sessionsOfObject.get(object.parent) ?? []) this.#reference(session, object);
  }

  #drop(object: MediaObject): void {
    for (const session of this.#sessionsOfObject.get(object) ?? []) {
      session.forget(object);
      if (session.empty) this.#end(session);
    }
    this.#sessionsOfObject.delete(object);
  }

  #end(session: Session): void {
    session.subscriptions.clear();
    // Another session may bear the id by now.
    if (this.#sessions.get(session.id) === session) this.#sessions.delete(session.id);
    this.#log.debug({ session: session.id }, 'session ends');
  }
}

/** The ServerManager outlives every session. */
function isReleasable(object: MediaObject): boolean {
  return object.id !== SERVER_MANAGER_ID;
}
