/**
 * What the control plane costs: a server process of its own, asked by this one, its CPU time read from the kernel.
 * @module
 */
import { cpus } from 'node:os';
import { MeasuredServer, raisePriority } from './control/MeasuredServer.ts';
import { runLoad } from './control/mixedLoad.ts';
import { type EndpointFigures, quantile, runEndpoints, runNegotiations, runPings } from './control/runs.ts';

/** Figures that the control plane has to keep to; issue "Protocol complete". */
const goals = { pingsPerSecond: 40_000, endpointsCpuMs: 150 };

/** Endpoints of one round, and rounds, of which the first ones find code that is not compiled yet. */
const endpoints = 200;
const endpointRounds = 10;
const warmRounds = 3;

function row(name: string, figure: string, note: string): void {
  console.log(`| ${name} | ${figure} | ${note} |`);
}

async function reportPings(server: MeasuredServer, seconds: number): Promise<void> {
  await runPings(server, 1);
  const { perSecond, cpuUs } = await runPings(server, seconds);
  const onOneCore = 1e6 / cpuUs;
  row(
    'ping, pipelined on one socket',
    `${perSecond.toFixed(0)}/s`,
    `${cpuUs.toFixed(1)} us of CPU each: ${onOneCore.toFixed(0)}/s on one core; goal ${goals.pingsPerSecond}/s`,
  );
}

async function reportEndpoints(server: MeasuredServer, offers: boolean): Promise<void> {
  const what = `create${offers ? ', generateOffer' : ''} and release ${endpoints} WebRtcEndpoints`;
  const rounds: EndpointFigures[] = [];
  for (let round = 0; round < endpointRounds; round++) {
    rounds.push(await runEndpoints(server, endpoints, offers));
  }
  const describe = (chosen: readonly EndpointFigures[]): string => {
    const median = (figure: keyof EndpointFigures): number =>
      quantile(
        chosen.map((round) => round[figure]),
        0.5,
      );
    const [control, router, wall] = [median('controlMs'), median('routerMs'), median('wallMs')];
    return `${(control + router).toFixed(0)} ms of CPU (router ${router.toFixed(0)}) in ${wall.toFixed(0)} ms`;
  };
  const goal = offers ? '' : `; goal ${goals.endpointsCpuMs} ms`;
  row(what, describe(rounds.slice(warmRounds)), `the first time ${describe(rounds.slice(0, 1))}${goal}`);
}

async function reportCalls(server: MeasuredServer): Promise<void> {
  await runNegotiations(server, 50);
  for (const [name, times] of await runNegotiations(server, 200)) {
    row(name, `${quantile(times, 0.5).toFixed(2)} ms`, `p99 ${quantile(times, 0.99).toFixed(2)} ms`);
  }
}

async function reportLoad(server: MeasuredServer, seconds: number): Promise<void> {
  const sockets = 200;
  const perSecond = 50;
  const { answered, failed, latenciesMs, cpuMsPerSecond, residentMiB } = await runLoad(
    server,
    sockets,
    perSecond,
    seconds,
  );
  row(
    `${sockets} sockets, ${perSecond} mixed requests/s each, ${seconds} s`,
    `p99 ${quantile(latenciesMs, 0.99).toFixed(1)} ms`,
    `p50 ${quantile(latenciesMs, 0.5).toFixed(1)} ms; ${answered} answered, ${failed} failed; ` +
      `${(cpuMsPerSecond / 10).toFixed(0)} % of a core; ${residentMiB.toFixed(0)} MiB`,
  );
}

/** Prints the table of the control plane in Markdown. `seconds` is the time of the short runs, `loadSeconds` of the long one. */
export async function benchControl(seconds: number, loadSeconds: number): Promise<void> {
  const priority = raisePriority() ? 'before all other processes' : 'beside whatever else runs';
  console.log(
    `\nControl plane, ${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}, ${priority}\n`,
  );
  console.log('| what | figure | |');
  console.log('|---|---|---|');
  const profile = process.env['RIVERO_BENCH_PROFILE'];
  const server = await MeasuredServer.start(
    profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
  );
  try {
    await reportPings(server, seconds);
    await reportEndpoints(server, false);
    await reportEndpoints(server, true);
    await reportCalls(server);
    await reportLoad(server, loadSeconds);
  } finally {
    await server.stop();
  }
}
