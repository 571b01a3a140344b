/**
 * ICE candidates: what they are, their priorities and foundations (RFC 8445 section 5.1).
 * @module
 */
import { crc32 } from '../stun/crc32.ts';
import { TransportAddress } from './TransportAddress.ts';

/** Kinds of candidates, as written behind `typ`. */
export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

/** One candidate as signalled (RFC 8839 section 5.1). */
export interface Candidate {
  /** Equal for candidates of the same type, base, protocol and server. 1..32 characters. */
  readonly foundation: string;
  /** Component id: 1 is RTP, and with rtcp-mux everything. 1..256. */
  readonly component: number;
  /** `udp` or `tcp`, or what else the text says, in lower case. */
  readonly transport: string;
  /** 1..2^31-1. */
  readonly priority: number;
  /** IP address or host name, as written. */
  readonly address: string;
  /** 0..65535. */
  readonly port: number;
  /** Kind of the candidate. */
  readonly type: CandidateType;
  /** `raddr`: the base of a reflexive candidate. */
  readonly relatedAddress?: string;
  /** `rport`. */
  readonly relatedPort?: number;
  /** `tcptype` of a TCP candidate (RFC 6544 section 4.5): `active`, `passive` or `so`. */
  readonly tcpType?: string;
  /** Extension attributes that are not known here, in their order, for instance `['generation', '0']`. */
  readonly extensions: readonly (readonly [name: string, value: string])[];
}

/** Why no pair can be formed with a candidate. */
export type UnusableReason = 'notUdp' | 'notAnIpAddress' | 'otherComponent' | 'noPort';

/**
 * Undefined if the agent can check the candidate, else why not: it is a TCP candidate, a host name
 * (`.local` of mDNS included: resolve it and add the result), of a component that rtcp-mux leaves unused, or without port.
 */
export function unusableReason(candidate: Candidate): UnusableReason | undefined {
  if (candidate.transport !== 'udp') return 'notUdp';
  if (candidate.component !== 1) return 'otherComponent';
  if (candidate.port === 0) return 'noPort';
  return TransportAddress.parse(candidate.address, candidate.port) === undefined
    ? 'notAnIpAddress'
    : undefined;
}

/** The address of a candidate that the agent can check, else undefined: see `unusableReason`. */
export function checkableAddress(candidate: Candidate): TransportAddress | undefined {
  if (unusableReason(candidate) !== undefined) return undefined;
  return TransportAddress.parse(candidate.address, candidate.port);
}

/** Type preferences recommended by RFC 8445 section 5.1.2.2. */
const TYPE_PREFERENCE: Readonly<Record<CandidateType, number>> = {
  host: 126,
  prflx: 110,
  srflx: 100,
  relay: 0,
};

/**
 * Priority of a candidate: RFC 8445 section 5.1.2.1. `localPreference` is 0..65535 and tells candidates of one type
 * apart: the higher, the better liked.
 */
export function candidatePriority(type: CandidateType, localPreference: number, component = 1): number {
  return TYPE_PREFERENCE[type] * 0x1000000 + localPreference * 0x100 + (256 - component);
}

/** Foundation of a candidate (RFC 8445 section 5.1.1.3): the same text for the same type, base address and protocol. */
export function candidateFoundation(type: CandidateType, baseAddress: string, transport = 'udp'): string {
  const text = `${type} ${baseAddress} ${transport}`;
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return crc32(bytes, bytes.length).toString();
}

/**
 * A UDP host candidate of component 1. Give IPv6 addresses and faster interfaces the higher `localPreference`
 * (0..65535; RFC 8421).
 */
export function hostCandidate(address: TransportAddress, localPreference: number): Candidate {
  return {
    foundation: candidateFoundation('host', address.address),
    component: 1,
    transport: 'udp',
    priority: candidatePriority('host', localPreference),
    address: address.address,
    port: address.port,
    type: 'host',
    extensions: [],
  };
}

/** A candidate that was learnt from a check (RFC 8445 sections 7.2.5.3.1 and 7.3.1.3). */
export function peerReflexiveCandidate(address: TransportAddress, priority: number): Candidate {
  return {
    foundation: candidateFoundation('prflx', address.key),
    component: 1,
    transport: 'udp',
    priority,
    address: address.address,
    port: address.port,
    type: 'prflx',
    extensions: [],
  };
}
