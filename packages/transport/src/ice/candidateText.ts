/**
 * The text form of candidates, as in `a=candidate` (RFC 8839 section 5.1) and trickle ICE (RFC 8838).
 * @module
 */
import type { Candidate, CandidateType } from './Candidate.ts';

/**
 * RFC 8839 section 5.1, up to the type. What the address is, `unusableReason` tells.
 * Priorities may have 32 bits, though the RFC stops at 2^31-1: some senders use them all.
 */
const FIXED_FIELDS =
  /^(?<foundation>[A-Za-z0-9+/]{1,32}) (?<component>\d{1,3}) (?<transport>[\w-]{1,16}) (?<priority>\d{1,10}) (?<address>[A-Za-z0-9.:_-]{1,255}) (?<port>\d{1,5}) typ (?<type>\w{4,5})$/i;
/** Fields up to and including the type. */
const FIXED_FIELD_COUNT = 8;
const PORT = /^\d{1,5}$/;
/** A longer text is no candidate, but an attempt to keep us busy. */
const MAX_CHARACTERS = 1024;

/**
 * The candidate in a text like `candidate:1 1 UDP 2130706431 192.0.2.1 3478 typ host`, or undefined if it is none.
 * `a=` in front is allowed, `candidate:` may be absent. TCP candidates and host names are parsed too. Never throws.
 */
export function parseCandidate(text: string): Candidate | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const fields = text
    .trim()
    .replace(/^(a=)?(candidate:)?/i, '')
    .split(/ +/);
  const fixed = FIXED_FIELDS.exec(fields.slice(0, FIXED_FIELD_COUNT).join(' '))?.groups;
  const attributes = fields.slice(FIXED_FIELD_COUNT);
  if (fixed === undefined || attributes.length % 2 !== 0) return undefined;
  const priority = Number(fixed['priority']);
  const port = Number(fixed['port']);
  const type = readType(fixed['type']);
  if (type === undefined || priority > 0xffffffff || port > 0xffff) return undefined;
  return {
    foundation: fixed['foundation'] ?? '',
    component: Number(fixed['component']),
    transport: (fixed['transport'] ?? '').toLowerCase(),
    priority,
    address: fixed['address'] ?? '',
    port,
    type,
    ...readAttributes(attributes),
  };
}

/** The text of a candidate, beginning with `candidate:`. What `parseCandidate` has read comes out the same. */
export function serializeCandidate(candidate: Candidate): string {
  const fields: (string | number)[] = [
    `candidate:${candidate.foundation}`,
    candidate.component,
    candidate.transport.toUpperCase(),
    candidate.priority,
    candidate.address,
    candidate.port,
    'typ',
    candidate.type,
  ];
  if (candidate.relatedAddress !== undefined) fields.push('raddr', candidate.relatedAddress);
  if (candidate.relatedPort !== undefined) fields.push('rport', candidate.relatedPort);
  if (candidate.tcpType !== undefined) fields.push('tcptype', candidate.tcpType);
  for (const [name, value] of candidate.extensions) fields.push(name, value);
  return fields.join(' ');
}

function readType(text: string | undefined): CandidateType | undefined {
  const type = text?.toLowerCase();
  return type === 'host' || type === 'srflx' || type === 'prflx' || type === 'relay' ? type : undefined;
}

function readAttributes(
  fields: readonly string[],
): Pick<Candidate, 'relatedAddress' | 'relatedPort' | 'tcpType' | 'extensions'> {
  let known: { relatedAddress?: string; relatedPort?: number; tcpType?: string } = {};
  const extensions: [string, string][] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] ?? '';
    const value = fields[i + 1] ?? '';
    if (name === 'raddr') known = { ...known, relatedAddress: value };
    else if (name === 'rport' && PORT.test(value)) known = { ...known, relatedPort: Number(value) };
    else if (name === 'tcptype') known = { ...known, tcpType: value };
    else extensions.push([name, value]);
  }
  return { ...known, extensions };
}
