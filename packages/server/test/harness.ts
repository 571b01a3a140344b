/**
 * A server core without ports and processes, and clients that talk to it in memory.
 *
 * ```
 *   TestClient --text--> Connection --> Dispatcher --> objects
 *        ^----------text----'
 * ```
 * @module
 */
import assert from 'node:assert/strict';
import { KurentoError, api } from '@rivero/model';
import { pino } from 'pino';
import { readConfig } from '../src/config.ts';
import { assembleCore, type Core, type CoreParts } from '../src/core.ts';
import type { MediaServices } from '../src/media/MediaServices.ts';
import { MediaObject } from '../src/objects/MediaObject.ts';
import { MediaPipeline } from '../src/objects/MediaPipeline.ts';
import type { ElementClasses, ElementFactory } from '../src/objects/ObjectFactory.ts';
import type { Connection } from '../src/protocol/Connection.ts';
import { defaultLimits } from '../src/protocol/Limits.ts';

/** A JSON object off the wire. */
export type Json = { readonly [key: string]: Json } & { readonly length: number };

/** The text that `value` must be. */
export function textOf(value: unknown): string {
  assert.ok(typeof value === 'string', `a text, not ${JSON.stringify(value)}`);
  return value;
}

/** An element without media: it has just enough behaviour to watch the protocol at work. */
export class Probe extends MediaObject {
  /** Resolvers of the calls of `getEncoderBitrate` that wait. */
  readonly waiting: ((bitrate: number) => void)[] = [];
  /** Names of the released, in order; shared by all. */
  static readonly released: string[] = [];

  protected override onRelease(): void {
    Probe.released.push(this.getName());
    if (this.getName() === 'broken') throw new Error('cannot let go');
  }

  /** Raises what a real element raises. */
  connect(params: { sink: MediaObject }): void {
    this.raise('ElementConnected', {
      sink: params.sink,
      mediaType: 'VIDEO',
      sourceMediaDescription: 'default',
      sinkMediaDescription: 'default',
    });
  }

  /** Waits until the test lets it go. */
  getEncoderBitrate(): Promise<number> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** A bug. */
  getMinEncoderBitrate(): number {
    throw new Error('secret of the house');
  }

  /** An error of the caller. */
  getMaxEncoderBitrate(): number {
    throw new KurentoError('CONNECT_ERROR', 'not like that');
  }
}

/** A hub whose ports are probes. */
class ProbeHub extends MediaObject {}

const classes: ElementClasses = new Map<string, ElementFactory>([
  ['MediaPipeline', (placement) => new MediaPipeline(placement)],
  ['PassThrough', (placement) => new Probe(placement)],
  ['Composite', (placement) => new ProbeHub(placement)],
  ['HubPort', async (placement) => new Probe(placement)],
]);

/** A time at which tests happen: 2026-01-01. */
export const NOW_MS = 1_767_225_600_123;

/** What a test may want to be different. */
export type CoreChanges = Partial<
  Pick<CoreParts, 'clock' | 'queuedEvents' | 'disableRequestCache' | 'admitObject'>
> & {
  readonly limits?: Partial<CoreParts['limits']>;
};

/** A core with the probe classes. Its media side does nothing, because probes have no media. */
export function makeCore(changes: CoreChanges = {}): Core {
  Probe.released.length = 0;
  const media: Pick<MediaServices, 'release'> = { release: () => Promise.resolve() };
  return assembleCore({
    api,
    classes,
    // Probes and pipelines use nothing of it but `release`.
    media: media as MediaServices,
    log: pino({ enabled: false }),
    clock: { nowMs: () => NOW_MS },
    processIds: () => [],
    defaults: readConfig({}).media,
    metadata: { room: 1 },
    queuedEvents: 0,
    disableRequestCache: false,
    ...changes,
    limits: { ...defaultLimits, ...changes.limits },
  });
}

/** Counts over all clients: the same id in the same session gets the first answer again (spec 1.9). */
let nextId = 0;

/** A client of a core, in memory. */
export class TestClient {
  /** Everything received, in order. */
  readonly frames: string[] = [];
  /** How the server closed the connection, if it did. */
  closeCode: number | undefined;
  /** Its reason. */
  closeReason = '';
  /** True while the server does not read. */
  paused = false;
  /** What the wire says that it holds back. */
  bufferedBytes = 0;
  readonly connection: Connection;
  readonly #waiting = new Map<unknown, (reply: Json) => void>();

  constructor(core: Core) {
    const bufferedBytes = (): number => this.bufferedBytes;
    this.connection = core.connection({
      send: (text) => this.#take(text),
      get bufferedBytes() {
        return bufferedBytes();
      },
      close: (code, reason) => {
        this.closeCode = code;
        this.closeReason = reason;
      },
      pause: () => void (this.paused = true),
      resume: () => void (this.paused = false),
    });
  }

  /** The events received so far: what stands in `params.value`. */
  get events(): Json[] {
    return this.frames
      .map((frame): Json => JSON.parse(frame))
      .filter((frame) => 'method' in frame)
      .map((frame) => frame['params']!['value']!);
  }

  /** Sends a request; resolves with the whole reply. */
  ask(method: string, params?: unknown): Promise<Json> {
    const id = nextId++;
    const reply = new Promise<Json>((resolve) => this.#waiting.set(id, resolve));
    this.connection.receive(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return reply;
  }

  /** Sends a request that must succeed; resolves with `result`. */
  async call(method: string, params?: unknown): Promise<Json> {
    const reply = await this.ask(method, params);
    if ('error' in reply) throw new Error(JSON.stringify(reply));
    return reply['result']!;
  }

  /** Creates an object; resolves with its id. */
  async create(type: string, constructorParams: unknown = {}, sessionId?: string): Promise<string> {
    return textOf((await this.call('create', { type, constructorParams, sessionId }))['value']);
  }

  /** Invokes an operation; resolves with the value. */
  async invoke(object: string, operation: string, operationParams?: unknown): Promise<Json> {
    return (await this.call('invoke', { object, operation, operationParams }))['value']!;
  }

  /** Sends a text; resolves with everything that came back until the core is idle. */
  async raw(text: string): Promise<string[]> {
    const before = this.frames.length;
    this.connection.receive(text);
    await settled();
    return this.frames.slice(before);
  }

  #take(text: string): void {
    this.frames.push(text);
    const frame: Json = JSON.parse(text);
    this.#waiting.get(frame['id'])?.(frame);
  }
}

/** Resolves when everything that can run has run. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
