/**
 * The part of the official npm package that our tests use; it comes without types.
 * @module
 */
declare module 'kurento-client' {
  /** A remote object. */
  export interface KurentoObject {
    readonly id: string;
    on(event: string, listener: (event: Readonly<Record<string, unknown>>) => void): void;
    release(): Promise<void>;
  }
  /** A remote element. */
  export interface KurentoElement extends KurentoObject {
    connect(sink: KurentoElement, mediaType?: string): Promise<void>;
    processOffer(offer: string): Promise<string>;
    gatherCandidates(): Promise<void>;
    addIceCandidate(candidate: unknown): Promise<void>;
    getStats(mediaType?: string): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>>;
    getName(): Promise<string>;
  }
  /** A remote pipeline. */
  export interface KurentoPipeline extends KurentoObject {
    create(type: string, params?: Readonly<Record<string, unknown>>): Promise<KurentoElement>;
  }
  /** A connection to a server. */
  export interface KurentoClient {
    create(type: 'MediaPipeline'): Promise<KurentoPipeline>;
    getServerManager(): Promise<KurentoObject & { getInfo(): Promise<Readonly<Record<string, unknown>>> }>;
    close(): void;
  }
  /** Connects. */
  const connect: ((url: string, options?: Readonly<Record<string, unknown>>) => Promise<KurentoClient>) & {
    getComplexType(name: string): (value: unknown) => unknown;
  };
  export { connect as default };
}
