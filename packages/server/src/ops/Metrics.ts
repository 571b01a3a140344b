/**
 * Figures for Prometheus: what the server holds, what it answers, what its routers move.
 * @module
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RouterLink } from '../media/RouterLink.ts';
import { cpuSecondsOf, memoryKibOf } from '../objects/processUsage.ts';
import type { RequestReport, RequestWatcher } from '../protocol/RequestWatcher.ts';

/** What the figures are about. */
export interface MetricsSource {
  /** Open WebSockets. */
  socketCount(): number;
  /** Sessions that reference something. */
  sessionCount(): number;
  /** Class name of every live object. */
  objectTypes(): Iterable<string>;
  /** Methods of the protocol; the name of any other request is a client's invention. */
  readonly methods: ReadonlySet<string>;
  /** The router processes that are alive. */
  liveRouters(): readonly RouterLink[];
}

/** Step of the event-loop measurement, milliseconds; subtracted from what it says. */
const LOOP_RESOLUTION_MS = 10;
const quantiles: readonly number[] = [0.5, 0.99];
/** From a ping to a slow negotiation, seconds. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
/** A router that takes longer for its figures is left out this time, milliseconds. */
const ROUTER_TIMEOUT_MS = 1000;

/** Names and help texts of the figures of routers, by the member of the dump that they come from. */
const trafficNames = {
  packetsReceived: ['rivero_router_packets_received_total', 'RTP packets received'],
  bytesReceived: ['rivero_router_bytes_received_total', 'Bytes of RTP payload received'],
  packetsLost: ['rivero_router_packets_lost_total', 'RTP packets that did not arrive'],
  packetsSent: ['rivero_router_packets_sent_total', 'RTP packets sent'],
  bytesSent: ['rivero_router_bytes_sent_total', 'Bytes of RTP payload sent'],
  remotePacketsLost: ['rivero_router_remote_packets_lost_total', 'RTP packets that receivers report as lost'],
} as const;

/** Figures for Prometheus. */
export class Metrics implements RequestWatcher {
  readonly #source: MetricsSource;
  readonly #registry = new Registry();
  readonly #loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  readonly #requests: Histogram;
  readonly #gauges: ReadonlyMap<string, Gauge>;
  readonly #counters: ReadonlyMap<string, Counter>;
  #look: Promise<string> | undefined;

