/**
 * The answers that one session got lately, by request id.
 * @module
 */
import type { RpcAnswer } from '@rivero/rpc';

/** An answer that may be asked for again. */
export interface RememberedAnswer {
  /** The text that was sent. */
  readonly text: string;
  /** The session that the answer names; undefined for an error and for an answer without a session. */
  readonly sessionId: string | undefined;
}

/** An answer, or the promise of one. */
export interface AnswerEntry {
  /** The answer; a promise while it is being worked on. */
  answer: RememberedAnswer | Promise<RpcAnswer>;
  /** When it is forgotten, milliseconds; never while it is being worked on. */
  untilMs: number;
}

/** How long an answer is remembered, milliseconds (spec 1.9). */
export const ANSWER_LIFETIME_MS = 20_000;
/** Answers and bytes at which a generation ends: 50 requests per second for 20 s, and answers of 1 KiB to all. */
const MAX_ANSWERS = 1024;
const MAX_BYTES = 1024 * 1024;
/** What an answer costs besides its characters, bytes: map entry, objects, string header. */
const ENTRY_BYTES = 200;

/**
 * The answers that one session got lately, by request id.
 *
 * Kept in two generations, so that nothing has to be removed one by one: when the young one is full or 20 s old,
 * it becomes the old one, and what was the old one is forgotten, except what is still being worked on. Under load
 * that leaves at least the last 1024 answers, or the last MiB of them.
 */
export class AnswersOfSession {
  /** Whose answers they are. */
  readonly owner: string;
  #young = new Map<string, AnswerEntry>();
  #old = new Map<string, AnswerEntry>();
  #youngBytes = 0;
  #oldBytes = 0;
  #bornMs: number;
  #writtenMs: number;
  #working = 0;

  /** Starts empty at the time `nowMs`, milliseconds. */
  constructor(owner: string, nowMs: number) {
    this.owner = owner;
    this.#bornMs = nowMs;
    this.#writtenMs = nowMs;
  }

  /** About how much memory it takes, bytes. */
  get bytes(): number {
    return this.#youngBytes + this.#oldBytes + ENTRY_BYTES + this.owner.length;
  }

  /** True if everything in it is too old to be asked for. */
  isStale(nowMs: number): boolean {
    return this.#working === 0 && nowMs - this.#writtenMs >= ANSWER_LIFETIME_MS;
  }

  /** The answer to the request `id`, if it is remembered. */
  find(id: string, nowMs: number): AnswerEntry['answer'] | undefined {
    const entry = this.#young.get(id) ?? this.#old.get(id);
    return entry === undefined || entry.untilMs <= nowMs ? undefined : entry.answer;
  }

  /** Remembers that the request `id` is being worked on. Returns what {@link AnswersOfSession.finish} takes. */
  begin(id: string, answer: Promise<RpcAnswer>, nowMs: number): AnswerEntry {
    const entry: AnswerEntry = { answer, untilMs: Number.POSITIVE_INFINITY };
    if (
      this.#young.size >= MAX_ANSWERS ||
      this.#youngBytes >= MAX_BYTES ||
      nowMs - this.#bornMs >= ANSWER_LIFETIME_MS
    ) {
      this.#changeGenerations(nowMs);
    }
    this.#young.set(id, entry);
    this.#youngBytes += ENTRY_BYTES + id.length;
    this.#working++;
    return entry;
  }

  /** Replaces the promise of `entry` by what came of it. */
  finish(entry: AnswerEntry, answer: RememberedAnswer, nowMs: number): void {
    entry.answer = answer;
    entry.untilMs = nowMs + ANSWER_LIFETIME_MS;
    this.#youngBytes += answer.text.length;
    this.#writtenMs = nowMs;
    this.#working--;
  }

  #changeGenerations(nowMs: number): void {
    const working = [...this.#old].filter(([, { untilMs }]) => untilMs === Number.POSITIVE_INFINITY);
    this.#old = this.#young;
    this.#oldBytes = this.#youngBytes;
    this.#young = new Map(working);
    this.#youngBytes = working.length * ENTRY_BYTES;
    this.#bornMs = nowMs;
  }
}
