/**
 * Gives a repeated request its first answer instead of executing it again (spec 1.9).
 * @module
 */
import type { RpcAnswer, RpcRequest } from '@rivero/rpc';
import type { Clock } from '../objects/ServerContext.ts';
import type { Sessions } from '../sessions/Sessions.ts';
import { AnswersOfSession, ANSWER_LIFETIME_MS, type RememberedAnswer } from './AnswersOfSession.ts';
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
  async around(request: RpcRequest, requester: Requester, answer: () => Promise<RpcAnswer>): Promise<string> {
    const id = String(request.id);
    const sessionId = this.#sessionIdOf(request, requester);
    const owner = ownerOf(sessionId, requester);
    const known = this.#answers.get(owner)?.find(id, this.#clock.nowMs());
    if (known !== undefined) return this.#repeat(await known, requester);
    const work = answer().then(toRemember);
    const finish = this.#begin(owner, id, work);
    const done = await work;
    finish(done);
    // An answer that names another session than the request, as that of connect does, is asked for under that.
    if (done.sessionId !== undefined && done.sessionId !== sessionId) {
      this.#begin(ownerOf(done.sessionId, requester), id, work)(done);
    }
    return done.text;
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
  #repeat({ text, sessionId }: RememberedAnswer, requester: Requester): string {
    if (sessionId !== undefined && requester.open) this.#sessions.associate(sessionId, requester);
    return text;
  }

  #sessionIdOf(request: RpcRequest, requester: Requester): string {
    const named = memberOf(request.params, 'sessionId');
    if (typeof named === 'string' && named !== '') return named;
    return this.#sessions.sessionIdOf(requester) ?? requester.spareSessionId;
  }

  /** Remembers that a request is being worked on. Returns what takes its answer. */
  #begin(owner: string, id: string, work: Promise<RememberedAnswer>): (answer: RememberedAnswer) => void {
    const answers = this.#answersOf(owner);
    const entry = this.#counted(answers, () => answers.begin(id, work, this.#clock.nowMs()));
    return (answer) => this.#counted(answers, () => answers.finish(entry, answer, this.#clock.nowMs()));
  }

  #answersOf(owner: string): AnswersOfSession {
    const known = this.#answers.get(owner);
    if (known !== undefined) return known;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#sweptMs >= ANSWER_LIFETIME_MS) this.sweep();
    const answers = new AnswersOfSession(owner, nowMs);
    this.#answers.set(owner, answers);
    this.#bytes += answers.bytes;
    return answers;
  }

  /** Makes a change to `answers` and counts what it costs. */
  #counted<T>(answers: AnswersOfSession, change: () => T): T {
    const before = answers.bytes;
    const result = change();
    // What was forgotten meanwhile is counted no more.
    if (this.#answers.get(answers.owner) === answers) this.#bytes += answers.bytes - before;
    if (this.#bytes > MAX_BYTES) this.#makeRoom();
    return result;
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
  return name === undefined ? sessionId : `${sessionId} ${name}`;
}
