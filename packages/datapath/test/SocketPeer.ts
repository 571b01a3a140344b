/**
 * A peer with a socket and a clock, for tests over loopback.
 * @module
 */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { TransportAddress } from '@rivero/transport';
import { Arena } from '../src/Arena.ts';
import type { DatagramListener, DatagramSocket } from '../src/DatagramSocket.ts';
import { openSockets } from '../src/openSockets.ts';
import { Peer, PeerContext } from './Peer.ts';

/** The memory of all peers of this test program. */
export const arena: Arena = new Arena(1 << 29);
/** What they share. */
export const context: PeerContext = new PeerContext(arena);

/** A peer with a socket and a clock. */
export class SocketPeer implements DatagramListener {
  readonly peer: Peer;
  readonly socket: DatagramSocket;
  readonly received: { sequenceNumber: number; ssrc: number; payload: string }[] = [];
  readonly #timer: NodeJS.Timeout;

  static async open(address: string): Promise<SocketPeer> {
    const { bound } = await openSockets(arena, [address], 0, 'batch', () => {
      const deferred: { listener?: DatagramListener } = {};
      return {
        deferred,
        onDatagram: (socket: DatagramSocket, at: number, length: number, remote: number) =>
          deferred.listener?.onDatagram(socket, at, length, remote),
        onBatchEnd: () => deferred.listener?.onBatchEnd(),
      };
    });
    const [first] = bound;
    assert.ok(first !== undefined);
    const peer = new SocketPeer(first.socket);
    // A failed test must not keep the process alive.
    after(() => peer.close());
    first.listener.deferred.listener = peer;
    return peer;
  }

  private constructor(socket: DatagramSocket) {
    this.socket = socket;
    const send = (datagram: Uint8Array, remote: TransportAddress): void => {
      socket.send(datagram, remote);
      socket.flush();
    };
    this.peer = new Peer(context, socket.local, true, send);
    this.peer.onRtp = (at, length, headerLength) => {
      this.received.push({
        sequenceNumber: arena.view.getUint16(at + 2),
        ssrc: arena.view.getUint32(at + 8),
        payload: Buffer.from(arena.bytes.subarray(at + headerLength, at + length)).toString('hex'),
      });
    };
    this.#timer = setInterval(() => {
      this.peer.handleTimeout();
      socket.flush();
    }, 5);
  }

  onDatagram(socket: DatagramSocket, at: number, length: number): void {
    this.peer.receive(at, length, socket.sender());
  }

  onBatchEnd(): void {
    this.socket.flush();
  }

  close(): void {
    clearInterval(this.#timer);
    this.peer.close();
    this.socket.close();
  }
}

/** Waits until a claim holds; the network and another process decide when. */
export async function eventually(claim: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await claim())) {
    assert.ok(performance.now() < deadline, `not within 5 s: ${what}`);
    await turn();
  }
}
