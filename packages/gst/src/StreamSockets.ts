/**
 * Connections of a branch or part to routers, and their places in launch text.
 * @module
 */
import { HostError } from './HostError.ts';
import { closeDescriptor, connectUnixSocket } from './native/libc.ts';
import type { SocketRequest } from './operations.ts';

/** `fd=socket:NAME` in launch text. */
const placePattern = /\bfd=socket:([\w.-]+)/g;

/** The greeting: one frame of RFC 4571 with the stream id in UTF-8. */
function serializeGreeting(streamId: string): Uint8Array {
  const id = new TextEncoder().encode(streamId);
  const frame = new Uint8Array(2 + id.length);
  new DataView(frame.buffer).setUint16(0, id.length);
  frame.set(id, 2);
  return frame;
}

/** Open descriptors, by the names that launch text knows them by. */
export class StreamSockets {
  readonly #descriptors: ReadonlyMap<string, number>;
  #closed = false;

  private constructor(descriptors: ReadonlyMap<string, number>) {
    this.#descriptors = descriptors;
  }

  /** Connects all of them, or none. @throws {HostError} SOCKET_FAILED, INVALID_REQUEST */
  static async open(requests: readonly SocketRequest[]): Promise<StreamSockets> {
    const descriptors = new Map<string, number>();
    try {
      for (const { name, path, streamId } of requests) {
        if (descriptors.has(name)) throw new HostError('INVALID_REQUEST', `Socket '${name}' comes twice`);
        descriptors.set(name, await connectUnixSocket(path, serializeGreeting(streamId)));
      }
    } catch (error) {
      for (const descriptor of descriptors.values()) closeDescriptor(descriptor);
      if (error instanceof HostError) throw error;
      throw new HostError('SOCKET_FAILED', error instanceof Error ? error.message : String(error));
    }
    return new StreamSockets(descriptors);
  }

  /** How many are open. */
  get size(): number {
    return this.#closed ? 0 : this.#descriptors.size;
  }

  /** Launch text with descriptors in their places. @throws {HostError} INVALID_REQUEST for a name that is not there. */
  fillIn(text: string): string {
    return text.replace(placePattern, (_, name: string) => {
      const descriptor = this.#descriptors.get(name);
      if (descriptor === undefined) throw new HostError('INVALID_REQUEST', `There is no socket '${name}'`);
      return `fd=${descriptor}`;
    });
  }

  /** Gives the descriptors back; nothing may use them any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const descriptor of this.#descriptors.values()) closeDescriptor(descriptor);
  }
}
