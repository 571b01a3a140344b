/**
 * One file that is being written: a branch with an input for each kind of media and a muxer.
 *
 * ```text
 * router ─tap─→ depayloader ─→ gate ─┐
 * router ─tap─→ depayloader ─→ gate ─┴→ muxer ─→ file
 * ```
 * The inputs are consumers of the router, so a change of source is a change of link: sequence numbers and times go on.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MediaType } from '@rivero/graph';
import { depayloadText, type HostEvents, launchElement } from '@rivero/gst';
import type { Logger } from 'pino';
import type { HostServices } from './HostServices.ts';
import { HostStream, type StreamDescription } from './HostStream.ts';
import type { MediaNode } from './MediaNode.ts';
import type { RouterLink } from './RouterLink.ts';
import { streamCodec, tableCodec } from './streamCodec.ts';

/** Who hears of a recording. */
export interface RecordingListener {
  /** Media is being written. */
  onStarted(): void;
  /** An element failed, or the host ended: what was written stays, and nothing more is. */
  onFailed(type: string, description: string, errorCode: number): void;
}

interface Input {
  readonly stream: HostStream;
  readonly description: StreamDescription;
  producerId: string | null;
}

/** Packets may come this late, milliseconds: a recording is in no hurry. */
const latencyMs = 200;
/** Kinds of media that are linked and silent are waited for this long after the first one, milliseconds. */
const patienceMs = 2000;
/** A file is finished within this time, or given up, milliseconds (spec 3.14). */
const finishDeadlineMs = 4000;
const nsPerMs = 1_000_000;
/**
 * Tracks begin this late on the branch's own time, so that pauses can be taken off: pads take no negative offset.
 * Muxers count from their first frame. Nanoseconds, one year.
 */
const startOffsetNs = 31_536_000_000_000_000n;

/** Writes a file. */
export class Recording implements MediaNode {
  readonly #hosts: HostServices;
  readonly #muxer: string;
  readonly #path: string;
  readonly #listener: RecordingListener;
  readonly #log: Logger;
  readonly #branchId: string = randomUUID();
  readonly #inputs = new Map<MediaType, Input>();
  readonly #flowing = new Set<MediaType>();
  /** Kinds that the file has. */
  #tracks: readonly MediaType[] = [];
  #launch: Promise<void> | undefined;
  #patience: NodeJS.Timeout | undefined;
  #pausedAtMs: number | undefined;
  #launched = false;
  #offsetNs = startOffsetNs;
  #finished = Promise.withResolvers<void>();
  #finish: Promise<void> | undefined;

  /** A recording that begins with the first media. `muxer` is launch text. */
  constructor(hosts: HostServices, muxer: string, path: string, listener: RecordingListener, log: Logger) {
    this.#hosts = hosts;
    this.#muxer = muxer;
    this.#path = path;
    this.#listener = listener;
    this.#log = log;
  }

