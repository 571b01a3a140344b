/**
 * What the control plane is made to do while it is measured.
 * @module
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { MeasuredServer } from './MeasuredServer.ts';
import { clientFrame, RpcSocket } from './RpcSocket.ts';

/** The value below which that share of the sorted `values` lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** What a run of pings found. */
export interface PingFigures {
  /** Answers per second of wall-clock time. */
  readonly perSecond: number;
  /** CPU time of the server per ping, microseconds. */
  readonly cpuUs: number;
}

/** Pings on one socket for so many seconds, of which a window is always under way. */
export async function runPings(server: MeasuredServer, seconds: number): Promise<PingFigures> {
  const batch = 100;
  const window = 20;
  const socket = await RpcSocket.open(server.wsUrl);
  let id = 1;
  let answers = 0;
  const sendBatch = (): void => {
    const frames: Buffer[] = [];
    for (let i = 0; i < batch; i++) {
      frames.push(clientFrame(`{"jsonrpc":"2.0","method":"ping","id":${id++}}`));
    }
    socket.write(Buffer.concat(frames));
  };
  let ended = false;
  socket.onText = () => {
    answers++;
    if (answers % batch === 0 && !ended) sendBatch();
  };
  for (let i = 0; i < window; i++) sendBatch();
  await delay(500);
  const cpuBefore = server.controlCpuMs;
  const answersBefore = answers;
  const startMs = performance.now();
  await delay(seconds * 1000);
  const elapsedMs = performance.now() - startMs;
  const counted = answers - answersBefore;
  const cpuMs = server.controlCpuMs - cpuBefore;
  ended = true;
  socket.close();
  return { perSecond: (counted / elapsedMs) * 1000, cpuUs: (cpuMs / counted) * 1000 };
}

/** What the birth and death of endpoints cost. */
export interface EndpointFigures {
  /** CPU time of the control process, milliseconds. */
  readonly controlMs: number;
  /** CPU time of the router process, milliseconds. */
  readonly routerMs: number;
  /** Wall-clock time, milliseconds. */
  readonly wallMs: number;
}

/**
 * Creates and releases `count` WebRtcEndpoints in one pipeline, all requests of a kind under way at once. With `offers`
 * each makes an offer in between, which opens its transport in the router.
 */
export async function runEndpoints(
  server: MeasuredServer,
  count: number,
  offers: boolean,
): Promise<EndpointFigures> {
  const socket = await RpcSocket.open(server.wsUrl);
  const mediaPipeline = await socket.create('MediaPipeline');
  const controlBefore = server.controlCpuMs;
  const routerBefore = server.routersCpuMs;
  const startMs = performance.now();
  const ids = await Promise.all(
    Array.from({ length: count }, () => socket.create('WebRtcEndpoint', { mediaPipeline })),
  );
  if (offers) await Promise.all(ids.map((id) => socket.invoke(id, 'generateOffer')));
  await Promise.all(ids.map((object) => socket.request('release', { object })));
  const wallMs = performance.now() - startMs;
  const controlMs = server.controlCpuMs - controlBefore;
  const routerMs = server.routersCpuMs - routerBefore;
  await socket.request('release', { object: mediaPipeline });
  socket.close();
  return { controlMs, routerMs, wallMs };
}

/** How long single calls take, one after the other: name of the call and every time, milliseconds. */
export type CallTimes = ReadonlyMap<string, readonly number[]>;

/** Times of the calls of `pairs` negotiations between two endpoints of the server. */
export async function runNegotiations(server: MeasuredServer, pairs: number): Promise<CallTimes> {
  const socket = await RpcSocket.open(server.wsUrl);
  const times = new Map<string, number[]>();
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const startMs = performance.now();
    const result = await work();
    let list = times.get(name);
    if (list === undefined) times.set(name, (list = []));
    list.push(performance.now() - startMs);
    return result;
  };
  const mediaPipeline = await socket.create('MediaPipeline');
  for (let pair = 0; pair < pairs; pair++) {
    await timed('ping', () => socket.request('ping', {}));
    const a = await timed('create WebRtcEndpoint', () => socket.create('WebRtcEndpoint', { mediaPipeline }));
    const b = await timed('create WebRtcEndpoint', () => socket.create('WebRtcEndpoint', { mediaPipeline }));
    const offer = await timed('generateOffer', () => socket.invoke(a, 'generateOffer'));
    const answer = await timed('processOffer', () => socket.invoke(b, 'processOffer', { offer }));
    await timed('processAnswer', () => socket.invoke(a, 'processAnswer', { answer }));
    await timed('release', () => socket.request('release', { object: a }));
    await timed('release', () => socket.request('release', { object: b }));
  }
  socket.close();
  return times;
}
