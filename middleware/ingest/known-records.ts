import * as z from 'zod';
import { buildTree, type Tree } from '../receipts/merkle.ts';
import type { Queries } from '../store/database.ts';
import type { Queue } from './queues.ts';
import type { Delivery } from './read-delivery.ts';
import type { Stand } from './tell-results.ts';

const bytes = z.instanceof(Uint8Array);
const Row = z.object({
  tx_id: z.string(),
  here: z.boolean(),
  sequence: z.number(),
  record: bytes,
  chain: bytes,
  held: z.boolean(),
  leaf: z.number(),
  delivery: z.number(),
  receipt: z.string(),
});

/** `delivery`: the place of its receipt in the log. */
export type KnownRecord = Omit<Stand, 'tree'> & { record: Uint8Array; delivery: number };
type AtPlace = { record: Uint8Array; chain: Uint8Array };

export type Known = {
  /** Of any terminal and queue. */
  byTxId: ReadonlyMap<string, KnownRecord>;
  /** In this queue, from the first place of the delivery to the place behind it; not those that are held. */
  byPlace: ReadonlyMap<number, AtPlace>;
  /** The chain at the place before the delivery; null: that place is not here. */
  before: Uint8Array | null;
};

/** What lies behind all that is here of its queue is new, unless another queue brought one of its ids: the database says so then. */
export function knowNothing({ records }: Delivery, { highest, highestChain }: Queue): Known | null {
  const [{ sequence }] = records;
  if (sequence <= highest) return null;
  return { byTxId: new Map(), byPlace: new Map(), before: sequence === highest + 1 ? highestChain : null };
}

/** What is already here of a delivery, and its two neighbours. */
export async function findKnown(queries: Queries, { terminal, generation, records }: Delivery): Promise<Known> {
  const columns = `i.tx_id::text, i.terminal = $2 AND i.generation = $3 AND NOT i.held AS here, i.sequence::float8 AS sequence,
    i.record, i.chain, i.held, i.leaf, i.delivery::float8, d.receipt FROM inbox i JOIN delivery d ON d.log_sequence = i.delivery`;
  const first = records[0].sequence;
  const found = await queries.query(
    `SELECT ${columns} WHERE i.tx_id = ANY($1::uuid[])
     UNION SELECT ${columns} WHERE i.terminal = $2 AND i.generation = $3 AND i.sequence BETWEEN $4::bigint AND $5::bigint AND NOT i.held`,
    [records.map(({ txId }) => txId), terminal, generation, first - 1, first + records.length],
  );
  const byTxId = new Map<string, KnownRecord>();
  const byPlace = new Map<number, AtPlace>();
  let before: Uint8Array | null = null;
  for (const raw of found) {
    const { tx_id: txId, here, sequence, record, chain, ...under } = Row.parse(raw);
    byTxId.set(txId, { txId, record, ...under });
    if (here && sequence === first - 1) before = chain;
    else if (here) byPlace.set(sequence, { record, chain });
  }
  return { byTxId, byPlace, before };
}

const LeavesRow = z.object({ delivery: z.number(), leaves: bytes });

/** Under which receipts records stand that are here already. */
export async function findStands(queries: Queries, known: readonly KnownRecord[]): Promise<Stand[]> {
  if (known.length === 0) return [];
  const rows = await queries.query('SELECT log_sequence::float8 AS delivery, leaves FROM delivery WHERE log_sequence = ANY($1::bigint[])', [
    [...new Set(known.map(({ delivery }) => String(delivery)))],
  ]);
  const trees = new Map<number, Tree>();
  for (const row of rows) {
    const { delivery, leaves } = LeavesRow.parse(row);
    trees.set(delivery, buildTree(Buffer.from(leaves.buffer, leaves.byteOffset, leaves.byteLength)));
  }
  return known.map(({ txId, held, leaf, delivery, receipt }) => {
    const tree = trees.get(delivery);
    if (tree === undefined) throw new Error('a record without its delivery');
    return { txId, held, leaf, tree, receipt };
  });
}
