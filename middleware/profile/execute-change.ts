import * as z from 'zod';
import { type MissedWhy, type ProfileChange, ProfileValue, thingOf } from '../../contract/profile.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import type { Queries } from '../store/database.ts';
import { timeOf, type Verified } from '../worker/verify-content.ts';
import { takeConfirmation } from './codes.ts';
import { lockHolder } from './lock-holder.ts';
import { knowsText } from './purposes.ts';

type Given = {
  row: { tx_id: string; terminal: string; received_at: Date };
  content: Pick<TransactionContent, 'actingAs' | 'submittedAt'>;
  change: ProfileChange;
  verified: Pick<Verified, 'checks' | 'holder' | 'doubts'>;
  now: Date;
};

const EntryRow = z.object({ version: z.string(), value: ProfileValue, made_at: z.date() });
type Entry = z.infer<typeof EntryRow>;
const Restored = z.object({ value: ProfileValue, verified_at: z.date().nullable() });

/** Former addresses and numbers are there to be put back; after this they are nobody's business. */
export const formerContactDays = 30;

/** The effect of a change, or why it has none: then that is the outcome, and nothing is dropped. */
export async function executeChange(queries: Queries, given: Given): Promise<void> {
  const { row, change, verified, now } = given;
  const madeAt = timeOf(given.content.submittedAt, row.received_at);
  const holder = verified.holder;
  if (holder !== null) await lockHolder(queries, holder);
  const judged = holder !== null && isOwn(given) ? await judge(queries, { ...given, holder, madeAt }) : ({ missed: 'not_proven' } as const);
  const thing = thingOf(change.set);
  const verifiedAt = 'verifiedAt' in judged ? (judged.verifiedAt?.toISOString() ?? null) : null;
  const missed = 'missed' in judged ? judged.missed : null;
  const value = JSON.stringify(change.set);
  const isNew = await queries.query(
    `INSERT INTO profile_change (tx_id, holder, thing, value, missed, made_at, executed_at, verified_at, former_at)
     VALUES ($1::uuid, $2::text, $3, $4::text::jsonb, $5::text, $6::timestamptz, $7::timestamptz, $8::timestamptz,
       CASE WHEN $5::text IS NOT NULL THEN $7::timestamptz END)
     ON CONFLICT (tx_id) DO NOTHING RETURNING tx_id`,
    [row.tx_id, holder, thing, value, missed, madeAt.toISOString(), now.toISOString(), verifiedAt],
  );
  if (missed !== null || isNew.length === 0) return;
  await queries.query(
    `UPDATE profile_change SET former_at = $3::timestamptz
     WHERE tx_id = (SELECT version FROM profile_entry WHERE holder = $1 AND thing = $2)`,
    [holder, thing, now.toISOString()],
  );
  await queries.query(
    `INSERT INTO profile_entry (holder, thing, value, version, made_at, verified_at)
     VALUES ($1, $2, $3::text::jsonb, $4::uuid, $5::timestamptz, $6::timestamptz)
     ON CONFLICT (holder, thing) DO UPDATE
       SET value = EXCLUDED.value, version = EXCLUDED.version, made_at = EXCLUDED.made_at, verified_at = EXCLUDED.verified_at`,
    [holder, thing, value, row.tx_id, madeAt.toISOString(), verifiedAt],
  );
  await forgetFormer(queries, now);
}

/** Who signed in speaks for themself, and for nobody else: not a card alone, and not somebody with a mandate. */
function isOwn({ content: { actingAs }, verified: { checks, doubts } }: Given): boolean {
  return checks.signIn === 'proven' && doubts.length === 0 && (actingAs ?? { kind: 'self' }).kind === 'self';
}

type Judging = Given & { holder: string; madeAt: Date };

async function judge(queries: Queries, judging: Judging): Promise<{ verifiedAt: Date | null } | { missed: MissedWhy }> {
  const { change, holder, madeAt } = judging;
  const [raw] = await queries.query('SELECT version::text, value, made_at FROM profile_entry WHERE holder = $1 AND thing = $2', [
    holder,
    thingOf(change.set),
  ]);
  const before = raw === undefined ? null : EntryRow.parse(raw);
  if (!holds(change, before, madeAt)) return { missed: 'newer' };
  const { set } = change;
  if (set.value === null) return { verifiedAt: null };
  switch (set.field) {
    case 'email':
    case 'phone': {
      const verifiedAt = await findVerified(queries, judging, { channel: set.field, value: set.value });
      return verifiedAt === null ? { missed: 'not_verified' } : { verifiedAt };
    }
    case 'consent':
      // What somebody agreed to once may have other words by now: then they are asked anew.
      return knowsText(set.purpose, set.value) ? { verifiedAt: null } : { missed: 'text_unknown' };
    case 'post':
    case 'interests':
      return { verifiedAt: null };
  }
}

/**
 * Whether a change stands against what is there. Made in sight of it: always. Else, of two changes that did not see each
 * other, the later holds, by the terminals' clocks as far as they are believed; but of agreeing and withdrawing the
 * withdrawal, whichever was later: nobody is taken to agree who may not (GDPR, art. 7.1 and 7.3).
 */
export function holds({ set, basedOn }: ProfileChange, before: Pick<Entry, 'version' | 'value' | 'made_at'> | null, madeAt: Date): boolean {
  if (before === null || basedOn === before.version) return true;
  if (set.field === 'consent' && (set.value === null) !== (before.value.value === null)) return set.value === null;
  return madeAt > before.made_at;
}

/** By a code; or it is put back, and was confirmed when it was there. */
async function findVerified(
  queries: Queries,
  { change: { verification, restores }, holder, row: { terminal } }: Judging,
  contact: { channel: 'email' | 'phone'; value: string },
): Promise<Date | null> {
  if (verification !== undefined) return await takeConfirmation(queries, { verification, terminal, holder, contact });
  if (restores === undefined || restores === null) return null;
  const [raw] = await queries.query(
    'SELECT value, verified_at FROM profile_change WHERE tx_id = $1::uuid AND holder = $2 AND missed IS NULL AND value IS NOT NULL',
    [restores, holder],
  );
  const former = raw === undefined ? null : Restored.parse(raw);
  return former?.value.field === contact.channel && former.value.value === contact.value ? former.verified_at : null;
}

/** Of everybody: whoever never comes again is forgotten too. What another instance has in hand is left to it. */
async function forgetFormer(queries: Queries, now: Date): Promise<void> {
  await queries.query(
    `UPDATE profile_change SET value = NULL WHERE tx_id IN
       (SELECT tx_id FROM profile_change
        WHERE former_at < $1::timestamptz AND value IS NOT NULL AND thing IN ('email', 'phone') FOR UPDATE SKIP LOCKED)`,
    [new Date(now.getTime() - formerContactDays * 86_400_000).toISOString()],
  );
}
