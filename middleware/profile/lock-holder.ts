import type { Queries } from '../store/database.ts';

/** Until the transaction ends, whoever else changes something about this person waits: also where nothing is there yet. */
export async function lockHolder(queries: Queries, holder: string): Promise<void> {
  await queries.query('SELECT pg_advisory_xact_lock(7104002, hashtext($1))', [holder]);
}
