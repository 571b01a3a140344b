/**
 * Finds out whom a STUN message is for, so that agents can share a port.
 * @module
 */
import { STUN_HEADER_BYTES, StunAttribute, StunType } from './stunFormat.ts';

/**
 * The first four bytes of the transaction id of a Binding response, as an unsigned number, or undefined if the
 * datagram is no response. They are the `transactionPrefix` of the agent that asked.
 */
export function readTransactionPrefix(datagram: Uint8Array): number | undefined {
  if (datagram.length < STUN_HEADER_BYTES) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
  const type = view.getUint16(0);
  return type === StunType.bindingSuccess || type === StunType.bindingError ? view.getUint32(8) : undefined;
}

/**
 * The part of the USERNAME before the colon, or undefined if there is none: in a Binding request it is the ufrag of
 * the agent that is asked (RFC 8445 section 7.2.2). Nothing else is checked. Cheaper than `parseStun`.
 */
export function readDestinationUfrag(datagram: Uint8Array): string | undefined {
  if (datagram.length < STUN_HEADER_BYTES) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
  if (view.getUint16(0) !== StunType.bindingRequest) return undefined;
  let at = STUN_HEADER_BYTES;
  while (at + 4 <= datagram.length) {
    const length = view.getUint16(at + 2);
    if (at + 4 + length > datagram.length) return undefined;
    if (view.getUint16(at) === StunAttribute.username) return readUntilColon(datagram, at + 4, length);
    at += 4 + ((length + 3) & ~3);
  }
  return undefined;
}

function readUntilColon(datagram: Uint8Array, at: number, length: number): string | undefined {
  const end = datagram.indexOf(0x3a, at);
  // RFC 8445 section 5.3: a ufrag has at most 256 characters.
  if (end < 0 || end >= at + length || end - at > 256) return undefined;
  return String.fromCharCode(...datagram.subarray(at, end));
}
