/**
 * The part of the official npm package that our tests use; it comes without types.
 * @module
 */
declare module 'kurento-client' {
  import type { EventEmitter } from 'node:events';

  /** Called with what went wrong, if anything did. */
  export type Callback = (error: unknown, result?: unknown) => void;
  /** A remote object. */
  export interface KurentoObject {
    readonly id: string;
    on(event: string, listener: (event: Readonly<Record<string, unknown>>) => void): void;
    release(): Promise<void>;
  }
  /** A remote element. */
  export interface KurentoElement extends KurentoObject {
    connect(sink: KurentoElement, mediaType?: string): Promise<void>;
    processOffer(offer: string, callback?: Callback): Promise<string>;
    gatherCandidates(): Promise<void>;
    addIceCandidate(candidate: unknown): Promise<void>;
    getStats(mediaType?: string): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>>;
    getSinkConnections(): Promise<readonly unknown[]>;
    getName(): Promise<string>;
    getTag(key: string, callback?: Callback): Promise<string>;
  }
  /** A remote pipeline. */
  export interface KurentoPipeline extends KurentoObject {
    create(
      type: string,
      params?: Readonly<Record<string, unknown>>,
      callback?: Callback,
    ): Promise<KurentoElement>;
    getChildren(): Promise<KurentoElement[]>;
  }
  /** A connection to a server. */
  export interface KurentoClient extends EventEmitter {
    readonly sessionId: string | undefined;
    create(type: 'MediaPipeline'): Promise<KurentoPipeline>;
    create(types: readonly { readonly type: string }[]): Promise<unknown>;
    connect(...elements: readonly KurentoElement[]): unknown;
    getServerManager(): Promise<KurentoObject & { getInfo(): Promise<Readonly<Record<string, unknown>>> }>;
    getMediaobjectById(id: string, callback?: Callback): Promise<KurentoElement>;
    transaction(run: () => void, callback?: Callback): unknown;
    /** The sockets, one after the other. */
    readonly _re: EventEmitter;
    close(): void;
  }
  /** Connects. What it returns is a client and a promise of one. */
  const connect: ((
    url: string,
    options?: Readonly<Record<string, unknown>>,
    callback?: Callback,
  ) => Promise<KurentoClient> & KurentoClient) & {
    getComplexType(name: string): (value: unknown) => unknown;
  };
  export { connect as default };
}
