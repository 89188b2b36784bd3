import type { Queries } from '../store/database.ts';

/**
 * A person's decision: what is held, or did not open, may be carried out or tried again. What it was and who released it
 * stays written.
 * @returns how many of them now wait for the worker
 */
export async function releaseHeld(queries: Queries, txIds: readonly string[], by: string): Promise<number> {
  const released = await queries.query(
    `UPDATE inbox SET state = 'received', quarantine_reason = NULL, settled_at = NULL, released_by = $2, released_at = now()
     WHERE tx_id = ANY($1::uuid[]) AND state IN ('held', 'quarantined') RETURNING 1`,
    [txIds, by],
  );
  return released.length;
}
