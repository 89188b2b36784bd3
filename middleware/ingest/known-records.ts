import * as z from 'zod';
import type { Queries } from '../store/database.ts';
import type { Queue } from './queues.ts';
import type { Delivery } from './read-delivery.ts';

const bytes = z.instanceof(Uint8Array);
const Row = z.object({
  tx_id: z.string(),
  here: z.boolean(),
  sequence: z.number(),
  record: bytes,
  chain: bytes,
  held: z.boolean(),
  leaf: z.number(),
  path: bytes,
  receipt: z.string(),
});

export type KnownRecord = {
  txId: string;
  sequence: number;
  record: Uint8Array;
  chain: Uint8Array;
  held: boolean;
  /** Where it stands under its receipt. `path`: 32 bytes each. */
  leaf: number;
  path: Uint8Array;
  receipt: string;
};

export type Known = {
  /** Of any terminal and queue. */
  byTxId: ReadonlyMap<string, KnownRecord>;
  /** In this queue, from the first place of the delivery to the place behind it; not those that are held. */
  byPlace: ReadonlyMap<number, Pick<KnownRecord, 'record' | 'chain'>>;
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
    i.record, i.chain, i.held, i.leaf, i.path, d.receipt FROM inbox i JOIN delivery d ON d.log_sequence = i.delivery`;
  const first = records[0].sequence;
  const rows = await queries.query(
    `SELECT ${columns} WHERE i.tx_id = ANY($1::uuid[])
     UNION SELECT ${columns} WHERE i.terminal = $2 AND i.generation = $3 AND i.sequence BETWEEN $4::bigint AND $5::bigint AND NOT i.held`,
    [records.map(({ txId }) => txId), terminal, generation, first - 1, first + records.length],
  );
  const byTxId = new Map<string, KnownRecord>();
  const byPlace = new Map<number, KnownRecord>();
  let before: Uint8Array | null = null;
  for (const raw of rows) {
    const { tx_id, here, ...row } = Row.parse(raw);
    const known = { txId: tx_id, ...row };
    byTxId.set(tx_id, known);
    if (here && row.sequence === first - 1) before = row.chain;
    else if (here) byPlace.set(row.sequence, known);
  }
  return { byTxId, byPlace, before };
}
