import type { ActingAs } from '../../contract/file.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { patienceDays } from '../worker/judge-signature.ts';
import type { Verified } from '../worker/verify-content.ts';

/** Somebody, and in whose name. */
export type Acting = { ssin: string; as: Exclude<ActingAs, { kind: 'self' }> };

/** What the source of such roles says now. `unknown`: it says nothing. */
export type ActingWord = 'yes' | 'no' | 'unknown';
export type ConfirmActing = (ssin: string, as: ActingAs) => Promise<ActingWord>;

export type ActingDoubt =
  /** In another's name, and nobody proved with a PIN who sent it. */
  | 'acting_not_proven'
  /** Nobody could be asked for days whether the sender may act in that name. */
  | 'mandate_unknown';

/** Null: it is sent in the sender's own name, or nobody proved who that is. */
export function findActing(
  { actingAs }: Pick<TransactionContent, 'actingAs'>,
  { holder, trust }: Pick<Verified, 'holder' | 'trust'>,
): Acting | null {
  if (!actingAs || actingAs.kind === 'self' || holder === null) return null;
  return trust === 'authenticated' || trust === 'signed' ? { ssin: holder, as: actingAs } : null;
}

/**
 * Whether it may be carried out in that name, at the moment when it is: a mandate may have been withdrawn since it was sent.
 * Refused, it is a case with that status, in the file of both. A source that says nothing is asked again for days.
 */
export function judgeActing(
  { actingAs }: Pick<TransactionContent, 'actingAs'>,
  acting: Acting | null,
  word: ActingWord | null,
  { receivedAt, now }: { receivedAt: Date; now: Date },
): 'accepted' | 'refused' | 'postponed' | ActingDoubt {
  if (!actingAs || actingAs.kind === 'self') return 'accepted';
  if (acting === null) return 'acting_not_proven';
  if (word === 'yes') return 'accepted';
  if (word === 'no') return 'refused';
  return now.getTime() - receivedAt.getTime() > patienceDays * 86_400_000 ? 'mandate_unknown' : 'postponed';
}
