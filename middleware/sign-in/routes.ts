import { type Challenge, ChallengeRequest, SignInRequest, type SignInResult } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute } from '../http/json-route.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { Queries } from '../store/database.ts';
import { createChallenges } from './challenges.ts';
import { type SignInParts, type SignInRefusal, signIn } from './sign-in.ts';

export type SignInRouteParts = Omit<SignInParts, 'challenges'> & {
  database: Queries;
  terminals: ReadonlySet<string>;
  buckets: { challenges: TokenBucket; signIns: TokenBucket };
};

export function addSignIn(app: App, parts: SignInRouteParts): void {
  const { database, terminals, buckets, origin, now } = parts;
  const challenges = createChallenges(parts);

  addJsonRoute(app, {
    path: '/v1/challenges',
    input: ChallengeRequest,
    terminals,
    bucket: buckets.challenges,
    async answer({ terminal }): Promise<Challenge> {
      const { nonce, expiresAt } = await challenges.give(terminal);
      return { nonce, origin: origin(), expiresAt: expiresAt.toISOString() };
    },
  });

  addJsonRoute(app, {
    path: '/v1/sign-ins',
    input: SignInRequest,
    terminals,
    bucket: buckets.signIns,
    async answer(request): Promise<SignInResult> {
      const judged = await signIn({ ...parts, challenges }, request);
      const at = now();
      await writeDown(database, { terminal: request.terminal, at, outcome: judged.ok ? 'accepted' : judged.error });
      return judged.ok
        ? { status: 'accepted', acceptedAt: at.toISOString(), revocation: judged.value }
        : { status: 'refused', reason: judged.error };
    },
  });
}

/** Before it is answered: a sign-in that is not on record did not happen. The row says nothing of who it was. */
async function writeDown(
  database: Queries,
  { terminal, at, outcome }: { terminal: string; at: Date; outcome: 'accepted' | SignInRefusal },
): Promise<void> {
  await database.query('INSERT INTO sign_in (terminal, at, outcome) VALUES ($1, $2::timestamptz, $3)', [
    terminal,
    at.toISOString(),
    outcome,
  ]);
}
