/**
 * Many clients that ask at a steady rate, whether they were answered or not.
 * @module
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { MeasuredServer } from './MeasuredServer.ts';
import { RpcSocket } from './RpcSocket.ts';

/** What a load found. */
export interface LoadFigures {
  /** Requests that were answered. */
  readonly answered: number;
  /** Requests that were answered with an error, or not at all. */
  readonly failed: number;
  /** From the time at which a request was due to its answer, milliseconds. */
  readonly latenciesMs: readonly number[];
  /** CPU time of the control process per second, milliseconds. */
  readonly cpuMsPerSecond: number;
  /** Resident memory of the control process at the end, MiB. */
  readonly residentMiB: number;
}

/** One client: a pipeline, an element that stays, and elements that come and go. */
class LoadClient {
  readonly #socket: RpcSocket;
  readonly #pipeline: string;
  readonly #element: string;
  readonly #latenciesMs: number[];
  #passing: string | undefined;
  #subscription: unknown;
  #turn = 0;
  answered = 0;
  failed = 0;
  sent = 0;

  private constructor(socket: RpcSocket, pipeline: string, element: string, latenciesMs: number[]) {
    this.#socket = socket;
    this.#pipeline = pipeline;
    this.#element = element;
    this.#latenciesMs = latenciesMs;
  }

  static async open(url: string, latenciesMs: number[]): Promise<LoadClient> {
    const socket = await RpcSocket.open(url);
    const pipeline = await socket.create('MediaPipeline');
    const element = await socket.create('PassThrough', { mediaPipeline: pipeline });
    return new LoadClient(socket, pipeline, element, latenciesMs);
  }

  /** Sends the next request, which was due at `dueMs`: in ten, four pings, three readings, one writing and a birth or a death. */
  send(dueMs: number): void {
    const turn = this.#turn++ % 10;
    const object = this.#element;
    if (turn < 4) this.#ask('ping', {}, dueMs);
    else if (turn === 4) this.#ask('describe', { object }, dueMs);
    else if (turn === 5) this.#ask('invoke', { object, operation: 'getSinkConnections' }, dueMs);
    else if (turn === 6) this.#ask('invoke', { object, operation: 'getName' }, dueMs);
    else if (turn === 7) this.#setName(dueMs);
    else if (turn === 8) this.#createOrRelease(dueMs);
    else this.#subscribeOrNot(dueMs);
  }

  close(): void {
    this.failed += this.sent - this.answered;
    this.#socket.close();
  }

  #setName(dueMs: number): void {
    const operationParams = { name: `camera ${this.sent}` };
    this.#ask('invoke', { object: this.#element, operation: 'setName', operationParams }, dueMs);
  }

  #createOrRelease(dueMs: number): void {
    const object = this.#passing;
    this.#passing = undefined;
    if (object !== undefined) {
      this.#ask('release', { object }, dueMs);
      return;
    }
    const constructorParams = { mediaPipeline: this.#pipeline };
    this.#ask('create', { type: 'PassThrough', constructorParams }, dueMs, (value) => {
      this.#passing = String(value);
    });
  }

  #subscribeOrNot(dueMs: number): void {
    const subscription = this.#subscription;
    const object = this.#element;
    this.#subscription = undefined;
    if (subscription !== undefined) {
      this.#ask('unsubscribe', { object, subscription }, dueMs);
      return;
    }
    this.#ask('subscribe', { object, type: 'ElementConnected' }, dueMs, (value) => {
      this.#subscription = value;
    });
  }

  #ask(method: string, params: unknown, dueMs: number, onValue?: (value: unknown) => void): void {
    this.sent++;
    this.#socket.send(method, params, ({ result, error }) => {
      this.answered++;
      this.#latenciesMs.push(performance.now() - dueMs);
      if (error !== undefined) this.failed++;
      else onValue?.(result?.value);
    });
  }
}

/** Runs `sockets` clients with `perSecond` requests each, for so many seconds. */
export async function runLoad(
  server: MeasuredServer,
  sockets: number,
  perSecond: number,
  seconds: number,
): Promise<LoadFigures> {
  const latenciesMs: number[] = [];
  const clients: LoadClient[] = [];
  for (let i = 0; i < sockets; i++) clients.push(await LoadClient.open(server.wsUrl, latenciesMs));
  const cpuBefore = server.controlCpuMs;
  const startMs = performance.now();
  const total = sockets * perSecond * seconds;
  const everyMs = 1000 / (sockets * perSecond);
  // Open loop: a slow answer does not delay later requests, so the wait of those behind it counts.
  for (let sent = 0; sent < total; ) {
    const dueUntil = Math.min(total, Math.floor((performance.now() - startMs) / everyMs));
    for (; sent < dueUntil; sent++) clients[sent % sockets]?.send(startMs + sent * everyMs);
    await delay(1);
  }
  const elapsedSeconds = (performance.now() - startMs) / 1000;
  const cpuMsPerSecond = (server.controlCpuMs - cpuBefore) / elapsedSeconds;
  const { residentMiB } = server;
  await delay(1000);
  for (const client of clients) client.close();
  const sum = (count: (client: LoadClient) => number): number =>
    clients.reduce((all, client) => all + count(client), 0);
  return {
    answered: sum(({ answered }) => answered),
    failed: sum(({ failed }) => failed),
    latenciesMs,
    cpuMsPerSecond,
    residentMiB,
  };
}
