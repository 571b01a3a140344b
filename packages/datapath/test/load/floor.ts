/**
 * The least that forwarding can cost in this process model: `recvmmsg`, then `sendmmsg` of the received bytes to all
 * viewers, by the same native calls as the router, without encryption or any look at the packet.
 * Arguments: the viewers' ports, as JSON. Prints its own port by the IPC channel.
 * @module
 */
import { TransportAddress } from '@rivero/transport';
import { Arena } from '../../src/Arena.ts';
import { libc, Socket, watchReadable } from '../../src/native/libc.ts';
import { addressOf } from '../../src/native/library.ts';
import { Message, messageBytes, Vector, vectorBytes, writeAddress } from '../../src/native/messageHeader.ts';
import { ReceiveBatch } from '../../src/native/ReceiveBatch.ts';
import { SocketAddressFormat } from '../../src/native/RemoteAddressTable.ts';

const queueMessages = 128;
// Holds because measure.ts, which starts this program, passes exactly this.
const ports = JSON.parse(process.argv[2] ?? '[]') as number[];
const arena = new Arena(1 << 24);
const base = addressOf(arena.bytes);
const words = new Uint32Array(arena.bytes.buffer);
const c = libc();
const format = new SocketAddressFormat(arena, 4);
const batch = new ReceiveBatch(arena, c);
const names = ports.map((port) => {
  const at = arena.reserve(32);
  format.write(at, loopback(port));
  return base + at;
});
const messages = arena.reserve(queueMessages * messageBytes);
const vectors = arena.reserve(queueMessages * vectorBytes);
for (let i = 0; i < queueMessages; i++) {
  const message = (messages + i * messageBytes) >> 2;
  words[message + Message.nameLength] = 16;
  writeAddress(words, message + Message.vector, base + vectors + i * vectorBytes);
  words[message + Message.vectorCount] = 1;
}
const descriptor = c.socket(Socket.AF_INET, Socket.SOCK_DGRAM | Socket.SOCK_NONBLOCK, 0);
const scratch = arena.reserve(64);
for (const option of [Socket.SO_RCVBUFFORCE, Socket.SO_SNDBUFFORCE]) {
  arena.view.setInt32(scratch, 8 << 20, true);
  c.setsockopt(descriptor, Socket.SOL_SOCKET, option, base + scratch, 4);
}
format.write(scratch, loopback(0));
c.bind(descriptor, base + scratch, 16);
arena.view.setUint32(scratch + 32, 16, true);
c.getsockname(descriptor, base + scratch, base + scratch + 32);

let queued = 0;
const readiness = watchReadable(descriptor, () => {
  for (let round = 0; round < 8; round++) {
    const count = batch.receive(descriptor);
    for (let i = 0; i < count; i++) forward(base + batch.offset(i), batch.length(i));
    flush();
    if (count < 64) return;
  }
});
process.on('disconnect', () => {
  readiness.close();
  process.exit(0);
});
process.send?.({ port: format.read(scratch).port });

function forward(address: number, length: number): void {
  for (const name of names) {
    writeAddress(words, ((messages + queued * messageBytes) >> 2) + Message.name, name);
    const vector = (vectors + queued * vectorBytes) >> 2;
    writeAddress(words, vector + Vector.base, address);
    words[vector + Vector.length] = length;
    if (++queued === queueMessages) flush();
  }
}

function flush(): void {
  let done = 0;
  while (done < queued) {
    const sent = c.sendmmsg(
      descriptor,
      base + messages + done * messageBytes,
      queued - done,
      Socket.MSG_DONTWAIT,
    );
    done += sent > 0 ? sent : 1;
  }
  queued = 0;
}

function loopback(port: number): TransportAddress {
  const address = TransportAddress.parse('127.0.0.1', port);
  if (address === undefined) throw new RangeError(`'${port}' is no port`);
  return address;
}
