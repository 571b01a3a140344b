/**
 * Reads from /proc what the processes of the server use of the machine.
 * @module
 */
import { readdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { cpuSecondsOf, memoryKib } from '../objects/processUsage.ts';
import type { MachineUsage, ResourceUsage } from './ResourceGuard.ts';

/** Reads what this process and the routers use. Where there is no /proc, only memory is known. */
export class MachineReader {
  readonly #routerIds: () => readonly number[];
  readonly #nowMs: () => number;
  #cpuSeconds = new Map<number, number>();
  #readMs = 0;

  /** Reads for this process and the children `routerIds`; `nowMs` measures intervals, milliseconds. */
  constructor(routerIds: () => readonly number[], nowMs: () => number) {
    this.#routerIds = routerIds;
    this.#nowMs = nowMs;
  }

  /** What is used now. CPU counts from the last reading; of a router seen for the first time it is not known. */
  async read(): Promise<MachineUsage> {
    const routers = this.#routerIds();
    const [files, memory, routerCpu] = await Promise.all([
      Promise.all([process.pid, ...routers].map(readOpenFiles)),
      readMemory(routers),
      this.#readCpu(routers),
    ]);
    return { exhaustible: [...files.filter((usage) => usage !== undefined), memory], routerCpu };
  }

  async #readCpu(routers: readonly number[]): Promise<number[]> {
    const seconds = await Promise.all(routers.map(cpuSecondsOf));
    const nowMs = this.#nowMs();
    const elapsedSeconds = (nowMs - this.#readMs) / 1000;
    const before = this.#cpuSeconds;
    this.#cpuSeconds = new Map(routers.map((pid, index) => [pid, seconds[index] ?? 0]));
    this.#readMs = nowMs;
    return routers.map((pid, index) => {
      const used = (seconds[index] ?? 0) - (before.get(pid) ?? Number.POSITIVE_INFINITY);
      return elapsedSeconds > 0 ? Math.max(0, used / elapsedSeconds) : 0;
    });
  }
}

/** Open files of a process against its soft limit; undefined if that is not known. */
async function readOpenFiles(pid: number): Promise<ResourceUsage | undefined> {
  const [open, limits] = await Promise.all([
    readdir(`/proc/${pid}/fd`).catch(() => undefined),
    readFile(`/proc/${pid}/limits`, 'utf8').catch(() => ''),
  ]);
  const limit = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
  if (open === undefined || !(limit > 0)) return undefined;
  return { what: `the open files of process ${pid}`, share: open.length / limit };
}

/** Memory of all processes against what the machine has, or its control group allows. */
async function readMemory(routers: readonly number[]): Promise<ResourceUsage> {
  const allowed = process.constrainedMemory();
  const bytes = Math.min(totalmem(), allowed > 0 ? allowed : Number.POSITIVE_INFINITY);
  return { what: 'the memory', share: ((await memoryKib(routers)) * 1024) / bytes };
}
