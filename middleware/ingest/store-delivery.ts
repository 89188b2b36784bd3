import type { KeyObject } from 'node:crypto';
import * as z from 'zod';
import { keptBytes } from '../../contract/kept-record.ts';
import { buildTree, hashLeaves, type Tree } from '../receipts/merkle.ts';
import { hashReceipt, type SignReceipt } from '../receipts/receipt-log.ts';
import type { Queries, SqlValue } from '../store/database.ts';
import type { DeliveredRecord, Delivery } from './read-delivery.ts';
import type { Stand } from './tell-results.ts';

const HeadRow = z.object({ sequence: z.number(), receipt_sha256: z.instanceof(Uint8Array).nullable(), epoch: z.string() });

export async function readEpoch(queries: Queries): Promise<string> {
  const [row] = await queries.query('SELECT sequence::float8, receipt_sha256, epoch FROM log_head');
  return HeadRow.parse(row).epoch;
}

/** The last place of the log, and what the next receipt says of it. */
export type LogHead = { sequence: number; receiptSha256: Uint8Array | null; epoch: string };

/** Where its queue stands afterwards. */
export type Reached = { linked: number; highest: number; highestChain: Uint8Array | null };

type What = { delivery: Delivery; fresh: readonly DeliveredRecord[]; held: boolean; signer: KeyObject; reached: Reached };

/**
 * Stores what is new of a delivery under one receipt, which becomes the next place of the log. The lock on the log's head
 * comes before any record is written: whoever waits for a record of another delivery has then nothing that one waits for.
 * @returns under which receipt the records stand from now on; where the log ends with them
 */
export async function storeDelivery(
  queries: Queries,
  what: What,
  parts: { signReceipt: SignReceipt; now: () => Date },
): Promise<{ stored: Stand[]; log: LogHead }> {
  const leaves = leavesOf(what);
  const tree = buildTree(leaves);
  const rows = pack(what);
  const [row] = await queries.query('SELECT sequence::float8, receipt_sha256, epoch FROM log_head FOR UPDATE');
  const { sequence, receipt_sha256: receiptSha256, epoch } = HeadRow.parse(row);
  const made = makeReceipt(what, tree, { sequence, receiptSha256, epoch }, parts);
  await queries.query(`WITH ${storing('true')} SELECT`, valuesOf(what, { rows, leaves }, made));
  return { stored: standsOf(what, tree, made.receipt), log: made.log };
}

/** Of what is new, by `hashLeaves`. */
export function leavesOf({ delivery: { terminal, generation }, fresh, held }: What): Buffer {
  return hashLeaves(
    fresh.map(({ txId, reference, sequence, record }) => {
      return { txId, reference, terminal, generation, sequence, record: record.toString('base64url'), held };
    }),
  );
}

type Made = { receipt: string; receivedAt: string; log: LogHead };

/** The receipt for the place behind `head`. `log`: where the log ends with it. */
export function makeReceipt(
  { delivery: { terminal }, fresh }: What,
  { root }: Tree,
  { sequence, receiptSha256, epoch }: LogHead,
  { signReceipt, now }: { signReceipt: SignReceipt; now: () => Date },
): Made {
  const receivedAt = now().toISOString();
  const previous = receiptSha256 === null ? null : Buffer.from(receiptSha256).toString('base64url');
  const log = { sequence: sequence + 1, previous };
  const receipt = signReceipt({ terminal, root: root.toString('base64url'), size: fresh.length, receivedAt, epoch, log });
  return { receipt, receivedAt, log: { sequence: log.sequence, receiptSha256: hashReceipt(receipt), epoch } };
}

export function standsOf({ fresh, held }: Pick<What, 'fresh' | 'held'>, tree: Tree, receipt: string): Stand[] {
  return fresh.map(({ txId }, leaf) => ({ txId, held, leaf, tree, receipt }));
}

/** Of `storing`, $1 to $19. `rows`: by `pack`. */
export function valuesOf(
  { delivery, fresh, held, signer, reached }: What,
  { rows, leaves }: { rows: string; leaves: Buffer },
  { receipt, receivedAt, log }: Made,
): SqlValue[] {
  return [
    rows,
    log.sequence,
    delivery.terminal,
    delivery.generation,
    held,
    receipt,
    receivedAt,
    delivery.records[0].sequence,
    delivery.previous,
    fresh.length === delivery.records.length ? null : Buffer.concat(delivery.records.map(({ record }) => record)),
    new TextDecoder().decode(keptBytes(delivery.head)),
    delivery.signature,
    exportKey(signer),
    log.receiptSha256,
    reached.linked,
    reached.highest,
    reached.highestChain,
    leaves,
    // Last of what is long: the driver makes half as much room again for what comes behind.
    delivery.bytes,
  ];
}

/** The log, the queue, the delivery and all its records, when `condition` holds: for a statement's WITH. */
export const storing = (condition: string) => `logged AS (
    UPDATE log_head SET sequence = $2::bigint, receipt_sha256 = $14 WHERE ${condition}
  ), moved AS (
    UPDATE queue SET linked = $15::bigint, highest = $16::bigint, highest_chain = $17 WHERE terminal = $3 AND generation = $4 AND ${condition}
  ), taken AS (
    INSERT INTO delivery (log_sequence, receipt, received_at, terminal, generation, held, first_sequence, previous, records, kept, signature, signer,
      leaves)
    SELECT $2::bigint, $6, $7::timestamptz, $3, $4, $5::boolean, $8::bigint, $9::bytea, $10::bytea, $11, $12::bytea, $13::bytea, $18::bytea WHERE ${condition}
  ), packed AS MATERIALIZED (
    SELECT $19::bytea AS bytes
  ), stored AS (
    INSERT INTO inbox (tx_id, delivery, leaf, terminal, generation, sequence, reference, lane, key_id, encapsulated, ciphertext,
      kept_at, record, chain, held, state)
    SELECT tx_id, $2::bigint, leaf, $3, $4, sequence, reference, lane, key_id,
      substring(bytes from at + 64 for e), substring(bytes from at + 64 + e for c), kept_at, substring(bytes from at for 32),
      substring(bytes from at + 32 for 32), $5::boolean, CASE WHEN $5::boolean THEN 'held' ELSE 'received' END
    FROM packed, json_to_recordset($1::text::json) AS given (leaf smallint, tx_id uuid, sequence bigint, reference text, lane text,
      key_id text, kept_at text, at int, e int, c int)
    WHERE ${condition} ORDER BY leaf
  )`;

/**
 * The rows of what is new as JSON, for one statement. Their bytes it finds in the delivery's, which the database decodes once:
 * two to three times as quick as a text for each. `at`: where a record's begin, counted from 1.
 */
export function pack({ fresh }: Pick<What, 'fresh'>): string {
  const rows = fresh.map(({ txId, sequence, reference, lane, keyId, keptAt, at, encapsulated, ciphertext }, leaf) => {
    const place = { at: at + 1, e: encapsulated.length, c: ciphertext.length };
    return { leaf, tx_id: txId, sequence, reference, lane, key_id: keyId, kept_at: keptAt, ...place };
  });
  return JSON.stringify(rows);
}

const exported = new WeakMap<KeyObject, Buffer>();

/** SubjectPublicKeyInfo: made once for each connection's key. */
export function exportKey(key: KeyObject): Buffer {
  const bytes = exported.get(key) ?? key.export({ format: 'der', type: 'spki' });
  exported.set(key, bytes);
  return bytes;
}
