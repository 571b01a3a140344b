/**
 * A client that does nothing wrong: pings every 10 ms, and tells its parent process how long they took.
 * @module
 */

/** What it found. */
export interface InnocentReport {
  /** Times of the pings, milliseconds, sorted. One that was not answered counts as a day. */
  readonly pingsMs: readonly number[];
  /** How many pipelines there are, -1 if that was not answered. */
  readonly pipelines: number;
}

const EVERY_MS = 10;
const LAST_WAIT_MS = 1000;
const NEVER_MS = 86_400_000;

const socket = new WebSocket(process.argv[2] ?? '');
const sentMs = new Map<number, number>();
const pingsMs: number[] = [];
const lastId = -1;
let pipelines = -1;
let nextId = 0;

socket.addEventListener('message', ({ data }) => {
  const { id, result } = JSON.parse(String(data));
  const startMs = sentMs.get(id);
  if (startMs !== undefined) pingsMs.push(performance.now() - startMs);
  sentMs.delete(id);
  if (id === lastId) pipelines = result.value.length;
});

function ping(): void {
  const id = nextId++;
  sentMs.set(id, performance.now());
  socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'ping', id }));
}

function report(): void {
  const lost = Array.from(sentMs, () => NEVER_MS);
  const found: InnocentReport = { pingsMs: [...pingsMs, ...lost].sort((a, b) => a - b), pipelines };
  process.send?.(found, () => process.exit(0));
}

socket.addEventListener('open', () => {
  const timer = setInterval(ping, EVERY_MS);
  process.send?.('started');
  process.once('message', () => {
    clearInterval(timer);
    const params = { object: 'manager_ServerManager', operation: 'getPipelines' };
    socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'invoke', params, id: lastId }));
    setTimeout(report, LAST_WAIT_MS);
  });
});
