/**
 * A full ICE agent for one component (RFC 8445), with trickle (RFC 8838) and consent freshness (RFC 7675).
 * @module
 */
import { parseStun, type StunMessage } from '../stun/parseStun.ts';
import { StunErrorCode, StunType } from '../stun/stunFormat.ts';
import { type BindingIdentity, BindingMessages, type RemoteCredentials } from './BindingMessages.ts';
import { AcceptedAddresses } from './AcceptedAddresses.ts';
import { type Candidate, checkableAddress } from './Candidate.ts';
import { type CandidatePair, comparePairPriority, describePair } from './CandidatePair.ts';
import { CheckList } from './CheckList.ts';
import { ConnectivityChecks } from './ConnectivityChecks.ts';
import { ConsentTimer } from './ConsentTimer.ts';
import type { IceListener, IceState, SelectedPair } from './IceListener.ts';
import { settleRoles } from './settleRoles.ts';
import type { TransportAddress } from './TransportAddress.ts';
import { CHECK_LIFETIME_MS, type Transaction } from './TransactionTable.ts';

/** How long a better pair may take to succeed before the best valid one is nominated. Our choice. */
const NOMINATION_DELAY_MS = 100;
/** Time from the loss of consent to FAILED. Our choice. */
const FAILURE_DELAY_MS = 10_000;
/**
 * The peer's nomination of a pair of lower priority counts if it has not nominated the selected pair for this long.
 * Browsers repeat the nomination of the pair that they use every 2.5 s; our choice.
 */
const NOMINATION_MEMORY_MS = 3000;
/** A selected pair without any sign of life for this long is given up if another pair shows one. More than one consent check. */
const SILENCE_MS = 8000;

/** What an agent needs. The host chooses the credentials (RFC 8445 section 5.3) and the transaction prefix. */
export interface IceAgentOptions extends BindingIdentity {
  /** True for the offerer, and against a lite peer; changes by itself on a role conflict. */
  readonly controlling: boolean;
  /** Who sends for the agent and hears what it finds. */
  readonly listener: IceListener;
}

/**
 * One ICE agent. It forms one pair for every socket of ours and address of the peer, checks them, nominates one if it
 * is in the controlling role, and keeps consent.
 *
 * After every call ask `nextTimeoutMs` again and see that `handleTimeout` is called then; sending is done from
 * `handleStun` and `handleTimeout` only. An ICE restart is a new agent.
 */
export class IceAgent {
  readonly #listener: IceListener;
  readonly #messages: BindingMessages;
  readonly #list = new CheckList();
  readonly #checks: ConnectivityChecks;
  readonly #consent: ConsentTimer;
  readonly #accepted: AcceptedAddresses;
  #controlling: boolean;
  #state: IceState = 'DISCONNECTED';
  #closed = false;
  #selected: CandidatePair | undefined;
  #announced: CandidatePair | undefined;
  #nominating: CandidatePair | undefined;
  /** While no pair is selected: when the first of the valid pairs became so. */
  #firstValidMs = Number.POSITIVE_INFINITY;
  /** When to think about FAILED. */
  #giveUpMs = Number.POSITIVE_INFINITY;
  #droppedMessages = 0;

  /** An agent without candidates, in state DISCONNECTED. */
  constructor(options: IceAgentOptions) {
    this.#listener = options.listener;
    this.#messages = new BindingMessages(options);
    this.#checks = new ConnectivityChecks(this.#messages, this.#list, options.listener);
    this.#consent = new ConsentTimer(options.randomBytes);
    this.#accepted = new AcceptedAddresses(options.listener, this.#checks);
    this.#controlling = options.controlling;
  }

  /** The latest state told to the listener. */
  get state(): IceState {
    return this.#state;
  }

  /** True while in the controlling role. */
  get controlling(): boolean {
    return this.#controlling;
  }

  /** The pair to send over, or undefined while there is none: before CONNECTED, and without consent. */
  get selectedPair(): SelectedPair | undefined {
    return this.#selected && describePair(this.#selected);
  }

  /** STUN messages that were dropped: malformed, not authentic, or unexpected. */
  get droppedMessages(): number {
    return this.#droppedMessages;
  }

