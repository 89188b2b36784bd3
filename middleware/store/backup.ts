import { randomBytes } from 'node:crypto';
import type { Queries } from './database.ts';

/** Days after which a backup that never ended is forgotten. */
const longestBackup = 7;

/**
 * Notes what is here, before a backup begins: any backup made after this has at least that. What a terminal hears is
 * covered by a backup it may forget, so what arrives while the backup runs must not count. Several may run at one time.
 * @returns the number by which `backUp` knows it. By chance: after a restore no other backup gets it.
 */
export async function startBackup(queries: Queries): Promise<string> {
  const id = randomBytes(6).toString('hex');
  await queries.query(
    `WITH begun AS (INSERT INTO backup (id) VALUES ($1) RETURNING id),
       old AS (DELETE FROM backup WHERE begun_at < now() - make_interval(days => $2::int)),
       queues AS (INSERT INTO backup_queue SELECT begun.id, terminal, generation, linked FROM queue, begun WHERE linked > backed_up)
     INSERT INTO backup_attachment SELECT begun.id, attachment.id FROM attachment, begun WHERE state = 'whole' AND NOT backed_up`,
    [id, longestBackup],
  );
  return id;
}

/**
 * That backup ended well, and lies elsewhere. Terminals hear it at their next contact.
 * @returns false: none of this number is under way (it ended already, is too old, or began before a restore)
 */
export async function backUp(queries: Queries, id: string): Promise<boolean> {
  const ended = await queries.query(
    `WITH ended AS (DELETE FROM backup WHERE id = $1 RETURNING id),
       queues AS (UPDATE queue q SET backed_up = b.linked FROM backup_queue b JOIN ended ON ended.id = b.backup
         WHERE q.terminal = b.terminal AND q.generation = b.generation AND q.backed_up < b.linked),
       attachments AS (UPDATE attachment a SET backed_up = true FROM backup_attachment b JOIN ended ON ended.id = b.backup
         WHERE a.id = b.attachment AND NOT a.backed_up)
     SELECT id FROM ended`,
    [id],
  );
  return ended.length === 1;
}

/**
 * This database was put back from a backup: what came after it is not here any more. With the new epoch terminals send
 * again all that they still keep; what is here already gets the receipt that it had. Backups that had begun are forgotten.
 * @returns the new epoch
 */
export async function enterRestored(queries: Queries): Promise<string> {
  await queries.query('DELETE FROM backup');
  const [row] = await queries.query(`UPDATE log_head SET epoch = replace(gen_random_uuid()::text, '-', '') RETURNING epoch`);
  return String(row?.epoch);
}
