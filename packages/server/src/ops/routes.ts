/**
 * The pages for machines: health and metrics.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { challengeOf } from '../auth/refuseUpgrade.ts';
import { AuthError, hasScope, type Principal } from '../auth/Principal.ts';
import type { Metrics } from './Metrics.ts';
import type { Readiness } from './Readiness.ts';

/** What the pages show. */
export interface OperationsPages {
  /** Whether new work is accepted. */
  readonly readiness: Readiness;
  /** The figures; undefined: there is no such page. */
  readonly metrics: Metrics | undefined;
  /** Says who asks for the figures; undefined: anybody may. Rejects with {@link AuthError}. */
  readonly authenticate: ((request: FastifyRequest['raw']) => Promise<Principal | undefined>) | undefined;
}

/**
 * Adds `/health/live` (200 while this process answers at all), `/health/ready` (200, or 503 with the reason) and
 * `/metrics`.
 */
export function addOperationsPages(app: FastifyInstance, pages: OperationsPages): void {
  const { readiness, metrics } = pages;
  app.get('/health/live', (_request, reply) => answer(reply, 200, { status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const reason = await readiness.obstacle();
    return reason === undefined
      ? answer(reply, 200, { status: 'ready' })
      : answer(reply, 503, { status: 'not ready', reason });
  });
  if (metrics === undefined) return;
  app.get('/metrics', async (request, reply) => {
    const refusal = await refusalOf(request, pages);
    if (refusal !== undefined) {
      const body = { error: refusal.message };
      return answer(reply.header('www-authenticate', challengeOf(refusal)), refusal.status, body);
    }
    return reply
      .header('cache-control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.text());
  });
}

function answer(reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').send(body);
}

async function refusalOf(
  request: FastifyRequest,
  { authenticate }: OperationsPages,
): Promise<AuthError | undefined> {
  if (authenticate === undefined) return undefined;
  try {
    const principal = await authenticate(request.raw);
    if (principal === undefined || hasScope(principal, 'admin')) return undefined;
    return new AuthError(403, "The scope 'admin' is needed");
  } catch (error) {
    return error instanceof AuthError ? error : new AuthError(401, 'The token cannot be checked');
  }
}
