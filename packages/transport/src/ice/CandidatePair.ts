/**
 * One way between the two peers, and what is known about it (RFC 8445 section 6.1.2).
 * @module
 */
import type { Candidate } from './Candidate.ts';
import type { SelectedPair } from './IceListener.ts';
import type { TransportAddress } from './TransportAddress.ts';

/** A candidate of ours. */
export interface LocalCandidate {
  /** As signalled to the peer. */
  readonly candidate: Candidate;
  /** The candidate's address. */
  readonly address: TransportAddress;
  /** Number by which the host knows the socket that it belongs to. */
  readonly socket: number;
}

/** A candidate of the peer. */
export interface RemoteCandidate {
  /** As signalled, or learnt from a check; replaced when a learnt one is signalled later. */
  candidate: Candidate;
  /** The candidate's address. */
  readonly address: TransportAddress;
}

/**
 * States of RFC 8445 section 6.1.2.6. With one component and one checklist nothing starts frozen; here a pair is frozen
 * if it was left aside because another pair was selected.
 */
export type CandidatePairState = 'frozen' | 'waiting' | 'inProgress' | 'succeeded' | 'failed';

/** A socket of ours and an address of the peer. Times are milliseconds of the host's clock, or -Infinity for never. */
export class CandidatePair {
  /** The best of our candidates on the socket. */
  readonly local: LocalCandidate;
  /** The candidate of the peer. */
  readonly remote: RemoteCandidate;
  /** Where the checks of this pair stand. */
  state: CandidatePairState = 'waiting';
  /** Our candidate as the peer sees it; known after the first successful check. */
  seenAs: Candidate | undefined;
  /** The peer has nominated the pair before our own check succeeded. */
  nominateOnSuccess: boolean = false;
  /** Last time that the peer answered a check of ours. */
  lastConfirmedMs: number = Number.NEGATIVE_INFINITY;
  /** Last authentic check of the peer. */
  lastRequestMs: number = Number.NEGATIVE_INFINITY;
  /** Last authentic check of the peer with USE-CANDIDATE. */
  lastNominatedMs: number = Number.NEGATIVE_INFINITY;

  /** A pair that waits for its first check. */
  constructor(local: LocalCandidate, remote: RemoteCandidate) {
    this.local = local;
    this.remote = remote;
  }

  /** True while a check is due or under way. */
  get pending(): boolean {
    return this.state === 'waiting' || this.state === 'inProgress';
  }
}

/**
 * Positive if `a` has the higher priority: RFC 8445 section 6.1.2.3,
 * `2^32*MIN(G,D) + 2*MAX(G,D) + (G>D?1:0)`, where G is the candidate of the controlling side.
 */
export function comparePairPriority(a: CandidatePair, b: CandidatePair, controlling: boolean): number {
  const minimum = (pair: CandidatePair) =>
    Math.min(pair.local.candidate.priority, pair.remote.candidate.priority);
  const rest = (pair: CandidatePair) => {
    const local = pair.local.candidate.priority;
    const remote = pair.remote.candidate.priority;
    const [ofControlling, ofControlled] = controlling ? [local, remote] : [remote, local];
    return 2 * Math.max(local, remote) + (ofControlling > ofControlled ? 1 : 0);
  };
  return minimum(a) - minimum(b) || rest(a) - rest(b);
}

/** A pair as the host sees it. */
export function describePair(pair: CandidatePair): SelectedPair {
  return {
    local: pair.seenAs ?? pair.local.candidate,
    remote: pair.remote.candidate,
    socket: pair.local.socket,
    remoteAddress: pair.remote.address,
  };
}
