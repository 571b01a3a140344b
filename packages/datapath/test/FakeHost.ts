/**
 * A media host's end of the streams, for tests: a real connection to a router's unix socket.
 * @module
 */
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { FrameReader, packetMemoryOf, parseRtcp, type RtcpPacket } from '@rivero/rtp';
import type { HostStreamEvents } from '../src/operations.ts';
import { RouterProcess } from '../src/RouterProcess.ts';

/** An event with its name. */
type NamedHostEvent = {
  [K in keyof HostStreamEvents]: { name: K; event: HostStreamEvents[K]; atMs: number };
}[keyof HostStreamEvents];

/** A router that listens for hosts. */
export interface HostedRouter {
  readonly router: RouterProcess;
  readonly path: string;
  readonly events: NamedHostEvent[];
}

/** The path of a socket in a private folder that is removed after the tests. */
export function privatePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rivero-hosts-'));
  chmodSync(folder, 0o700);
  after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'router.sock');
}

/** Starts a router process that listens for hosts. */
export async function startHostedRouter(
  limits: { mostConnections?: number; greetingDeadlineMs?: number } = {},
): Promise<HostedRouter> {
  const events: NamedHostEvent[] = [];
  const router = await RouterProcess.start(
    { udpPort: 0 },
    {
      onEvent: () => {},
      // Holds because the names and events of one type belong together.
      onHostEvent: (name, event) => events.push({ name, event, atMs: performance.now() } as NamedHostEvent),
      onExit: () => {},
    },
  );
  after(() => router.close());
  const path = privatePath();
  await router.request('listenForHosts', { path, ...limits });
  return { router, path, events };
}

/** A packet as a frame of RFC 4571. */
export function frame(packet: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + packet.length);
  new DataView(bytes.buffer).setUint16(0, packet.length);
  bytes.set(packet, 2);
  return bytes;
}

/** One connection of a host. */
export class FakeHost {
  readonly socket: Socket;
  /** Packets that arrived, copied. */
  readonly packets: Uint8Array[] = [];
  /** The router has closed it. */
  closed = false;
  /** Called for each packet, copied. */
  onPacket: (packet: Uint8Array) => void = (packet) => this.packets.push(packet);

  private constructor(socket: Socket) {
    this.socket = socket;
    const reader = new FrameReader((packet) => this.onPacket(Uint8Array.from(packet)));
    socket.on('data', (bytes) => reader.push(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
    after(() => socket.destroy());
  }

  /** Connects, and greets unless the id is left out. */
  static async connect(path: string, streamId?: string): Promise<FakeHost> {
    const socket = connect(path);
    await once(socket, 'connect');
    const host = new FakeHost(socket);
    if (streamId !== undefined) host.send(Buffer.from(streamId));
    return host;
  }

  /** RTCP packets that arrived, of all compounds. */
  get rtcp(): RtcpPacket[] {
    return this.packets.flatMap((bytes) => parseRtcp(packetMemoryOf(bytes), 0, bytes.length));
  }

  /** Sends one packet. */
  send(packet: Uint8Array): void {
    this.socket.write(frame(packet));
  }
}