  /** Measures from now on. */
  constructor(source: MetricsSource) {
    this.#source = source;
    this.#requests = new Histogram({
      name: 'rivero_request_duration_seconds',
      help: 'Time to answer requests, by method and outcome (ok or the code of the error)',
      labelNames: ['method', 'outcome'],
      buckets: durationBuckets,
      registers: [this.#registry],
    });
    this.#gauges = this.#makeGauges();
    this.#counters = this.#makeCounters();
    this.#loop.enable();
  }

  /** Media type of the text. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Notes how long a request took and how it ended. */
  finished({ request, durationMs, error }: RequestReport): void {
    const method = this.#source.methods.has(request.method) ? request.method : 'unknown';
    const outcome = error === undefined ? 'ok' : String(error.code);
    this.#requests.observe({ method, outcome }, durationMs / 1000);
  }

  /** All figures as text. Who asks while a look is under way shares it. */
  text(): Promise<string> {
    this.#look ??= this.#read().finally(() => (this.#look = undefined));
    return this.#look;
  }

  /** Stops measuring. */
  close(): void {
    this.#loop.disable();
    this.#registry.clear();
  }

  async #read(): Promise<string> {
    // What is gone has no figures any more.
    for (const figures of [...this.#gauges.values(), ...this.#counters.values()]) figures.reset();
    this.#readServer();
    const routers = this.#source.liveRouters();
    await Promise.all([this.#readProcesses(routers), ...routers.map((router) => this.#readRouter(router))]);
    return this.#registry.metrics();
  }

  #makeGauges(): Map<string, Gauge> {
    const gauges: readonly (readonly [name: string, help: string, labels: string[]])[] = [
      ['rivero_websockets', 'Open WebSockets', []],
      ['rivero_sessions', 'Sessions that reference something', []],
      ['rivero_objects', 'Live objects', ['type']],
      ['rivero_event_loop_delay_seconds', 'Delay of the event loop since the last look', ['quantile']],
      ['rivero_process_resident_memory_bytes', 'Resident memory', ['process']],
      ['rivero_router_transports', 'Open transports', ['router']],
      ['rivero_router_producers', 'Incoming streams', ['router']],
      ['rivero_router_consumers', 'Outgoing streams', ['router']],
      ['rivero_router_packet_memory_bytes', 'Packet memory handed out', ['router']],
    ];
    return new Map(
      gauges.map(([name, help, labelNames]) => [
        name,
        new Gauge({ name, help, labelNames, registers: [this.#registry] }),
      ]),
    );
  }

  #makeCounters(): Map<string, Counter> {
    const counters: (readonly [name: string, help: string, labels: string[]])[] = [
      ['rivero_process_cpu_seconds_total', 'CPU time used', ['process']],
      ['rivero_router_events_total', 'What routers count: datagrams, refusals, drops', ['router', 'event']],
    ];
    for (const [name, help] of Object.values(trafficNames)) counters.push([name, help, ['router']]);
    return new Map(
      counters.map(([name, help, labelNames]) => [
        name,
        new Counter({ name, help, labelNames, registers: [this.#registry] }),
      ]),
    );
  }

  #set(name: string, value: number, labels: Record<string, string> = {}): void {
    this.#gauges.get(name)?.set(labels, value);
  }

  /** Sets a counter, which is at 0, to what has been counted elsewhere. */
  #count(name: string, total: number, labels: Record<string, string>): void {
    // Losses go down when a late packet comes.
    this.#counters.get(name)?.inc(labels, Math.max(0, total));
  }

  #readServer(): void {
    const types = new Map<string, number>();
    for (const type of this.#source.objectTypes()) types.set(type, (types.get(type) ?? 0) + 1);
    for (const [type, count] of types) this.#set('rivero_objects', count, { type });
    this.#set('rivero_websockets', this.#source.socketCount());
    this.#set('rivero_sessions', this.#source.sessionCount());
    for (const quantile of quantiles) {
      const delayMs = this.#loop.percentile(quantile * 100) / 1e6 - LOOP_RESOLUTION_MS;
      const labels = { quantile: String(quantile) };
      this.#set('rivero_event_loop_delay_seconds', Math.max(0, delayMs) / 1000, labels);
    }
    this.#loop.reset();
  }

  async #readProcesses(routers: readonly RouterLink[]): Promise<void> {
    const processes = [
      { process: 'control', pid: process.pid },
      ...routers.map((router) => ({ process: `router ${router.ready.udpPort}`, pid: router.pid })),
    ];
    await Promise.all(
      processes.map(async ({ process: name, pid }) => {
        const [cpu, memoryKib] = await Promise.all([cpuSecondsOf(pid), memoryKibOf(pid)]);
        this.#count('rivero_process_cpu_seconds_total', cpu, { process: name });
        this.#set('rivero_process_resident_memory_bytes', memoryKib * 1024, { process: name });
      }),
    );
  }

  async #readRouter(link: RouterLink): Promise<void> {
    const router = String(link.ready.udpPort);
    const tooLate = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), ROUTER_TIMEOUT_MS).unref();
    });
    // A router that is gone or busy has no figures now.
    const dump = await Promise.race([link.request('dump', {}).catch(() => undefined), tooLate]);
    if (dump === undefined) return;
    this.#set('rivero_router_transports', dump.transports, { router });
    this.#set('rivero_router_producers', dump.producers, { router });
    this.#set('rivero_router_consumers', dump.consumers, { router });
    this.#set('rivero_router_packet_memory_bytes', dump.memoryBytes, { router });
    for (const [member, [name]] of Object.entries(trafficNames)) {
      // The table has the members of the dump.
      this.#count(name, dump.traffic[member as keyof typeof trafficNames], { router });
    }
    for (const [event, total] of Object.entries(dump.counters)) {
      this.#count('rivero_router_events_total', total, { router, event });
    }
  }
}
