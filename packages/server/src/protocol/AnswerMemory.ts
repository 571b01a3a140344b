/**
 * Gives a repeated request its first answer instead of executing it again (spec 1.9).
 * @module
 */
import type { RpcAnswer, RpcRequest } from '@rivero/rpc';
import type { Clock } from '../objects/ServerContext.ts';
import type { Sessions } from '../sessions/Sessions.ts';
import {
  AnswersOfSession,
  ANSWER_LIFETIME_MS,
  type AnswerEntry,
  type RememberedAnswer,
} from './AnswersOfSession.ts';
import type { Requester } from './dispatch.ts';
import { memberOf } from './RequestParams.ts';

/** Bytes of all answers at which those of the sessions that were served longest ago are forgotten. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Remembers answers, errors too, for 20 s under (session, id as text), because clients send a request again when
 * they lost the connection before its answer came. A request whose first is still in work waits for its answer.
 *
 * The answer that is repeated has the id of the first request in the type of the first, whatever method the
 * repetition names. At most 64 MiB are remembered, and at most some MiB for one session; the oldest is forgotten
 * first, and a request with a forgotten id is executed.
 */
export class AnswerMemory {
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #answers = new Map<string, AnswersOfSession>();
  #bytes = 0;
  #sweptMs: number;

  /** Remembers the answers for `sessions`, by `clock`. */
  constructor(sessions: Sessions, clock: Clock) {
    this.#sessions = sessions;
    this.#clock = clock;
    this.#sweptMs = clock.nowMs();
  }

  /** About how much memory the answers take, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The text to send: that of an earlier answer to this request, else that of `answer`, which executes it. */
  around(request: RpcRequest, requester: Requester, answer: () => Promise<RpcAnswer>): Promise<string> {
    const id = String(request.id);
    const sessionId = this.#sessionIdOf(request, requester);
    const nowMs = this.#clock.nowMs();
    const answers = this.#answersOf(ownerOf(sessionId, requester), nowMs);
    const known = answers.find(id, nowMs);
    if (known !== undefined) return this.#repeat(known, requester);
    const work = answer();
    const before = answers.bytes;
    const entry = answers.begin(id, work, nowMs);
    this.#count(answers, before);
    return work.then((done) => {
      const remembered = toRemember(done);
      this.#finish(answers, entry, remembered);
      // An answer that names another session than the request, as that of connect does, is asked for under that.
      const given = remembered.sessionId;
      if (given !== undefined && given !== sessionId) {
        const others = this.#answersOf(ownerOf(given, requester), nowMs);
        this.#finish(others, others.begin(id, work, nowMs), remembered);
      }
      return done.text;
    });
  }

  /** Forgets what is too old to be asked for. Runs by itself as long as there are requests. */
  sweep(): void {
    const nowMs = this.#clock.nowMs();
    this.#sweptMs = nowMs;
    for (const answers of this.#answers.values()) {
      if (answers.isStale(nowMs)) this.#forget(answers);
    }
  }

  /** An answer moves the session to the socket that it goes to, a repeated one too. */
  async #repeat(known: AnswerEntry['answer'], requester: Requester): Promise<string> {
    const { text, sessionId } = known instanceof Promise ? toRemember(await known) : known;
    if (sessionId !== undefined && requester.open) this.#sessions.associate(sessionId, requester);
    return text;
  }

  #sessionIdOf(request: RpcRequest, requester: Requester): string {
    const named = memberOf(request.params, 'sessionId');
    if (typeof named === 'string' && named !== '') return named;
    return this.#sessions.sessionIdOf(requester) ?? requester.spareSessionId;
  }

  #answersOf(owner: string, nowMs: number): AnswersOfSession {
    const known = this.#answers.get(owner);
    if (known !== undefined) return known;
    if (nowMs - this.#sweptMs >= ANSWER_LIFETIME_MS) this.sweep();
    const answers = new AnswersOfSession(owner, nowMs);
    this.#answers.set(owner, answers);
    this.#bytes += answers.bytes;
    return answers;
  }

  #finish(answers: AnswersOfSession, entry: AnswerEntry, answer: RememberedAnswer): void {
    const before = answers.bytes;
    answers.finish(entry, answer, this.#clock.nowMs());
    this.#count(answers, before);
  }

  /** Counts what a change to `answers` cost, which took `before` bytes then. */
  #count(answers: AnswersOfSession, before: number): void {
    // What was forgotten meanwhile is counted no more.
    if (this.#answers.get(answers.owner) !== answers) return;
    this.#bytes += answers.bytes - before;
    if (this.#bytes > MAX_BYTES) this.#makeRoom();
  }

  /** Forgets the sessions that came first until a quarter of the memory is free, so that it is not done often. */
  #makeRoom(): void {
    for (const answers of this.#answers.values()) {
      if (this.#bytes <= MAX_BYTES * 0.75) return;
      this.#forget(answers);
    }
  }

  #forget(answers: AnswersOfSession): void {
    this.#answers.delete(answers.owner);
    this.#bytes -= answers.bytes;
  }
}

function toRemember({ reply, text }: RpcAnswer): RememberedAnswer {
  const sessionId = memberOf(reply['result'], 'sessionId');
  return { text, sessionId: typeof sessionId === 'string' ? sessionId : undefined };
}

/** Whose answers these are. With authentication on, nobody is told the answers that somebody else got. */
function ownerOf(sessionId: string, { peer }: Requester): string {
  const name = peer?.principal?.name;
  // With its length the name ends where it ends, whatever a client puts into its session id.
  return name === undefined ? sessionId : `${name.length} ${name} ${sessionId}`;
}
