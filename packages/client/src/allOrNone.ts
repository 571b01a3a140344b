/**
 * Several objects made at once, of which none stays when one cannot be made.
 * @module
 */

/** An object to be made. */
export interface CreationRequest {
  /** Name of its class. */
  readonly type: string;
  /** Its constructor parameters. */
  readonly params?: object;
}

/** What can be released. */
interface Releasable {
  release(): Promise<void>;
}

/**
 * The objects of all these creations, in order. If one fails, those that were made are released again.
 * @throws {unknown} What the first failing one was rejected with, once the others have ended, too.
 */
export async function allOrNone<Made extends Releasable>(
  creations: readonly Promise<Made>[],
): Promise<Made[]> {
  const outcomes = await Promise.allSettled(creations);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  if (!failure) return made;
  // What cannot be released is gone already, or the connection is, and then the first failure says so.
  await Promise.allSettled(made.map((one) => one.release()));
  throw failure.reason;
}
