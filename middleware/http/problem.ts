import type { Server } from 'node:https';
import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import * as z from 'zod';
import { mediaType, type Problem, problems } from '../../contract/wire.ts';

export type Reply = FastifyReply<RouteGenericInterface, Server>;
export type Request = FastifyRequest<RouteGenericInterface, Server>;

export type ProblemName = keyof typeof problems;

/** An expected refusal of a whole request: thrown by a route, turned into problem+json (RFC 9457) at the one place below. */
export class Refusal extends Error {
  readonly problem: ProblemName;
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  /** The same to the millisecond, for who spreads many. */
  readonly inMs: number | null;

  constructor(problem: ProblemName, status: number, retryAfterSeconds: number | null = null, inMs: number | null = null) {
    super(problem);
    this.name = 'Refusal';
    this.problem = problem;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.inMs = inMs;
  }
}

export function problemOf(name: ProblemName, status: number): Problem {
  return { ...problems[name], status };
}

export function sendRefusal(reply: Reply, refusal: Refusal): Reply {
  if (refusal.retryAfterSeconds !== null) reply.header('retry-after', String(refusal.retryAfterSeconds));
  // RFC 6750, 3.
  if (refusal.problem === 'grantEnded') reply.header('www-authenticate', 'Bearer');
  const problem = problemOf(refusal.problem, refusal.status);
  return reply
    .code(refusal.status)
    .type(mediaType.problem)
    .send(refusal.inMs === null ? problem : { ...problem, inMs: refusal.inMs });
}

const FrameworkError = z.object({ code: z.string().optional(), statusCode: z.number().optional() });

/**
 * What Fastify itself refuses. Its own messages are not passed on: those about JSON quote what was sent.
 * @returns null for anything that is our mistake
 */
export function refusalOfFramework(error: unknown): Refusal | null {
  const { code, statusCode } = FrameworkError.safeParse(error).data ?? {};
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal('tooLarge', 413);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal('mediaType', 415);
    default: {
      const status = statusCode ?? 500;
      return status >= 400 && status < 500 ? new Refusal('badRequest', status === 404 ? 404 : 400) : null;
    }
  }
}