  /**
   * Adds a UDP candidate of ours. `socket` is the host's number of the socket it belongs to. Candidates that share a
   * socket are one to the agent, so give different numbers to what sends from different addresses.
   * False if the candidate is unusable or there are more than 64.
   */
  addLocalCandidate(candidate: Candidate, socket: number): boolean {
    const address = checkableAddress(candidate);
    if (this.#closed || address === undefined) return false;
    if (this.#state === 'DISCONNECTED' && this.#announced === undefined) this.#setState('GATHERING');
    const isAdded = this.#list.addLocal({ candidate, address, socket });
    if (this.#selected !== undefined) this.#checks.leaveOthersAside(this.#selected);
    return isAdded;
  }

  /** Sets the peer's credentials. Checks of the peer that came before are answered already and now led back. */
  setRemoteCredentials(credentials: RemoteCredentials): void {
    if (this.#closed) return;
    this.#messages.setRemote(credentials);
    // RFC 8445 section 6.1.1: the full agent controls a lite one.
    if (credentials.lite) this.#switchRole(true);
  }

  /** Adds a candidate of the peer, before or after its credentials. False if it is unusable or there are more than 64. */
  addRemoteCandidate(candidate: Candidate): boolean {
    const address = checkableAddress(candidate);
    if (this.#closed || address === undefined) return false;
    const isAdded = this.#list.addRemote(candidate, address);
    if (this.#selected !== undefined) this.#checks.leaveOthersAside(this.#selected);
    return isAdded;
  }

  /** The peer has no more candidates. That changes nothing: its checks may come from other addresses (RFC 8863). */
  endOfRemoteCandidates(): void {}

  /** Handles a STUN message that came to `socket` from `remote`. False if it was dropped. Never throws. */
  handleStun(datagram: Uint8Array, socket: number, remote: TransportAddress, nowMs: number): boolean {
    const message = this.#closed ? undefined : parseStun(datagram);
    const isHandled = message !== undefined && this.#handleMessage(datagram, message, socket, remote, nowMs);
    if (isHandled) this.#advance(nowMs);
    else this.#droppedMessages++;
    return isHandled;
  }

  /** Does what is due at `nowMs`. Early or superfluous calls do nothing. */
  handleTimeout(nowMs: number): void {
    if (this.#closed) return;
    this.#checks.handleTimeout(nowMs, (transaction) => this.#handleLostCheck(transaction));
    const due = this.#consent.takeDue(nowMs);
    if (due === 'expired') this.#loseConsent(nowMs);
    if (due === 'check' && this.#selected !== undefined) {
      this.#checks.start(this.#selected, 'consent', this.#controlling, nowMs);
    }
    this.#advance(nowMs);
  }

  /** When `handleTimeout` is due, on the clock of `nowMs`; it may lie in the past. Undefined if nothing is planned. */
  nextTimeoutMs(): number | undefined {
    if (this.#closed) return undefined;
    const next = Math.min(
      this.#checks.nextTimeoutMs(),
      this.#consent.nextTimeoutMs(),
      this.#nominationDueMs(),
      this.#giveUpMs,
    );
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  /** Ends the agent; every accepted address expires, and nothing else is told or sent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#accepted.expireAll();
    this.#list.clear();
    this.#checks.cancelAll();
    this.#consent.stop();
    this.#selected = undefined;
  }

  #handleMessage(
    datagram: Uint8Array,
    message: StunMessage,
    socket: number,
    remote: TransportAddress,
    nowMs: number,
  ): boolean {
    if (message.type === StunType.bindingRequest) {
      if (!this.#messages.isAuthenticRequest(datagram, message)) return false;
      return this.#handleRequest(message, socket, remote, nowMs);
    }
    if (message.type === StunType.bindingIndication) return true;
    if (!this.#messages.isAuthenticResponse(datagram, message)) return false;
    const transaction = this.#checks.take(message.transactionId);
    if (transaction === undefined) return false;
    this.#handleResponse(message, transaction, socket, remote, nowMs);
    return true;
  }

  /** RFC 8445 section 7.3. */
  #handleRequest(message: StunMessage, socket: number, remote: TransportAddress, nowMs: number): boolean {
    const { transactionId, unknownAttributes, priority } = message;
    if (this.#list.localOf(socket, remote.family) === undefined) return false;
    const respond = (datagram: Uint8Array) => this.#listener.onSend(socket, remote, datagram);
    if (unknownAttributes.length > 0) {
      respond(this.#messages.unknownAttribute(transactionId, unknownAttributes));
      return true;
    }
    if (priority === undefined) return false;
    const roles = settleRoles(message, this.#controlling, this.#messages.tieBreaker);
    if (roles === 'refuse') {
      respond(this.#messages.roleConflict(transactionId));
      return true;
    }
    if (roles === 'switch') this.#switchRole(!this.#controlling);
    const isKept = (pair: CandidatePair) => pair === this.#selected || pair === this.#nominating;
    const evict = (pair: CandidatePair) => {
      this.#checks.cancel(pair);
      this.#accepted.expire(pair);
    };
    const pair = this.#list.learn(socket, remote, priority, isKept, evict);
    if (pair === undefined || !this.#accepted.accept(pair)) return false;
    respond(this.#messages.success(transactionId, remote));
    pair.lastRequestMs = nowMs;
    if (message.useCandidate && !this.#controlling) this.#handleNomination(pair, nowMs);
    // RFC 8445 section 7.3.1.4: a check in the other direction, unless this pair has succeeded already.
    if (pair.state !== 'succeeded') this.#list.trigger(pair);
    else if (pair !== this.#selected) this.#replaceSilentPair(nowMs);
    return true;
  }

  #switchRole(controlling: boolean): void {
    if (this.#controlling === controlling) return;
    this.#controlling = controlling;
    if (this.#nominating !== undefined) this.#checks.cancel(this.#nominating, 'nomination');
    this.#nominating = undefined;
    for (const pair of this.#list.pairs()) pair.nominateOnSuccess = false;
  }

  /** RFC 8445 section 7.2.5. */
  #handleResponse(
    message: StunMessage,
    transaction: Transaction,
    socket: number,
    remote: TransportAddress,
    nowMs: number,
  ): void {
    const { pair, purpose } = transaction;
    if (message.errorCode === StunErrorCode.roleConflict) {
      // The roles may have been settled by a check of the peer in the meantime; then this changes nothing.
      if (this.#controlling === transaction.controlling) this.#switchRole(!transaction.controlling);
      if (purpose !== 'consent') this.#retry(pair);
      return;
    }
    const isSymmetric = socket === pair.local.socket && remote.key === pair.remote.address.key;
    const mapped =
      message.type === StunType.bindingSuccess && isSymmetric ? message.mappedAddress : undefined;
    if (mapped === undefined || !this.#accepted.accept(pair)) {
      if (purpose !== 'consent') this.#handleLostCheck(transaction);
      return;
    }
    pair.seenAs = this.#list.localSeenAs(pair, mapped);
    this.#handleSuccess(transaction, nowMs);
  }

  #handleSuccess({ pair, purpose }: Transaction, nowMs: number): void {
    pair.state = 'succeeded';
    pair.lastConfirmedMs = nowMs;
    if (purpose === 'check') this.#list.untrigger(pair);
    if (pair === this.#selected) this.#consent.confirm(nowMs);
    const isNominated = purpose === 'nomination' ? pair === this.#nominating : pair.nominateOnSuccess;
    pair.nominateOnSuccess = false;
    if (isNominated && (this.#controlling || this.#isPreferred(pair, nowMs))) this.#select(pair, nowMs);
    this.#firstValidMs = Math.min(this.#firstValidMs, nowMs);
  }

  #handleLostCheck({ pair, purpose }: Transaction): void {
    if (purpose === 'consent') return;
    if (pair === this.#nominating) this.#nominating = undefined;
    if (pair === this.#selected) return;
    pair.state = 'failed';
    pair.nominateOnSuccess = false;
  }

  /** The peer wants this pair to be selected: RFC 8445 section 7.3.1.5. Nominating several pairs is tolerated. */
  #handleNomination(pair: CandidatePair, nowMs: number): void {
    pair.lastNominatedMs = nowMs;
    if (pair.state !== 'succeeded') pair.nominateOnSuccess = true;
    else if (this.#isPreferred(pair, nowMs)) this.#select(pair, nowMs);
  }

  /** True if a nominated pair takes the place of the selected one. */
  #isPreferred(pair: CandidatePair, nowMs: number): boolean {
    const selected = this.#selected;
    if (selected === undefined || comparePairPriority(pair, selected, this.#controlling) > 0) return true;
    return nowMs - selected.lastNominatedMs >= NOMINATION_MEMORY_MS;
  }

  #select(pair: CandidatePair, nowMs: number): void {
    this.#nominating = undefined;
    this.#giveUpMs = Number.POSITIVE_INFINITY;
    if (pair !== this.#selected) {
      this.#selected = pair;
      this.#consent.start(nowMs);
    }
    this.#checks.leaveOthersAside(pair);
    if (pair !== this.#announced) {
      this.#announced = pair;
      this.#listener.onSelectedPair(describePair(pair));
    }
    if (this.#state !== 'READY') {
      this.#setState('CONNECTED');
      this.#setState('READY');
    }
  }

  /** Sends what may be sent now, and draws the conclusions. */
  #advance(nowMs: number): void {
    if (this.#checks.checkNext(this.#controlling, nowMs)) {
      if (this.#state === 'GATHERING') this.#setState('CONNECTING');
      // RFC 8863: whatever has failed by then, the agent waits for as long as one check takes.
      if (this.#state === 'CONNECTING') this.#giveUpMs = nowMs + CHECK_LIFETIME_MS;
    }
    this.#nominateIfTime(nowMs);
    if (nowMs >= this.#giveUpMs) this.#considerFailure(nowMs);
  }

  /** When the best valid pair is nominated at the latest, or Infinity. */
  #nominationDueMs(): number {
    const isSettled = this.#selected !== undefined || this.#nominating !== undefined;
    return this.#controlling && !isSettled
      ? this.#firstValidMs + NOMINATION_DELAY_MS
      : Number.POSITIVE_INFINITY;
  }

  /** Regular nomination (RFC 8445 section 8.1.1): the best valid pair, once no better one is in sight. */
  #nominateIfTime(nowMs: number): void {
    const dueMs = this.#nominationDueMs();
    if (dueMs === Number.POSITIVE_INFINITY) return;
    const best = this.#list.best(true, (pair) => pair.state === 'succeeded');
    if (best === undefined) {
      this.#firstValidMs = Number.POSITIVE_INFINITY;
      return;
    }
    const isBetter = (pair: CandidatePair) => pair.pending && comparePairPriority(pair, best, true) > 0;
    if (nowMs < dueMs && this.#list.pairs().some(isBetter)) return;
    this.#nominate(best, nowMs);
  }

  #nominate(pair: CandidatePair, nowMs: number): void {
    this.#nominating = pair;
    this.#checks.start(pair, 'nomination', true, nowMs);
  }

  /** Controlling: changes over to a pair that shows signs of life when the selected one does not. */
  #replaceSilentPair(nowMs: number): void {
    const selected = this.#selected;
    if (!this.#controlling || selected === undefined || this.#nominating !== undefined) return;
    const isAlive = (pair: CandidatePair) =>
      nowMs - Math.max(pair.lastConfirmedMs, pair.lastRequestMs) < SILENCE_MS;
    if (isAlive(selected)) return;
    const other = this.#list.best(true, (pair) => pair !== selected && isAlive(pair));
    if (other !== undefined) this.#nominate(other, nowMs);
  }

  /** RFC 7675 section 5.1: no more media. All pairs are checked again, in case the peer comes back. */
  #loseConsent(nowMs: number): void {
    const lost = this.#selected;
    this.#consent.stop();
    this.#checks.restartAll();
    this.#selected = undefined;
    this.#nominating = undefined;
    this.#firstValidMs = Number.POSITIVE_INFINITY;
    if (lost !== undefined) lost.nominateOnSuccess = !this.#controlling;
    this.#giveUpMs = nowMs + FAILURE_DELAY_MS;
    this.#setState('DISCONNECTED');
  }

  /** FAILED, unless we connect and the peer still checks, so that it may yet nominate. */
  #considerFailure(nowMs: number): void {
    const isChecked = (pair: CandidatePair) => nowMs - pair.lastRequestMs < FAILURE_DELAY_MS;
    if (this.#state === 'CONNECTING' && this.#list.pairs().some(isChecked)) {
      this.#giveUpMs = nowMs + FAILURE_DELAY_MS;
    } else this.#fail();
  }

  #fail(): void {
    this.#giveUpMs = Number.POSITIVE_INFINITY;
    this.#accepted.expireAll();
    this.#setState('FAILED');
  }

  #retry(pair: CandidatePair): void {
    if (pair === this.#nominating) this.#nominating = undefined;
    if (pair === this.#selected) return;
    pair.state = 'waiting';
    this.#list.trigger(pair);
  }

  #setState(state: IceState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#listener.onStateChange(state);
  }
}
