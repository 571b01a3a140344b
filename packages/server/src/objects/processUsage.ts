/**
 * What processes use of the machine: CPU time and memory.
 * @module
 */
import { readFile } from 'node:fs/promises';

/** Clock ticks per second in /proc; fixed in the Linux interface to user space. */
const TICKS_PER_SECOND = 100;
/** Fields 14 and 15 of /proc/<pid>/stat (utime, stime), counted after the parenthesised name, see proc(5). */
const UTIME = 11;
const STIME = 12;

async function readProc(pid: number, file: string): Promise<string> {
  // A process that ended in the meantime, or a system without /proc, counts as nothing.
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}

/** CPU time that a process has used so far, seconds; 0 if it is gone. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readProc(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[UTIME]) + Number(fields[STIME]);
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : 0;
}

/** Resident memory of a process, KiB; 0 if it is gone. */
export async function memoryKibOf(pid: number): Promise<number> {
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(await readProc(pid, 'status'));
  return resident === null ? 0 : Number(resident[1]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** CPU time that this process and `children` have used so far, seconds. */
export async function cpuSeconds(children: readonly number[]): Promise<number> {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + sum(await Promise.all(children.map(cpuSecondsOf)));
}

/** Resident memory of this process and `children`, KiB. */
export async function memoryKib(children: readonly number[]): Promise<number> {
  const own = Math.round(process.memoryUsage.rss() / 1024);
  return own + sum(await Promise.all(children.map(memoryKibOf)));
}
