import type * as z from 'zod';
import type { Revocation } from '../../contract/evidence.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { WebEidToken } from '../../contract/web-eid.ts';
import { Challenge, mediaType, RevocationReply, SignInResult } from '../../contract/wire.ts';
import type { Log } from '../log.ts';
import type { Line } from './line.ts';

/** What this terminal asks of the middleware while a person stands before it. `no_line`: no answer that can be used. */
export type Counter = {
  askChallenge(): Promise<Result<Challenge, 'no_line'>>;
  /** `visit`: for which a grant is asked. */
  signIn(request: { nonce: string; token: WebEidToken; issuer: string; visit: string }): Promise<Result<SignInResult, 'no_line'>>;
  /** `issuer`: null for a certificate that a pinned root issued. Base64 DER. */
  askRevocation(certificate: string, issuer: string | null): Promise<Result<Revocation, 'no_line'>>;
};

export function createCounter({ line, terminal, log }: { line: Pick<Line, 'post'>; terminal: string; log: Log }): Counter {
  async function ask<T>(path: string, body: object, shape: z.ZodType<T>): Promise<Result<T, 'no_line'>> {
    try {
      const answer = await line.post(path, mediaType.json, JSON.stringify({ terminal, ...body }));
      const read = answer.status === 200 && answer.mediaType === mediaType.json ? shape.safeParse(JSON.parse(answer.body)) : null;
      if (read?.success) return ok(read.data);
      log('reply_refused', { status: answer.status });
    } catch {
      // No connection, no answer in time, or something that is not JSON: for the person it is all the same.
    }
    return refuse('no_line');
  }
  return {
    askChallenge: () => ask('/v1/challenges', {}, Challenge),
    signIn: (request) => ask('/v1/sign-ins', request, SignInResult),
    async askRevocation(certificate, issuer) {
      const reply = await ask('/v1/revocations', { certificate, issuer }, RevocationReply);
      return reply.ok ? ok(reply.value.revocation) : reply;
    },
  };
}
