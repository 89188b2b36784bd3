import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { readLoss } from '../ingest/losses.ts';
import { findLinked } from '../ingest/queues.ts';
import { nextChain } from '../ingest/read-delivery.ts';
import type { Queries } from '../store/database.ts';
import type { Break, LogReport } from './prove-log.ts';

const bytes = z.instanceof(Uint8Array);
const QueueRow = z.object({
  terminal: z.string(),
  generation: z.string(),
  linked: z.number(),
  backed_up: z.number(),
  highest: z.number(),
  forked: z.boolean(),
});
type QueueRow = z.infer<typeof QueueRow>;
const LossRow = z.object({
  terminal: z.string(),
  generation: z.string(),
  statement: z.string(),
  signer: bytes,
  missing: z.array(z.tuple([z.number(), z.number()])),
});
const PlaceRow = z.object({ sequence: z.number(), record: bytes, chain: bytes });

const atOnce = 1000;

/** Each queue is dense up to where it says, or the loss was stated by its terminal; and its records follow on each other. */
export async function proveQueues(
  queries: Queries,
  isTerminalKey: (terminal: string, spki: Uint8Array) => Promise<boolean>,
): Promise<Pick<LogReport, 'stillMissing' | 'losses' | 'breaks'>> {
  const { losses, breaks } = await proveLosses(queries, isTerminalKey);
  const stillMissing: LogReport['stillMissing'] = [];
  const rows = await queries.query(
    `SELECT terminal, generation, linked::float8, backed_up::float8, highest::float8, forked FROM queue ORDER BY number`,
  );
  for (const raw of rows) {
    const queue = QueueRow.parse(raw);
    const where = `queue ${queue.terminal} ${queue.generation}`;
    const reached = await findLinked(queries, { terminal: queue.terminal, generation: queue.generation, linked: 0 });
    if (reached !== queue.linked) breaks.push({ where, what: `it is dense up to ${reached}, and ${queue.linked} was told` });
    if (queue.backed_up > queue.linked) breaks.push({ where, what: 'more was told to be backed up than is here' });
    if (queue.highest > reached) stillMissing.push({ terminal: queue.terminal, generation: queue.generation, from: reached + 1 });
    const broken = await findBrokenLink(queries, queue);
    if (broken !== null) breaks.push({ where, what: `record ${broken} does not follow on the one before` });
  }
  return { losses, stillMissing, breaks };
}

/** Of those that are not held: what is held of a fork follows on what only its own delivery says. */
async function findBrokenLink(queries: Queries, { terminal, generation }: QueueRow): Promise<number | null> {
  let before: z.infer<typeof PlaceRow> | null = null;
  for (;;) {
    const rows = await queries.query(
      `SELECT sequence::float8, record, chain FROM inbox WHERE terminal = $1 AND generation = $2 AND NOT held AND sequence > $3::bigint
       ORDER BY sequence LIMIT $4::int`,
      [terminal, generation, before?.sequence ?? 0, atOnce],
    );
    for (const raw of rows) {
      const row = PlaceRow.parse(raw);
      const follows: boolean = before !== null && before.sequence + 1 === row.sequence;
      if (before !== null && follows && !nextChain(before.chain, row.record).equals(row.chain)) return row.sequence;
      before = row;
    }
    if (rows.length < atOnce) return null;
  }
}

async function proveLosses(
  queries: Queries,
  isTerminalKey: (terminal: string, spki: Uint8Array) => Promise<boolean>,
): Promise<{ losses: number; breaks: Break[] }> {
  const breaks: Break[] = [];
  const rows = await queries.query(
    `SELECT l.terminal, l.generation, l.statement, l.signer,
       coalesce((SELECT json_agg(json_build_array(m.first_sequence, m.last_sequence) ORDER BY m.first_sequence, m.last_sequence)
         FROM missing m WHERE m.statement_sha256 = l.statement_sha256), '[]') AS missing
     FROM loss l ORDER BY l.recorded_at, l.statement_sha256`,
  );
  for (const raw of rows) {
    const row = LossRow.parse(raw);
    const where = `loss of ${row.terminal} ${row.generation}`;
    const read = readLoss(row.statement, readKey(row.signer));
    const said = read?.statement.missing.toSorted(([a, b], [c, d]) => a - c || b - d);
    const isAsStored = read?.statement.terminal === row.terminal && read.statement.generation === row.generation;
    if (read === null || !isAsStored) breaks.push({ where, what: 'the terminal’s signature does not verify' });
    else if (JSON.stringify(said) !== JSON.stringify(row.missing))
      breaks.push({ where, what: 'other records are missing than the terminal stated' });
    if (!(await isTerminalKey(row.terminal, row.signer)))
      breaks.push({ where, what: 'it is signed with a key that its terminal never had' });
  }
  return { losses: rows.length, breaks };
}

/** None: bytes that are no key verify nothing. */
function readKey(spki: Uint8Array): KeyObject[] {
  try {
    return [createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })];
  } catch {
    return [];
  }
}
