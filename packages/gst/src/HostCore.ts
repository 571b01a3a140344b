/**
 * The operations of a media host process.
 * @module
 */
import { readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Branch, type BranchListener } from './Branch.ts';
import { BusPoller } from './BusPoller.ts';
import { Element } from './Element.ts';
import type { OperationName } from './hostMessages.ts';
import { HostError } from './HostError.ts';
import { NULL } from './native/cTypes.ts';
import { gst, takeText } from './native/gstreamer.ts';
import type { FactoryDescription, HostDump, HostOperations, HostReady, LaunchRequest } from './operations.ts';
import { checkRequest, isOperation } from './requestShape.ts';

type Handlers = {
  readonly [K in OperationName]: (
    request: HostOperations[K]['request'],
  ) => HostOperations[K]['reply'] | Promise<HostOperations[K]['reply']>;
};

/** Most branches of one host. */
const mostBranches = 1000;

/** Elements whose plugins are loaded in advance. */
const warmFactories = [
  'audioconvert',
  'audioresample',
  'avdec_h264',
  'fdsink',
  'opusdec',
  'opusenc',
  'opusparse',
  'queue',
  'rtpbin',
  'rtpstreampay',
  'rtpvp8pay',
  'videoconvert',
  'videorate',
  'vp8dec',
  'vp8enc',
  'h264parse',
  'x264enc',
];

/** Everything that a media host holds. One JavaScript thread uses it, and no other touches GStreamer. */
export class HostCore {
  readonly #branches = new Map<string, Branch>();
  /** Branches that are being made; their ids are taken. */
  readonly #opening = new Set<string>();
  readonly #poller = new BusPoller();
  readonly #listener: BranchListener;
  readonly #version: string;

  readonly #handlers: Handlers = {
    launch: (request) => this.#launch(request),
    link: (request) => this.#branch(request).link(request),
    unlink: (request) => this.#branch(request).unlink(request.partId).then(nothing),
    set: (request) => this.#branch(request).set(request, request.value).then(nothing),
    get: (request) => ({ value: this.#branch(request).get(request) }),
    seek: (request) => this.#seek(request),
    setState: (request) => this.#branch(request).pipeline.setState(request.state).then(nothing),
    sendEos: (request) => this.#branch(request).pipeline.sendEos().then(nothing),
    requestKeyFrame: (request) => {
      this.#branch(request).requestKeyFrame(request.element);
      return undefined;
    },
    query: (request) => this.#branch(request).query(),
    dot: (request) => ({ text: this.#branch(request).pipeline.dot(request.details) }),
    close: (request) => this.#close(request),
    stats: (request) => this.#branch(request).stats(),
    dump: () => this.#dump(),
    describe: (request) => ({
      version: this.#version,
      factories: request.factories.map((name) => describeFactory(name, request.properties)),
    }),
    ping: nothing,
  };

  /**
   * Loads GStreamer.
   * @throws {Error} if it is not installed.
   */
  constructor(listener: BranchListener) {
    this.#listener = listener;
    this.#version = takeText(gst().gst_version_string());
  }

  /** What it tells when it accepts operations. */
  get ready(): HostReady {
    return { version: this.#version };
  }

  /**
   * Loads the plugins that most branches need, one per turn of the event loop, so that a spare's first branch starts
   * in a few milliseconds. What is not installed is passed over.
   */
  async warmUp(): Promise<void> {
    for (const name of warmFactories) {
      await nextTurn();
      if (describeFactory(name, false).available) Element.make(name).free();
    }
  }

  /**
   * Runs an operation of this name.
   * @throws {HostError} if there is none, or it is refused.
   */
  async perform(operation: string, request: unknown): Promise<unknown> {
    if (!isOperation(operation))
      throw new HostError('INVALID_REQUEST', `There is no operation '${operation.slice(0, 50)}'`);
    checkRequest(operation, request);
    // Holds because the request has just been compared with the shape of this operation.
    return await this.#handlers[operation](request as never);
  }

  /** Ends every branch. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#branches.keys()].map((branchId) => this.#close({ branchId })));
  }

  #branch({ branchId }: { branchId: string }): Branch {
    const branch = this.#branches.get(branchId);
    if (branch === undefined) throw new HostError('NOT_FOUND', `There is no branch '${branchId}'`);
    return branch;
  }

  async #launch(request: LaunchRequest): Promise<undefined> {
    const { branchId } = request;
    if (this.#branches.has(branchId) || this.#opening.has(branchId))
      throw new HostError('INVALID_REQUEST', `There is already a branch '${branchId}'`);
    if (this.#branches.size + this.#opening.size >= mostBranches)
      throw new HostError('INVALID_REQUEST', `There are already ${mostBranches} branches`);
    this.#opening.add(branchId);
    let branch: Branch;
    try {
      branch = await Branch.open(request, this.#listener);
    } finally {
      this.#opening.delete(branchId);
    }
    this.#branches.set(branchId, branch);
    this.#poller.add(branch.pipeline, (message) => branch.handleMessage(message));
    try {
      await branch.pipeline.setState(request.state ?? 'PLAYING');
    } catch (error) {
      // The bus knows why; it is told before the branch goes.
      for (let m = branch.pipeline.popMessage(); m !== undefined; m = branch.pipeline.popMessage())
        branch.handleMessage(m);
      await this.#close({ branchId });
      throw error;
    }
    return undefined;
  }

  async #close({ branchId }: { branchId: string }): Promise<undefined> {
    const branch = this.#branch({ branchId });
    this.#branches.delete(branchId);
    this.#poller.remove(branch.pipeline);
    await branch.close();
    return undefined;
  }

  async #seek({ branchId, positionNs, accurate }: HostOperations['seek']['request']): Promise<undefined> {
    if (!(await this.#branch({ branchId }).pipeline.seek(positionNs, accurate)))
      throw new HostError('STATE_REFUSED', `Branch '${branchId}' cannot seek to ${positionNs} ns`);
    return undefined;
  }

  #dump(): HostDump {
    const { user, system } = process.cpuUsage();
    const branches = [...this.#branches].map(([id, branch]): [string, string[]] => [id, branch.partIds]);
    return {
      branches: Object.fromEntries(branches),
      sockets: [...this.#branches.values()].reduce((sum, branch) => sum + branch.socketCount, 0),
      descriptors: readdirSync('/proc/self/fd').length,
      threads: readdirSync('/proc/self/task').length,
      residentBytes: process.memoryUsage.rss(),
      cpuUs: user + system,
    };
  }
}

function nothing(): undefined {
  return undefined;
}

/** Whether an element is installed, and its properties if wanted. */
function describeFactory(name: string, wantsProperties: boolean): FactoryDescription {
  const factory = gst().gst_element_factory_find(name);
  if (factory === NULL) return { name, available: false, properties: [] };
  gst().gst_object_unref(factory);
  if (!wantsProperties) return { name, available: true, properties: [] };
  const element = Element.make(name);
  try {
    return { name, available: true, properties: element.properties };
  } finally {
    element.free();
  }
}
