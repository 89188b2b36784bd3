import * as z from 'zod';
import { type Tree, treeOf } from '../receipts/merkle.ts';
import type { Queries } from '../store/database.ts';
import type { Queue } from './queues.ts';
import type { Delivery } from './read-delivery.ts';
import type { Place } from './tell-results.ts';

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

export type KnownRecord = Place & { record: Uint8Array };
type Neighbour = { record: Uint8Array; chain: Uint8Array };

export type Known = {
  /** Of any terminal and queue. */
  byTxId: ReadonlyMap<string, KnownRecord>;
  /** In this queue, from the first place of the delivery to the place behind it; not those that are held. */
  byPlace: ReadonlyMap<number, Neighbour>;
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
  const ids = records.map(({ txId }) => txId);
  const found = await queries.query(
    `SELECT ${columns} WHERE i.tx_id = ANY($1::uuid[])
     UNION SELECT ${columns} WHERE i.terminal = $2 AND i.generation = $3 AND i.sequence BETWEEN $4::bigint AND $5::bigint AND NOT i.held`,
    [ids, terminal, generation, first - 1, first + records.length],
  );
  const rows = found.map((row) => Row.parse(row));
  const again = rows.filter(({ tx_id }) => ids.includes(tx_id));
  const trees = await growTrees(queries, new Set(again.map(({ delivery }) => delivery)));
  const byTxId = new Map<string, KnownRecord>();
  for (const { tx_id: txId, record, held, leaf, delivery, receipt } of again) {
    const tree = trees.get(delivery);
    if (tree !== undefined) byTxId.set(txId, { txId, record, held, leaf, tree, receipt });
  }
  const byPlace = new Map<number, Neighbour>();
  let before: Uint8Array | null = null;
  for (const { here, sequence, record, chain } of rows) {
    if (here && sequence === first - 1) before = chain;
    else if (here) byPlace.set(sequence, { record, chain });
  }
  return { byTxId, byPlace, before };
}

const LeafRow = z.object({
  delivery: z.number(),
  txId: z.string(),
  reference: z.string(),
  terminal: z.string(),
  generation: z.string(),
  sequence: z.number(),
  record: bytes,
  held: z.boolean(),
});

/** Of deliveries, by their places in the log. */
async function growTrees(queries: Queries, deliveries: ReadonlySet<number>): Promise<Map<number, Tree>> {
  if (deliveries.size === 0) return new Map();
  const rows = await queries.query(
    `SELECT delivery::float8, tx_id::text AS "txId", reference, terminal, generation, sequence::float8, record, held FROM inbox
     WHERE delivery = ANY($1::bigint[]) ORDER BY delivery, leaf`,
    [[...deliveries].map(String)],
  );
  const leaves = Map.groupBy(
    rows.map((row) => LeafRow.parse(row)),
    ({ delivery }) => delivery,
  );
  return new Map(
    [...leaves].map(([delivery, of]) => [
      delivery,
      treeOf(of.map(({ record, ...leaf }) => ({ ...leaf, record: Buffer.from(record).toString('base64url') }))),
    ]),
  );
}
