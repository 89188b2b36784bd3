import * as z from 'zod';
import type { LineNews } from '../../contract/wire.ts';
import type { Queries } from '../store/database.ts';

/** One of a terminal's queues, locked until the end of the transaction. */
export type Queue = {
  terminal: string;
  generation: string;
  /** Up to where nothing is missing, or its loss was stated. */
  linked: number;
  /** The last place taken in that is not held, and the chain there. */
  highest: number;
  highestChain: Uint8Array | null;
  forked: boolean;
  /** A loss was stated, and another generation goes on: up to where the terminal knew of this one, and the chain there. */
  closed: { at: number; chain: Uint8Array | null } | null;
  /** The key that vouched for what came of it first (SubjectPublicKeyInfo). A terminal with another key begins another queue. */
  owner: Uint8Array | null;
  /** All queues of the terminal as terminals are told, oldest first, this one as it was when it was locked. */
  told: LineNews['generations'];
};

export const Told = z.array(z.object({ generation: z.string(), linked: z.number(), backedUp: z.number() }));
const QueueRow = z.object({
  linked: z.number(),
  highest: z.number(),
  highest_chain: z.instanceof(Uint8Array).nullable(),
  forked: z.boolean(),
  closed_at: z.number().nullable(),
  closed_chain: z.instanceof(Uint8Array).nullable(),
  owner: z.instanceof(Uint8Array).nullable(),
  told: Told,
});

/** Most recent queues of a terminal, oldest first. `terminal`: which parameter it is. */
export const toldQueues = (
  terminal: string,
) => `(SELECT coalesce(json_agg(json_build_object('generation', generation, 'linked', linked, 'backedUp', backed_up) ORDER BY number), '[]')
   FROM (SELECT * FROM queue WHERE terminal = ${terminal} ORDER BY number DESC LIMIT 50) AS newest)`;

/** By two least values, which an index has at hand whatever the planner knows of the table: after an outage, nothing yet. */
const owner = `(SELECT signer FROM delivery WHERE log_sequence = (SELECT min(delivery) FROM inbox
  WHERE terminal = $1 AND generation = $2 AND sequence = (SELECT min(sequence) FROM inbox WHERE terminal = $1 AND generation = $2)))`;

/** Makes it at the first contact. Two deliveries of one queue, at whatever instance, go one after the other. */
export async function lockQueue(queries: Queries, terminal: string, generation: string): Promise<Queue> {
  const read = async (): Promise<Queue | null> => {
    const [raw] = await queries.query(
      `SELECT linked::float8, highest::float8, highest_chain, forked, closed_at::float8, closed_chain, ${owner} AS owner, ${toldQueues('$1')} AS told
       FROM queue WHERE terminal = $1 AND generation = $2 FOR UPDATE`,
      [terminal, generation],
    );
    if (raw === undefined) return null;
    const { highest_chain: highestChain, closed_at: at, closed_chain: chain, ...row } = QueueRow.parse(raw);
    return { terminal, generation, highestChain, closed: at === null ? null : { at, chain }, ...row };
  };
  const known = await read();
  if (known !== null) return known;
  await queries.query('INSERT INTO queue (terminal, generation) VALUES ($1, $2) ON CONFLICT DO NOTHING', [terminal, generation]);
  const made = await read();
  if (made === null) throw new Error('a queue that was made a moment ago is not there');
  return made;
}

export async function tellQueues(queries: Queries, terminal: string): Promise<LineNews['generations']> {
  const [row] = await queries.query(`SELECT ${toldQueues('$1')} AS told`, [terminal]);
  return Told.parse(row?.told);
}

const Reached = z.object({ reached: z.number().nullable() });

/** How far nothing is missing now: over what arrived in whatever order, held or not, and over losses that were stated. */
export async function findLinked(
  queries: Queries,
  { terminal, generation, linked }: Pick<Queue, 'terminal' | 'generation' | 'linked'>,
): Promise<number> {
  let reached = linked;
  for (;;) {
    const values = [terminal, generation, reached];
    // A look along the index, a thousand places at a time: whoever asks for each place's neighbour goes through the whole queue
    // for each, as long as the planner knows nothing of the table.
    const [run] = await queries.query(
      `SELECT max(sequence)::float8 AS reached FROM (
         SELECT sequence, dense_rank() OVER (ORDER BY sequence) AS nth FROM (
           SELECT sequence FROM inbox WHERE terminal = $1 AND generation = $2 AND sequence > $3::bigint ORDER BY sequence LIMIT 1000
         ) AS near) AS ranked
       WHERE sequence = $3::bigint + nth`,
      values,
    );
    const [gap] = await queries.query(
      `SELECT max(last_sequence)::float8 AS reached FROM missing
       WHERE terminal = $1 AND generation = $2 AND first_sequence <= $3::bigint + 1 AND last_sequence > $3::bigint`,
      values,
    );
    const next = Math.max(Reached.parse(run).reached ?? 0, Reached.parse(gap).reached ?? 0);
    if (next <= reached) return reached;
    reached = next;
  }
}
