import type { Queries } from '../store/database.ts';
import type { SignatureWord } from './signature-word.ts';
import type { Doubt } from './verify-content.ts';

const [minute, day] = [60_000, 86_400_000];

/** From the second try on, twice as long each time: 1, 2, 4 … minutes, at most 6 hours. */
const [firstWait, longestWait] = [minute, 360 * minute];

/** Counted from when it was received. Then a person decides: nobody waits for ever for an authority that says nothing. */
export const patienceDays = 7;

/**
 * What follows from an authority's word about a signature that was made where nobody could be asked. Revoked before it was
 * signed: refused. Revoked since, or nobody knows since when: a person looks, for the time of signing is a terminal's word.
 */
export function judgeSignature(
  word: SignatureWord,
  { at, row, now }: { at: Date; row: { received_at: Date }; now: Date },
): 'accepted' | 'refused' | 'postponed' | Extract<Doubt, 'signature_revoked' | 'revocation_unknown'> {
  switch (word.status) {
    case 'good':
      return 'accepted';
    case 'revoked':
      return word.revokedAt !== null && word.revokedAt <= at ? 'refused' : 'signature_revoked';
    case 'unknown':
      return now.getTime() - row.received_at.getTime() > patienceDays * day ? 'revocation_unknown' : 'postponed';
  }
}

/** It stays where it is in its lane; others go on. */
export async function postpone(queries: Queries, row: { tx_id: string; tries: number }, now: Date): Promise<void> {
  const wait = Math.min(firstWait * 2 ** Math.min(row.tries, 20), longestWait);
  await queries.query('UPDATE inbox SET tries = tries + 1, try_after = $2::timestamptz WHERE tx_id = $1::uuid', [
    row.tx_id,
    new Date(now.getTime() + wait).toISOString(),
  ]);
}
