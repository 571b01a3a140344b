/**
 * Commands that are run side by side, each with its output kept until somebody wants to read it.
 * @module
 */
import { spawn } from 'node:child_process';
import { root } from './sources.ts';

/** A command of the gate. */
export interface Task {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Printed while it runs, for tasks that take long. */
  readonly live?: boolean;
  /** It and all that it started are killed after this many milliseconds. */
  readonly timeoutMs?: number;
}

/** How a task ended. */
export interface Outcome {
  readonly task: Task;
  readonly passed: boolean;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  readonly seconds: number;
}

// Tasks lead process groups of their own, so a signal to us must become an exit, which takes them along.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => process.exit(code));
}

/** Kills the task's whole process group, which it leads. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Runs one task to its end; never rejects. */
export function runTask(task: Task): Promise<Outcome> {
  const startedMs = performance.now();
  const child = spawn(task.command, task.args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      chunks.push(chunk);
      if (task.live) process.stdout.write(chunk);
    });
  }
  const stop = (): void => killGroup(child.pid);
  process.once('exit', stop);
  const timer = setTimeout(() => {
    chunks.push(`\n${task.name}: killed after ${(task.timeoutMs ?? 0) / 1000} s\n`);
    stop();
  }, task.timeoutMs ?? 600_000);
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const end = (passed: boolean): void => {
    clearTimeout(timer);
    process.off('exit', stop);
    resolve({ task, passed, output: chunks.join(''), seconds: (performance.now() - startedMs) / 1000 });
  };
  child.on('error', (error) => {
    chunks.push(`${error.message}\n`);
    end(false);
  });
  child.on('close', (code) => end(code === 0));
  return promise;
}

/** Runs all tasks, at most `width` at a time, in the given order; `onEnd` hears of each end. */
export async function runTasks(
  tasks: readonly Task[],
  width: number,
  onEnd: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const waiting = [...tasks];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const outcome = await runTask(task);
      outcomes.push(outcome);
      onEnd(outcome);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return outcomes;
}

/** One line per task: `ok` or `FAIL`, its name, its time. */
export function describeOutcome({ passed, task, seconds }: Outcome): string {
  return `${passed ? 'ok  ' : 'FAIL'}  ${task.name.padEnd(28)} ${seconds.toFixed(1).padStart(5)} s`;
}
