import type { Queries } from '../store/database.ts';

/**
 * A person's decision: what is held, or did not open, may be carried out or tried again. What it was and who released it
 * stays written.
 * @returns how many of them now wait for the worker
 */
export async function releaseHeld(queries: Queries, txIds: readonly string[], by: string): Promise<number> {
  const released = await queries.query(
    `UPDATE inbox SET state = 'received', quarantine_reason = NULL, settled_at = NULL, try_after = NULL, released_by = $2, released_at = now()
     WHERE tx_id = ANY($1::uuid[]) AND state IN ('held', 'quarantined') RETURNING 1`,
    [txIds, by],
  );
  return released.length;
}

/**
 * A person's decision: it is never carried out. Sealed bytes and receipt stay, and what comes after it in its case goes on.
 * @returns how many
 */
export async function rejectHeld(
  queries: Queries,
  txIds: readonly string[],
  { by, why, at }: { by: string; why: string; at: Date },
): Promise<number> {
  const rejected = await queries.query(
    `UPDATE inbox SET state = 'rejected', quarantine_reason = NULL, settled_at = $4::timestamptz, rejected_why = $3, rejected_by = $2,
       rejected_at = $4::timestamptz
     WHERE tx_id = ANY($1::uuid[]) AND state IN ('held', 'quarantined') RETURNING 1`,
    [txIds, by, why, at.toISOString()],
  );
  return rejected.length;
}