  async link(type: MediaType, description: StreamDescription, link: RouterLink): Promise<void> {
    if (this.#finish !== undefined) return;
    const input = this.#inputs.get(type);
    if (input?.description.codec.name === description.codec.name) {
      input.producerId = description.producerId;
      if (this.#writes) await this.#listen(input, input.producerId);
      return;
    }
    if (this.#launch !== undefined) {
      this.#log.warn({ type, path: this.#path }, 'a kind of media that came late is not recorded');
      return;
    }
    await input?.stream.close();
    const stream = await HostStream.tap(link, { ...description, codec: streamCodec(description.codec) });
    this.#inputs.set(type, { stream, description, producerId: description.producerId });
  }

  async unlink(type: MediaType): Promise<void> {
    const input = this.#inputs.get(type);
    if (input === undefined) return;
    input.producerId = null;
    await this.#listen(input, null);
  }

  settled(): void {
    this.#begin();
  }

  /** Notes that media reaches an input, or has ceased to. Writing begins when all that are linked have some. */
  setFlowing(type: MediaType, flowing: boolean): void {
    if (flowing) this.#flowing.add(type);
    else this.#flowing.delete(type);
    if (this.#inputs.has(type)) this.#begin();
  }

  /** Leaves out what comes from now on. */
  async pause(): Promise<void> {
    if (this.#pausedAtMs !== undefined) return;
    this.#pausedAtMs = performance.now();
    await Promise.all([...this.#inputs.values()].map((input) => this.#listen(input, null)));
  }

  /** Goes on, with a key frame, where `pause` left off. */
  async resume(): Promise<void> {
    if (this.#pausedAtMs === undefined) return;
    const pausedMs = performance.now() - this.#pausedAtMs;
    this.#pausedAtMs = undefined;
    if (this.#launch === undefined) {
      this.#begin();
      return;
    }
    this.#offsetNs -= BigInt(Math.round(pausedMs * nsPerMs));
    await this.#launch;
    await this.#flow();
  }

  /** Finishes the file. Resolves when it is closed and on the disk, or after 4 s. Idempotent. */
  finish(): Promise<void> {
    this.#finish ??= this.#end();
    return this.#finish;
  }

  /** True while what comes is to be written. */
  get #writes(): boolean {
    return this.#launched && this.#pausedAtMs === undefined && this.#finish === undefined;
  }

  /** Gives each track its place in time, and lets it flow. */
  async #flow(): Promise<void> {
    if (!this.#writes) return;
    const owners = this.#tracks.map((type) => ({
      branchId: this.#branchId,
      element: gateName(type),
      pad: 'src',
    }));
    await Promise.all(
      owners.map((owner) =>
        this.#hosts.request('set', { ...owner, property: 'offset', value: this.#offsetNs }),
      ),
    );
    await Promise.all([...this.#inputs.values()].map((input) => this.#listen(input, input.producerId)));
  }

  async #listen({ stream }: Input, producerId: string | null): Promise<void> {
    try {
      await stream.listenTo(producerId);
    } catch (error) {
      this.#log.debug({ err: error }, 'input of a recorder was gone');
    }
  }

  #begin(): void {
    if (this.#launch !== undefined || this.#finish !== undefined || this.#pausedAtMs !== undefined) return;
    const linked = [...this.#inputs]
      .filter(([, { producerId }]) => producerId !== null)
      .map(([type]) => type);
    const ready = linked.filter((type) => this.#flowing.has(type));
    if (ready.length === 0) return;
    if (ready.length === linked.length) this.#start(ready);
    else this.#patience ??= setTimeout(() => this.#start([...this.#flowing]), patienceMs);
  }

  #start(types: readonly MediaType[]): void {
    clearTimeout(this.#patience);
    const tracks = types.filter((type) => this.#inputs.has(type));
    if (this.#launch !== undefined || this.#finish !== undefined || tracks.length === 0) return;
    this.#tracks = tracks;
    this.#launch = this.#startBranch().catch((error: unknown) => {
      const description = error instanceof Error ? error.message : String(error);
      this.#finished.resolve();
      this.#listener.onFailed('RESOURCE_ERROR_OPEN', `'${this.#path}' cannot be recorded: ${description}`, 0);
    });
  }

  async #startBranch(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    const sink = launchElement(['filesink', { location: this.#path, async: false }]);
    const texts = [`${this.#muxer} ! ${sink}`];
    const sockets = [];
    for (const type of this.#tracks) {
      const input = this.#inputs.get(type);
      if (input === undefined) continue;
      const name = type.toLowerCase();
      const codec = streamCodec(input.description.codec);
      const ends = { name, rtp: `${name}-rtp`, rtcp: `${name}-rtcp`, payloadType: codec.payloadType };
      const { clockRate, parameters } = codec;
      const frames = depayloadText(tableCodec(codec), { ...ends, latencyMs, clockRate, parameters });
      const gate = `queue name=${gateName(type)} max-size-buffers=0 max-size-bytes=0 max-size-time=10000000000`;
      texts.push(`${frames} ! ${gate} ! mux.${name}_0`);
      sockets.push(...input.stream.sockets(ends.rtp, ends.rtcp));
    }
    await this.#hosts.launch(
      { branchId: this.#branchId, text: texts.join(' '), sockets },
      { purpose: 'recorder', policy: 'shared' },
      { onEvent: (name, event) => this.#onEvent(name, event), onLost: (reason) => this.#fail(reason) },
    );
    this.#launched = true;
    await this.#flow();
  }

  #onEvent<K extends keyof HostEvents>(name: K, event: HostEvents[K]): void {
    if (name === 'streamReady') this.#listener.onStarted();
    if (name === 'eos') this.#finished.resolve();
    if (name === 'warning') this.#log.warn({ data: event }, 'a recorder worries');
    if (name !== 'error') return;
    // Holds because the name says which event it is.
    const { type, description, errorCode } = event as HostEvents['error'];
    this.#finished.resolve();
    this.#listener.onFailed(type, description, errorCode);
  }

  #fail(reason: string): void {
    this.#finished.resolve();
    this.#listener.onFailed('UNEXPECTED_ELEMENT_ERROR', `The media host ended: ${reason}`, 0);
  }

  async #end(): Promise<void> {
    clearTimeout(this.#patience);
    if (this.#launch !== undefined) {
      await this.#launch;
      const timer = setTimeout(() => {
        this.#log.warn({ path: this.#path }, 'a recording was not finished in time');
        this.#finished.resolve();
      }, finishDeadlineMs);
      await this.#hosts
        .request('sendEos', { branchId: this.#branchId })
        .catch(() => this.#finished.resolve());
      await this.#finished.promise;
      clearTimeout(timer);
      await this.#hosts.closeBranch(this.#branchId);
      await sync(this.#path);
    }
    await Promise.all([...this.#inputs.values()].map(({ stream }) => stream.close()));
  }
}

function gateName(type: MediaType): string {
  return `${type.toLowerCase()}-gate`;
}

/** Makes sure that a file survives a power cut. A file that cannot be opened was never made. */
async function sync(path: string): Promise<void> {
  try {
    await using file = await open(path, 'r');
    await file.sync();
  } catch {
    // Nothing to keep.
  }
}
