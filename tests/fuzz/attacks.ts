/**
 * What badly behaved clients do to a server, one kind each.
 * @module
 */
import fc from 'fast-check';
import { type FrameOptions, FrameSocket, frameOf } from './FrameSocket.ts';
import { requestTexts } from './requests.ts';

/** Where an attack goes, and what it may vary. */
interface Target {
  readonly port: number;
  /** Differs from attack to attack. */
  readonly seed: number;
}

/** One attack; resolves when it is over. */
type Attack = (target: Target) => Promise<void>;

const encode = (text: string): Uint8Array => Buffer.from(text);

/** Ids of a pipeline and some elements in it. */
async function createObjects(socket: FrameSocket, seed: number): Promise<string[]> {
  const ids: string[] = [];
  const create = async (type: string, constructorParams: unknown): Promise<string> => {
    const answer = await socket.request(`c${seed}-${ids.length}`, 'create', { type, constructorParams });
    const id = /"value":"([^"]+)"/.exec(answer ?? '')?.[1] ?? 'none';
    ids.push(id);
    return id;
  };
  const mediaPipeline = await create('MediaPipeline', {});
  await create('PassThrough', { mediaPipeline });
  await create('WebRtcEndpoint', { mediaPipeline });
  await create('WebRtcEndpoint', { mediaPipeline });
  return [...ids, 'manager_ServerManager'];
}

/** Nearly valid requests to live objects, one after the other without waiting. */
async function sendRequests({ port, seed }: Target): Promise<void> {
  const socket = await FrameSocket.open(port);
  const ids = await createObjects(socket, seed);
  for (const text of fc.sample(requestTexts(ids), { numRuns: 150, seed })) socket.sendText(text);
  await socket.request('last', 'ping', {});
  socket.destroy();
}

/** The same, fragmented at every place, with pings in between. */
async function sendFragments({ port, seed }: Target): Promise<void> {
  const socket = await FrameSocket.open(port);
  for (const text of fc.sample(requestTexts(['nope']), { numRuns: 40, seed })) {
    const bytes = encode(text);
    const step = 1 + (seed % 7);
    for (let at = 0; at < bytes.length; at += step) {
      const final = at + step >= bytes.length;
      socket.write(frameOf(bytes.subarray(at, at + step), { opcode: at === 0 ? 1 : 0, final }));
      if (at % 5 === 0) socket.write(frameOf(encode('p'), { opcode: 9 }));
    }
  }
  await socket.request('last', 'ping', {});
  socket.destroy();
}

/** Frames that RFC 6455 forbids, or that the protocol has no use for. */
async function sendBadFrames({ port, seed }: Target): Promise<void> {
  const frame = fc.record<Required<FrameOptions>>({
    opcode: fc.nat({ max: 15 }),
    final: fc.boolean(),
    masked: fc.boolean(),
    reserved: fc.constantFrom(0, 0, 0, 1, 4, 7),
    claimedLength: fc.nat({ max: 300 }),
  });
  const payload = fc.uint8Array({ maxLength: 200 });
  for (const [options, bytes] of fc.sample(fc.tuple(frame, payload), { numRuns: 12, seed })) {
    const socket = await FrameSocket.open(port);
    const { claimedLength, ...honest } = options;
    socket.write(frameOf(bytes, seed % 2 === 0 ? { ...honest, claimedLength } : honest));
    socket.write(frameOf(encode('{"jsonrpc":"2.0","method":"ping","id":1}')));
    socket.destroy();
  }
}

/** Texts that are no UTF-8, and JSON in binary frames. */
async function sendBytes({ port, seed }: Target): Promise<void> {
  for (const bytes of fc.sample(fc.uint8Array({ minLength: 1, maxLength: 500 }), { numRuns: 6, seed })) {
    const socket = await FrameSocket.open(port);
    socket.write(frameOf(encode('{"jsonrpc":"2.0","method":"ping","id":1}'), { opcode: 2 }));
    socket.write(frameOf(bytes, { opcode: 2 }));
    socket.write(frameOf(Buffer.concat([bytes, Buffer.from([0xff, 0xc0, 0x80])])));
    await socket.request('last', 'ping', {});
    socket.destroy();
  }
}

