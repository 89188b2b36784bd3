import { type Challenge, ChallengeRequest, SignInRequest, type SignInResult } from '../../contract/wire.ts';
import type { Grants } from '../grants/grants.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute } from '../http/json-route.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { Queries } from '../store/database.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { createChallenges, hashNonce } from './challenges.ts';
import { type SignInParts, type SignInRefusal, signIn } from './sign-in.ts';

export type SignInRouteParts = Omit<SignInParts, 'challenges'> & {
  database: Queries;
  terminals: Terminals;
  grants: Grants;
  buckets: { challenges: TokenBucket; signIns: TokenBucket };
};

export function addSignIn(app: App, parts: SignInRouteParts): void {
  const { database, terminals, grants, buckets, origin, now } = parts;
  const challenges = createChallenges(parts);

  addJsonRoute(app, {
    path: '/v1/challenges',
    input: ChallengeRequest,
    who: terminals.requireActive,
    bucket: buckets.challenges,
    async answer({ terminal }): Promise<Challenge> {
      const { nonce, expiresAt } = await challenges.give(terminal);
      return { nonce, origin: origin(), expiresAt: expiresAt.toISOString() };
    },
  });

  addJsonRoute(app, {
    path: '/v1/sign-ins',
    input: SignInRequest,
    who: terminals.requireActive,
    bucket: buckets.signIns,
    async answer(request): Promise<SignInResult> {
      const judged = await signIn({ ...parts, challenges }, request);
      const at = now();
      const { terminal, visit } = request;
      await writeDown(database, { terminal, nonce: request.nonce, at, outcome: judged.ok ? 'accepted' : judged.error });
      if (!judged.ok) return { status: 'refused', reason: judged.error };
      const { revocation, ssin } = judged.value;
      const isWanted = visit !== undefined && ssin !== null;
      const grant = isWanted ? { grant: await grants.give(ssin, { terminal, visit }) } : {};
      return { status: 'accepted', acceptedAt: at.toISOString(), revocation, ...grant };
    },
  });
}

/**
 * Before it is answered: a sign-in that is not on record did not happen. The row says nothing of who it was; by the hash of
 * the nonce the worker knows a sign-in again that travels with a record.
 */
async function writeDown(
  database: Queries,
  { terminal, nonce, at, outcome }: { terminal: string; nonce: string; at: Date; outcome: 'accepted' | SignInRefusal },
): Promise<void> {
  await database.query('INSERT INTO sign_in (terminal, at, outcome, nonce_sha256) VALUES ($1, $2::timestamptz, $3, $4)', [
    terminal,
    at.toISOString(),
    outcome,
    hashNonce(nonce),
  ]);
}
