import * as z from 'zod';
import type { Subject } from '../../contract/file.ts';
import type { Queries } from '../store/database.ts';

const Row = z.object({ id: z.number(), at: z.date(), reference: z.string(), act: z.string() });
export type Decision = z.infer<typeof Row>;

/**
 * What staff of the middleware decided about somebody's requests: they saw a reference and a terminal, and no content. A
 * request that nobody opened yet has no name, so what was decided about it shows once it is opened.
 */
export async function readDecisions(queries: Queries, subject: Subject): Promise<Decision[]> {
  if (subject.kind !== 'person') return [];
  const rows = await queries.query(
    `SELECT a.place::float8 AS id, a.at, i.reference, a.act FROM cases c JOIN inbox i ON i.tx_id = c.tx_id
       JOIN operator_act a ON a.subject IN ('record ' || i.tx_id::text, 'delivery ' || i.delivery::text)
     WHERE c.holder = $1 AND (a.act = 'release_held' OR a.act LIKE 'reject\\_%') ORDER BY a.place DESC LIMIT 200`,
    [subject.ssin],
  );
  return z.array(Row).parse(rows);
}