/** A message above the limit: at once, by its claim alone, and piece by piece. */
async function sendTooMuch({ port, seed }: Target): Promise<void> {
  const socket = await FrameSocket.open(port);
  if (seed % 3 === 0) socket.write(frameOf(Buffer.alloc(17 * 1024 * 1024, 0x20)));
  else if (seed % 3 === 1) socket.write(frameOf(encode('x'), { claimedLength: 2 ** 40 }));
  else {
    const piece = Buffer.alloc(1024 * 1024, 0x20);
    for (let i = 0; i < 20; i++) socket.write(frameOf(piece, { opcode: i === 0 ? 1 : 0, final: false }));
  }
  await socket.request('last', 'ping', {});
  socket.destroy();
}

/** Arrays in arrays, objects in objects, as deep as the text can be. */
async function sendDepth({ port, seed }: Target): Promise<void> {
  const socket = await FrameSocket.open(port);
  const depth = [65, 1000, 50_000, 400_000][seed % 4] ?? 0;
  socket.sendText('['.repeat(depth));
  socket.sendText(`${'['.repeat(depth)}${']'.repeat(depth)}`);
  socket.sendText(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
  const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
  socket.sendText(
    `{"jsonrpc":"2.0","method":"create","params":{"type":"MediaPipeline","properties":${nested}},"id":1}`,
  );
  await socket.request('last', 'ping', {});
  socket.destroy();
}

/** Thousands of subscriptions to a busy event, and the events that follow. */
async function subscribeMuch({ port, seed }: Target): Promise<void> {
  const socket = await FrameSocket.open(port);
  for (let i = 0; i < 3000; i++) {
    const params = {
      object: 'manager_ServerManager',
      type: i % 2 === 0 ? 'ObjectCreated' : 'ObjectDestroyed',
    };
    socket.sendText(JSON.stringify({ jsonrpc: '2.0', method: 'subscribe', params, id: i }));
  }
  await createObjects(socket, seed);
  await socket.request('last', 'closeSession', { release: true });
  socket.destroy();
}

/** Many requests of which the answers are never read. */
async function readNothing({ port, seed }: Target): Promise<void> {
  const socket = await FrameSocket.open(port);
  socket.stopReading();
  const params = {
    object: 'manager_ServerManager',
    operation: 'getKmd',
    operationParams: { moduleName: 'core' },
  };
  for (let i = 0; i < 400 && socket.open; i++) {
    socket.sendText(JSON.stringify({ jsonrpc: '2.0', method: 'invoke', params, id: seed + i }));
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  socket.destroy();
}

/** Connections that stop in the middle of the upgrade or of a frame, and stay. */
async function hangHalfOpen({ port, seed }: Target): Promise<void> {
  const heads = [
    '',
    'GET /kurento HT',
    'GET /kurento HTTP/1.1\r\nUpgrade: websocket\r\n',
    'nonsense\r\n\r\n',
    '\u0016\u0003\u0001',
  ];
  const sockets = await Promise.all(
    Array.from({ length: 10 }, (_, i) => FrameSocket.raw(port, heads[(seed + i) % heads.length] ?? '')),
  );
  const upgraded = await FrameSocket.open(port);
  upgraded.write(frameOf(encode('{"jsonrpc":'), { claimedLength: 100 }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const socket of [...sockets, upgraded]) socket.destroy();
}

/** All attacks by name. */
export const attacks: ReadonlyMap<string, Attack> = new Map(
  Object.entries({
    sendRequests,
    sendFragments,
    sendBadFrames,
    sendBytes,
    sendTooMuch,
    sendDepth,
    subscribeMuch,
    readNothing,
    hangHalfOpen,
  }),
);
