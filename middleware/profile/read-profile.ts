import * as z from 'zod';
import { MissedWhy, type ProfileEntry, type ProfileReply, ProfileValue } from '../../contract/profile.ts';
import type { Queries } from '../store/database.ts';
import { purposes } from './purposes.ts';

const EntryRow = z.object({ value: ProfileValue, version: z.string(), made_at: z.date(), verified_at: z.date().nullable() });
const OutcomeRow = z.object({ tx_id: z.string(), missed: MissedWhy.nullable() });

/** Longer than any visit, and than anybody asks what became of it. */
const outcomeDays = 30;

export async function readEntries(queries: Queries, holder: string): Promise<ProfileEntry[]> {
  const rows = await queries.query(
    'SELECT value, version::text, made_at, verified_at FROM profile_entry WHERE holder = $1 ORDER BY thing LIMIT 100',
    [holder],
  );
  return z
    .array(EntryRow)
    .parse(rows)
    .map(({ value, version, made_at, verified_at }) => ({
      set: value,
      version,
      changedAt: made_at.toISOString(),
      verifiedAt: verified_at?.toISOString() ?? null,
    }));
}

export async function readProfile(
  queries: Queries,
  { holder, now, reaches }: { holder: string; now: Date; reaches: ProfileReply['reaches'] },
): Promise<ProfileReply> {
  const since = new Date(now.getTime() - outcomeDays * 86_400_000).toISOString();
  const outcomes = await queries.query(
    `SELECT tx_id::text, missed FROM profile_change WHERE holder = $1 AND executed_at > $2::timestamptz
     ORDER BY executed_at DESC LIMIT 200`,
    [holder, since],
  );
  return {
    asOf: now.toISOString(),
    entries: await readEntries(queries, holder),
    purposes: [...purposes],
    outcomes: z
      .array(OutcomeRow)
      .parse(outcomes)
      .map(({ tx_id, missed }) => ({ txId: tx_id, missed })),
    reaches: [...reaches],
  };
}
