/**
 * The HTTP answer to a WebSocket upgrade that is refused.
 * @module
 */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AuthError } from './Principal.ts';

/** The value of `WWW-Authenticate` (RFC 6750 section 3). */
export function challengeOf({ status, message }: AuthError): string {
  const error = status === 401 ? 'invalid_token' : 'insufficient_scope';
  return `Bearer realm="rivero", error="${error}", error_description="${message.replace(/["\\]/g, "'")}"`;
}

/** Answers a refused upgrade and ends the connection. */
export function refuseUpgrade(socket: Duplex, error: AuthError): void {
  const body = `${error.message}\n`;
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    `WWW-Authenticate: ${challengeOf(error)}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  // Whole, and without waiting for the other side to close too.
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
