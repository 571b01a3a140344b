/**
 * A publisher whose packets are real video: GStreamer encodes it, a peer sends it.
 * @module
 */
import { createServer, type Server, type Socket } from 'node:net';
import { after } from 'node:test';
import { encoderName, encodeText, type HostProcess, mediaCodec } from '@rivero/gst';
import { FrameReader, packetMemoryOf, parseRtcp } from '@rivero/rtp';
import { privatePath } from './FakeHost.ts';
import type { SocketPeer } from './SocketPeer.ts';
import { videoHeaderLength, vp8 } from './videoPacket.ts';

const branchId = 'camera';
const pollMs = 5;

/** 320x240 at 30 frames a second in VP8, with key frames only when the router asks for them. */
export class Camera {
  /** When each packet was sent, by sequence number. */
  readonly sentMs = new Map<number, number>();
  /** Requests for a key frame that came. */
  keyFrameRequests = 0;
  /** Loses every fifth packet on the way to the router, and never repeats one. */
  isLossy = false;
  readonly #peer: SocketPeer;
  readonly #ssrc: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;

  /** Starts to send with this SSRC. */
  static async start(host: HostProcess, peer: SocketPeer, ssrc: number): Promise<Camera> {
    const codec = mediaCodec('VP8');
    if (codec === undefined) throw new Error('VP8 is not in the table');
    const path = privatePath();
    const camera = new Camera(host, peer, ssrc);
    await new Promise<void>((resolve) => {
      camera.#server.listen(path, resolve);
    });
    const ends = { name: 'v', rtp: 'rtp', rtcp: 'rtcp', payloadType: vp8.payloadType };
    await host.request('launch', {
      branchId,
      text:
        'videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=30/1 ! ' +
        encodeText(codec, { ...ends, ssrc, keyFrameDistance: 100_000 }),
      sockets: [
        { name: 'rtp', path, streamId: 'rtp' },
        { name: 'rtcp', path, streamId: 'rtcp' },
      ],
    });
    return camera;
  }

  private constructor(host: HostProcess, peer: SocketPeer, ssrc: number) {
    this.#peer = peer;
    this.#ssrc = ssrc;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#timer = setInterval(() => this.#answerRequests(host), pollMs);
    after(() => this.close());
  }

  close(): void {
    clearInterval(this.#timer);
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    let kind: string | undefined;
    const reader = new FrameReader((packet) => {
      if (kind === undefined) kind = new TextDecoder().decode(packet);
      else if (kind === 'rtp') this.#sendRtp(packet);
      else this.#sendReport(packet);
    });
    socket.on('data', (bytes) => reader.push(bytes));
    socket.on('error', () => {});
  }

  #sendRtp(packet: Uint8Array): void {
    if (this.isLossy && (packet[3] ?? 0) % 5 === 0) return;
    this.sentMs.set(((packet[2] ?? 0) << 8) | (packet[3] ?? 0), performance.now());
    this.#peer.peer.sendRtp(packet, videoHeaderLength);
  }

  #sendReport(packet: Uint8Array): void {
    const reports = parseRtcp(packetMemoryOf(packet), 0, packet.length).filter(
      ({ type }) => type === 'senderReport',
    );
    if (reports.length > 0) this.#peer.peer.sendRtcp(this.#ssrc, reports);
  }

  #answerRequests(host: HostProcess): void {
    const requests = this.#peer.peer.rtcp.splice(0).filter(({ type }) => type === 'pli' || type === 'fir');
    if (requests.length === 0) return;
    this.keyFrameRequests += requests.length;
    host.request('requestKeyFrame', { branchId, element: encoderName('v') }).catch(() => undefined);
  }
}
