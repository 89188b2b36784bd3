import type { KeyObject } from 'node:crypto';
import * as z from 'zod';
import { keptBytes } from '../../contract/kept-record.ts';
import { leafBytes } from '../../contract/receipt.ts';
import { buildTree, hashLeaf } from '../receipts/merkle.ts';
import { hashReceipt, type SignReceipt } from '../receipts/receipt-log.ts';
import type { Queries } from '../store/database.ts';
import type { KnownRecord } from './known-records.ts';
import type { DeliveredRecord, Delivery } from './read-delivery.ts';

const HeadRow = z.object({ sequence: z.number(), receipt_sha256: z.instanceof(Uint8Array).nullable(), epoch: z.string() });

export async function readEpoch(queries: Queries): Promise<string> {
  const [row] = await queries.query('SELECT sequence::float8, receipt_sha256, epoch FROM log_head');
  return HeadRow.parse(row).epoch;
}

/** Where its queue stands afterwards. */
export type Reached = { linked: number; highest: number; highestChain: Uint8Array | null };

/**
 * Stores what is new of a delivery under one receipt, which becomes the next place of the log. The lock on the log's head
 * comes before any record is written: whoever waits for a record of another delivery has then nothing that one waits for.
 * @returns the records as they are known from now on
 */
export async function storeDelivery(
  queries: Queries,
  what: { delivery: Delivery; fresh: readonly DeliveredRecord[]; held: boolean; signer: KeyObject; reached: Reached },
  parts: { signReceipt: SignReceipt; now: () => Date },
): Promise<{ stored: KnownRecord[]; epoch: string }> {
  const { delivery, fresh, held, signer, reached } = what;
  const { terminal, generation } = delivery;
  const tree = buildTree(
    fresh.map(({ txId, reference, sequence, record }) =>
      hashLeaf(leafBytes({ txId, reference, terminal, generation, sequence, record: record.toString('base64url'), held })),
    ),
  );
  const [row] = await queries.query('SELECT sequence::float8, receipt_sha256, epoch FROM log_head FOR UPDATE');
  const log = HeadRow.parse(row);
  const place = log.sequence + 1;
  const receivedAt = parts.now().toISOString();
  const receipt = parts.signReceipt({
    terminal,
    root: tree.root.toString('base64url'),
    size: fresh.length,
    receivedAt,
    epoch: log.epoch,
    log: { sequence: place, previous: log.receipt_sha256 === null ? null : Buffer.from(log.receipt_sha256).toString('base64url') },
  });
  const paths = tree.paths.map((path) => Buffer.concat(path));
  const packed = pack(fresh, paths);
  await queries.query(insert, [
    JSON.stringify(packed.rows),
    place,
    terminal,
    generation,
    held,
    receipt,
    receivedAt,
    delivery.records[0].sequence,
    delivery.previous,
    fresh.length === delivery.records.length ? null : Buffer.concat(delivery.records.map(({ record }) => record)),
    new TextDecoder().decode(keptBytes(delivery.head)),
    delivery.signature,
    signer.export({ format: 'der', type: 'spki' }),
    hashReceipt(receipt),
    packed.bytes,
    reached.linked,
    reached.highest,
    reached.highestChain,
  ]);
  const stored = fresh.map(({ txId, sequence, record, chain }, leaf) => {
    return { txId, sequence, record, chain, held, leaf, path: paths[leaf] ?? Buffer.alloc(0), receipt };
  });
  return { stored, epoch: log.epoch };
}

/** One statement: the log, the queue, the delivery and all its records. */
const insert = `WITH logged AS (
    UPDATE log_head SET sequence = $2::bigint, receipt_sha256 = $14
  ), moved AS (
    UPDATE queue SET linked = $16::bigint, highest = $17::bigint, highest_chain = $18 WHERE terminal = $3 AND generation = $4
  ), taken AS (
    INSERT INTO delivery (log_sequence, receipt, received_at, terminal, generation, held, first_sequence, previous, records, kept, signature, signer)
    VALUES ($2::bigint, $6, $7::timestamptz, $3, $4, $5::boolean, $8::bigint, $9, $10::bytea, $11, $12, $13)
  ), packed AS MATERIALIZED (
    SELECT $15::bytea AS bytes
  )
  INSERT INTO inbox (tx_id, delivery, leaf, path, terminal, generation, sequence, reference, lane, key_id, encapsulated, ciphertext,
    kept_at, record, chain, held, state)
  SELECT tx_id, $2::bigint, leaf, substring(bytes from at + 64 + e + c for p), $3, $4, sequence, reference, lane, key_id,
    substring(bytes from at + 64 for e), substring(bytes from at + 64 + e for c), kept_at, substring(bytes from at for 32),
    substring(bytes from at + 32 for 32), $5::boolean, CASE WHEN $5::boolean THEN 'held' ELSE 'received' END
  FROM packed, json_to_recordset($1::text::json) AS given (leaf smallint, tx_id uuid, sequence bigint, reference text, lane text,
    key_id text, kept_at text, at int, e int, c int, p int)
  ORDER BY leaf`;

/**
 * All bytes of all records in one piece, which the database decodes once: hash, chain, key, ciphertext, path, from `at` on
 * (counted from 1). That is two to three times as quick as a text for each.
 */
function pack(fresh: readonly DeliveredRecord[], paths: readonly Buffer[]): { rows: object[]; bytes: Buffer } {
  const pieces: Buffer[] = [];
  let at = 1;
  const rows = fresh.map(({ txId, sequence, reference, lane, keyId, keptAt, record, chain, encapsulated, ciphertext }, leaf) => {
    const path = paths[leaf] ?? Buffer.alloc(0);
    const sizes = { at, e: encapsulated.length, c: ciphertext.length, p: path.length };
    pieces.push(record, chain, encapsulated, ciphertext, path);
    at += 64 + sizes.e + sizes.c + sizes.p;
    return { leaf, tx_id: txId, sequence, reference, lane, key_id: keyId, kept_at: keptAt, ...sizes };
  });
  return { rows, bytes: Buffer.concat(pieces) };
}
