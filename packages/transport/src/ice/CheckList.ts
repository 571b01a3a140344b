/**
 * The candidates of both sides and the pairs that they form (RFC 8445 section 6.1.2).
 * @module
 */
import { type Candidate, candidatePriority, peerReflexiveCandidate } from './Candidate.ts';
import {
  CandidatePair,
  comparePairPriority,
  type LocalCandidate,
  type RemoteCandidate,
} from './CandidatePair.ts';
import type { TransportAddress } from './TransportAddress.ts';

/** Remote candidates that are kept; further ones are refused, but a silent learnt one makes room for a new learnt one. */
const MAX_REMOTE_CANDIDATES = 64;
/** Pairs that are formed. RFC 8445 section 6.1.2.5 suggests 100 for all of an agent's components. */
const MAX_CANDIDATE_PAIRS = 200;
/** Local candidates that are kept. */
const MAX_LOCAL_CANDIDATES = 64;

/** Forms pairs as candidates become known, and says which one to check next. */
export class CheckList {
  readonly #locals: LocalCandidate[] = [];
  readonly #remotes = new Map<string, RemoteCandidate>();
  readonly #pairs = new Map<string, CandidatePair>();
  readonly #triggered: CandidatePair[] = [];

  /** All pairs, in the order in which they were formed. */
  pairs(): CandidatePair[] {
    return [...this.#pairs.values()];
  }

  /** True if there is a pair that waits for a check. */
  get hasWaiting(): boolean {
    return this.#triggered.length > 0 || this.pairs().some((pair) => pair.state === 'waiting');
  }

  /** True if a local candidate exists. */
  get hasLocal(): boolean {
    return this.#locals.length > 0;
  }

  /**
   * Adds a candidate of ours. Candidates of one socket and address family send the same packets, so only the first of
   * them is paired (RFC 8445 section 6.1.2.4); add the best one first. False if there are too many.
   */
  addLocal(local: LocalCandidate): boolean {
    if (this.#locals.length >= MAX_LOCAL_CANDIDATES) return false;
    this.#locals.push(local);
    for (const remote of this.#remotes.values()) this.#formPair(local, remote);
    return true;
  }

  /** Adds a signalled candidate of the peer; a learnt one at the same address takes its values. False if there are too many. */
  addRemote(candidate: Candidate, address: TransportAddress): boolean {
    const known = this.#remotes.get(address.key);
    if (known !== undefined) {
      if (known.candidate.type === 'prflx') known.candidate = candidate;
      return true;
    }
    if (this.#remotes.size >= MAX_REMOTE_CANDIDATES) return false;
    this.#insertRemote(candidate, address);
    return true;
  }

  /** The pair of a socket and a remote address. */
  find(socket: number, remote: TransportAddress): CandidatePair | undefined {
    return this.#pairs.get(pairKey(socket, remote));
  }

  /** The local candidate that a socket uses towards addresses of one family. */
  localOf(socket: number, family: 4 | 6): LocalCandidate | undefined {
    return this.#locals.find((local) => local.socket === socket && local.address.family === family);
  }

  /**
   * Our candidate of a pair whose check was answered: the one with the address that the peer has seen, or a new
   * peer-reflexive one (RFC 8445 section 7.2.5.3.1).
   */
  localSeenAs(pair: CandidatePair, mapped: TransportAddress): Candidate {
    const known = this.#locals.filter((local) => local.address.key === mapped.key);
    const best = known.find((local) => local.socket === pair.local.socket) ?? known[0];
    if (best !== undefined) return best.candidate;
    const { address, port, priority } = pair.local.candidate;
    const learnt = peerReflexiveCandidate(mapped, candidatePriority('prflx', (priority >>> 8) & 0xffff));
    return { ...learnt, relatedAddress: address, relatedPort: port };
  }

  /**
   * The pair for a check that came from an address: the known one, or one with a peer-reflexive candidate
   * (RFC 8445 section 7.3.1.3). Undefined if the socket has no candidate, or there are too many remote ones.
   * `evict` is called with the pairs that make room.
   */
  learn(
    socket: number,
    address: TransportAddress,
    priority: number,
    isKept: (pair: CandidatePair) => boolean,
    evict: (pair: CandidatePair) => void,
  ): CandidatePair | undefined {
    const known = this.find(socket, address);
    if (known !== undefined) return known;
    if (this.localOf(socket, address.family) === undefined) return undefined;
    if (!this.#remotes.has(address.key)) {
      if (this.#remotes.size >= MAX_REMOTE_CANDIDATES && !this.#makeRoom(isKept, evict)) return undefined;
      this.#insertRemote(peerReflexiveCandidate(address, priority), address);
    }
    return this.find(socket, address);
  }

  /** Puts a pair in front of the ordinary ones: RFC 8445 section 7.3.1.4. */
  trigger(pair: CandidatePair): void {
    if (pair.state !== 'inProgress') pair.state = 'waiting';
    if (!this.#triggered.includes(pair)) this.#triggered.push(pair);
  }

  /** Takes a pair out of the triggered ones. */
  untrigger(pair: CandidatePair): void {
    const at = this.#triggered.indexOf(pair);
    if (at >= 0) this.#triggered.splice(at, 1);
  }

  /** The pair to check now: a triggered one, else the waiting one of the highest priority (RFC 8445 section 6.1.4.2). */
  takeNext(controlling: boolean): CandidatePair | undefined {
    const triggered = this.#triggered.shift();
    return triggered ?? this.best(controlling, (pair) => pair.state === 'waiting');
  }

  /** The pair of the highest priority that meets a condition. */
  best(controlling: boolean, condition: (pair: CandidatePair) => boolean): CandidatePair | undefined {
    let best: CandidatePair | undefined;
    for (const pair of this.pairs()) {
      if (!condition(pair)) continue;
      if (best === undefined || comparePairPriority(pair, best, controlling) > 0) best = pair;
    }
    return best;
  }

  /** Forgets everything. */
  clear(): void {
    this.#locals.length = 0;
    this.#remotes.clear();
    this.#pairs.clear();
    this.#triggered.length = 0;
  }

  #insertRemote(candidate: Candidate, address: TransportAddress): void {
    const remote: RemoteCandidate = { candidate, address };
    this.#remotes.set(address.key, remote);
    for (const local of this.#locals) this.#formPair(local, remote);
  }

  #formPair(local: LocalCandidate, remote: RemoteCandidate): void {
    const key = pairKey(local.socket, remote.address);
    if (local.address.family !== remote.address.family || this.#pairs.has(key)) return;
    if (this.#pairs.size < MAX_CANDIDATE_PAIRS) this.#pairs.set(key, new CandidatePair(local, remote));
  }

  /** Removes the learnt remote candidate that has been silent for longest. False if there is none to remove. */
  #makeRoom(isKept: (pair: CandidatePair) => boolean, evict: (pair: CandidatePair) => void): boolean {
    const kept = new Set(
      this.pairs()
        .filter(isKept)
        .map((pair) => pair.remote),
    );
    let oldest: CandidatePair | undefined;
    for (const pair of this.pairs()) {
      if (pair.remote.candidate.type !== 'prflx' || kept.has(pair.remote)) continue;
      if (oldest === undefined || pair.lastRequestMs < oldest.lastRequestMs) oldest = pair;
    }
    if (oldest === undefined) return false;
    const { address } = oldest.remote;
    this.#remotes.delete(address.key);
    for (const pair of this.pairs()) {
      if (pair.remote !== oldest.remote) continue;
      this.#pairs.delete(pairKey(pair.local.socket, address));
      this.untrigger(pair);
      evict(pair);
    }
    return true;
  }
}

function pairKey(socket: number, remote: TransportAddress): string {
  return `${socket} ${remote.key}`;
}
