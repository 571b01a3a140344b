/**
 * Who a client is by the certificate that it showed.
 * @module
 */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Principal } from './Principal.ts';

/**
 * The owner of the certificate that the client of `request` showed, who may do everything; undefined if it showed
 * none. The TLS layer has checked it.
 */
export function certificatePrincipal({ socket }: IncomingMessage): Principal | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { CN } = socket.getPeerCertificate().subject;
  return { name: Array.isArray(CN) ? CN.join(',') : (CN ?? 'unnamed'), scopes: ['admin'] };
}
