import type { Queries } from './database.ts';

/**
 * Notes what is here, before a backup begins: any backup made after this has at least that. What a terminal hears is
 * covered by a backup it may forget, so what arrives while the backup runs must not count.
 */
export async function startBackup(queries: Queries): Promise<void> {
  await queries.query('UPDATE queue SET backing_up = linked');
  await queries.query(`UPDATE attachment SET backing_up = true WHERE state = 'whole' AND NOT backing_up`);
}

/** The backup that `startBackup` announced has ended well, and lies elsewhere. Terminals hear it at their next contact. */
export async function backUp(queries: Queries): Promise<void> {
  await queries.query('UPDATE queue SET backed_up = greatest(backed_up, backing_up)');
  await queries.query('UPDATE attachment SET backed_up = true WHERE backing_up AND NOT backed_up');
}

/**
 * This database was put back from a backup: what came after it is not here any more. With the new epoch terminals send
 * again all that they still keep; what is here already gets the receipt that it had.
 * @returns the new epoch
 */
export async function enterRestored(queries: Queries): Promise<string> {
  const [row] = await queries.query(`UPDATE log_head SET epoch = replace(gen_random_uuid()::text, '-', '') RETURNING epoch`);
  return String(row?.epoch);
}
