/**
 * An outlet without encryption: what would leave on the wire is handed to a function as a copy.
 * @module
 */
import type { OutboundStream, RtpOutlet } from '../../src/RtpOutlet.ts';
import type { TestMemory } from './memory.ts';

export class PlainOutlet implements RtpOutlet {
  readonly #memory: TestMemory;
  readonly openStreams = new Set<number>();
  onRtp: (packet: Uint8Array) => void;
  onRtcp: (packet: Uint8Array) => void;
  /** Whether `reserve` finds room. */
  hasRoom = true;

  constructor(
    memory: TestMemory,
    onRtp: (packet: Uint8Array) => void,
    onRtcp: (packet: Uint8Array) => void = () => undefined,
  ) {
    this.#memory = memory;
    this.onRtp = onRtp;
    this.onRtcp = onRtcp;
  }

  openStream(ssrc: number): OutboundStream {
    this.openStreams.add(ssrc);
    const { memory, sendAt } = this.#memory;
    return {
      reserve: () => (this.hasRoom ? sendAt : -1),
      commit: (headerLength, payload, payloadLength) => {
        const packet = new Uint8Array(headerLength + payloadLength);
        packet.set(memory.bytes.subarray(sendAt, sendAt + headerLength));
        packet.set(memory.bytes.subarray(payload, payload + payloadLength), headerLength);
        this.onRtp(packet);
      },
      close: () => {
        this.openStreams.delete(ssrc);
      },
    };
  }

  sendRtcp(bytes: Uint8Array): void {
    this.onRtcp(bytes.slice());
  }
}
