/**
 * A part of a branch: a bin that is added to a running pipeline and taken away again.
 *
 * ```
 *              branch                part                 branch
 *   tee ── src_%u (from) ──▶ sink │  bin  │ src ──▶ (into) sink_%u ── mixer
 * ```
 * Either end may be missing: an input of a mixer has a source of its own, an output of a tee a sink.
 * @module
 */
import type { Element } from './Element.ts';
import { HostError } from './HostError.ts';
import { parseBin } from './launchText.ts';
import type { LinkRequest, PadRequest } from './operations.ts';
import type { Pad } from './Pad.ts';
import type { Pipeline } from './Pipeline.ts';
import { StreamSockets } from './StreamSockets.ts';

/** A pad that is to be blocked may have nothing flowing; then we go on, milliseconds. */
const blockTimeoutMs = 200;

/** A pad that was requested from an element of the branch. */
interface Joint {
  readonly element: Element;
  readonly pad: Pad;
}

/** A bin in a running pipeline. */
export class Part {
  readonly #pipeline: Pipeline;
  readonly #bin: Element;
  readonly #sockets: StreamSockets;
  #from: Joint | undefined;
  #into: Joint | undefined;
  #names: { fromPad: string | undefined; intoPad: string | undefined } = {
    fromPad: undefined,
    intoPad: undefined,
  };
  #closing: Promise<void> | undefined;

  private constructor(pipeline: Pipeline, bin: Element, sockets: StreamSockets) {
    this.#pipeline = pipeline;
    this.#bin = bin;
    this.#sockets = sockets;
  }

  /**
   * Makes a part and lets it flow. On failure nothing is left of it.
   * @throws {HostError} LAUNCH_FAILED, MISSING_FACTORY, NOT_FOUND, LINK_FAILED, STATE_REFUSED, …
   */
  static async open(pipeline: Pipeline, request: LinkRequest): Promise<Part> {
    const sockets = await StreamSockets.open(request.sockets ?? []);
    let bin: Element;
    try {
      bin = parseBin(sockets.fillIn(request.text), request.partId);
    } catch (error) {
      sockets.close();
      throw error;
    }
    const part = new Part(pipeline, bin, sockets);
    try {
      await part.#open(request);
      return part;
    } catch (error) {
      await part.close();
      throw error;
    }
  }

  /** Names of the pads that were made for it. */
  get padNames(): { fromPad: string | undefined; intoPad: string | undefined } {
    return this.#names;
  }

  /** Its connections to routers. */
  get socketCount(): number {
    return this.#sockets.size;
  }

  async #open({ from, into }: LinkRequest): Promise<void> {
    // A pipeline on its way to a state takes its children along, at any time; a part is better added after that.
    await this.#pipeline.settled();
    this.#pipeline.add(this.#bin);
    if (into !== undefined) {
      this.#into = this.#requestPad(into);
      this.#withOwnPad('src', (pad) => link(pad, this.#into?.pad));
    }
    if (from !== undefined) this.#from = this.#requestPad(from);
    this.#names = { fromPad: this.#from?.pad.name, intoPad: this.#into?.pad.name };
    await this.#bin.syncStateWithParent();
    // Last, so that the branch never pushes into a part that does not run yet.
    if (this.#from !== undefined) this.#withOwnPad('sink', (pad) => link(this.#from?.pad, pad));
  }

  #requestPad(request: PadRequest): Joint {
    const element = this.#pipeline.element(request.element);
    if (element === undefined)
      throw new HostError('NOT_FOUND', `There is no element named '${request.element}'`);
    const pad = element.requestPad(request.pad);
    if (pad === undefined) {
      element.free();
      throw new HostError('LINK_FAILED', `'${request.element}' gives no pad '${request.pad}'`);
    }
    try {
      for (const [name, value] of Object.entries(request.properties ?? {})) pad.set(name, value);
    } catch (error) {
      element.releasePad(pad);
      element.free();
      throw error;
    }
    return { element, pad };
  }

  #withOwnPad(name: string, use: (pad: Pad) => void): void {
    const pad = this.#bin.pad(name);
    if (pad === undefined) throw new HostError('LINK_FAILED', `The part has no open ${name} pad`);
    try {
      use(pad);
    } finally {
      pad.free();
    }
  }

  /** Takes it out of the pipeline, which keeps running, and gives everything back. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // Else a pipeline that is on its way to PLAYING would start it again behind our back.
    this.#bin.lockState();
    await this.#detachFrom();
    await this.#bin.setState('NULL').catch(() => undefined);
    this.#detachInto();
    this.#pipeline.remove(this.#bin);
    // Now nobody else can change its state any more.
    await this.#bin.setState('NULL').catch(() => undefined);
    this.#bin.free();
    this.#sockets.close();
  }

  /** No buffer may be on its way into the part when the pads are parted, so the flow is stopped first. */
  async #detachFrom(): Promise<void> {
    const joint = this.#from;
    if (joint === undefined) return;
    this.#from = undefined;
    await joint.pad.block(this.#pipeline.state === 'PLAYING' ? blockTimeoutMs : 0);
    const pad = this.#bin.pad('sink');
    if (pad !== undefined) joint.pad.unlink(pad);
    pad?.free();
    // Releasing the pad also ends its probe.
    joint.element.releasePad(joint.pad);
    joint.element.free();
  }

  #detachInto(): void {
    const joint = this.#into;
    if (joint === undefined) return;
    this.#into = undefined;
    const pad = this.#bin.pad('src');
    if (pad !== undefined) pad.unlink(joint.pad);
    pad?.free();
    joint.element.releasePad(joint.pad);
    joint.element.free();
  }
}

function link(source: Pad | undefined, sink: Pad | undefined): void {
  if (source === undefined || sink === undefined || !source.link(sink))
    throw new HostError('LINK_FAILED', 'The pads of part and branch do not fit');
}
