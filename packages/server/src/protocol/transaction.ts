/**
 * Several requests in one, each of which may use what earlier ones created (spec 1.8).
 * @module
 */
import { isJsonObject, type JsonObject, KurentoError } from '@rivero/model';
import { failureReply, readMessage, RpcError, RpcErrorCode, successReply } from '@rivero/rpc';
import type { Call } from './dispatch.ts';

type Reply = JsonObject;

const NEW_REFERENCE = 'newref:';

function malformed(message: string): KurentoError {
  return new KurentoError('MALFORMED_TRANSACTION', message);
}

/** The value of the operation that `text` (`newref:<n>`) names, among the `replies` so far. */
function referencedValue(text: string, replies: readonly Reply[]): unknown {
  const index = text.slice(NEW_REFERENCE.length);
  if (!/^\d+$/.test(index)) throw malformed(`Invalid index of newref '${index}'`);
  const result = replies[Number(index)]?.['result'];
  if (!isJsonObject(result) || !Object.hasOwn(result, 'value')) {
    throw malformed(`Result not found on request ${index}`);
  }
  return result['value'];
}

/** `value` with every `newref:<n>` in it replaced. */
function replaceReferences(value: unknown, replies: readonly Reply[]): unknown {
  if (typeof value === 'string') {
    // The bare prefix is a text like any other.
    const refers = value.startsWith(NEW_REFERENCE) && value.length > NEW_REFERENCE.length;
    return refers ? referencedValue(value, replies) : value;
  }
  if (Array.isArray(value)) return value.map((item) => replaceReferences(item, replies));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaceReferences(item, replies)]),
  );
}

/** Runs an operation, whose id is known to be its index: as many as there are `replies` to those before it. */
async function runOperation(operation: unknown, replies: readonly Reply[], call: Call): Promise<Reply> {
  const request = readMessage(operation);
  if (request.kind !== 'request') {
    return failureReply(
      replies.length,
      new RpcError(RpcErrorCode.INVALID_REQUEST, 'Invalid JSON-RPC request.'),
    );
  }
  // Params that are missing become some; those of a wrong kind are left for the method to refuse.
  const replaced = replaceReferences(request.params, replies) ?? {};
  const params = isJsonObject(replaced) ? { ...replaced, sessionId: call.sessionId } : replaced;
  try {
    return successReply(request.id, (await call.run({ ...request, params })) ?? null);
  } catch (error) {
    if (error instanceof RpcError) return failureReply(request.id, error);
    throw error;
  }
}

/**
 * Runs the `operations` of a call one after the other up to the first that fails; nothing is undone. Returns
 * the replies so far, the last one being the failure.
 *
 * The number after `newref:` is the index of an operation. Clients that count created objects instead, as the Java
 * client does, mean the same as long as their creations come first.
 *
 * @param maxOperations more are refused
 * @throws {KurentoError} MALFORMED_TRANSACTION if the ids do not count up from 0, a `newref:` has no value, or
 * there are too many operations
 */
export async function runTransaction(call: Call, maxOperations: number): Promise<readonly Reply[]> {
  const operations = call.params.array('operations');
  if (operations.length > maxOperations) {
    throw malformed(`A transaction may have ${maxOperations} operations, not ${operations.length}`);
  }
  for (const [index, operation] of operations.entries()) {
    if (!isJsonObject(operation) || operation['id'] !== index) {
      throw malformed(`Operation ${index} of the transaction should have the id ${index}`);
    }
  }
  const replies: Reply[] = [];
  for (const operation of operations) {
    // oxlint-disable-next-line no-await-in-loop -- each may need the results before it
    const reply = await runOperation(operation, replies, call);
    replies.push(reply);
    if (Object.hasOwn(reply, 'error')) break;
  }
  return replies;
}
