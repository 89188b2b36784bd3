import * as z from 'zod';
import { Generation, Hash, Lane, Reference, TerminalId, TxId } from '../../contract/ids.ts';
import type { ProvenRecord } from './chain.ts';
import { Ordinal, Sequence } from './schema.ts';

// The tables' rows. What SQLite reads is held against these: see `checked`.

const bytes = (length: number) => z.instanceof(Buffer).refine((value) => value.length === length);
const count = z.int().nonnegative();
const flag = z.literal([0, 1]);

export const QueueRow = z.object({
  ordinal: Ordinal,
  generation: Generation,
  terminal: TerminalId,
  x: Hash,
  y: Hash,
  sequence: Sequence,
  chain: bytes(32),
  /** Let go after a backup covered it: what is not there up to here is not missing. */
  floor: Sequence,
  backed_up: Sequence,
  /** 1: a loss was stated, so that what is not there may be missing. */
  gaps: flag,
  /** 1: nothing is kept in it any more. */
  closed: flag,
});
export type QueueRow = z.infer<typeof QueueRow>;

/** In the order of the table's columns. */
export const EntryRow = z.object({
  id: z.int().positive(),
  generation: Generation,
  sequence: z.int().positive(),
  tx_id: TxId,
  reference: Reference,
  lane: Lane,
  form: z.string(),
  key_id: z.string(),
  kept_at: z.string(),
  record: bytes(32),
  previous: bytes(32),
  signature: bytes(64),
  mark: bytes(8),
  encapsulated: bytes(65),
  ciphertext: z.instanceof(Buffer),
});
export type EntryRow = z.infer<typeof EntryRow>;

/** As much of an entry as a list of what waits needs. */
export type RowInList = Pick<EntryRow, 'id' | 'lane' | 'form' | 'reference' | 'kept_at'>;

/** An entry as it is read by the hundred: its binary columns in one piece, which takes half the time. Of nothing, when one is nothing. */
export type PackedRow = Omit<EntryRow, 'record' | 'previous' | 'signature' | 'mark' | 'encapsulated' | 'ciphertext'> & { bytes: Buffer };
export const packedColumns = `entry.id, generation, sequence, tx_id, reference, lane, form, key_id, kept_at,
  cast(coalesce(record || previous || signature || mark || encapsulated || ciphertext, '') as blob) as bytes`;

/** A column that has not its length any more makes the bytes behind it others, and so no row that anybody takes for sound. */
export function unpack({ bytes, ...row }: PackedRow): EntryRow {
  return {
    ...row,
    record: bytes.subarray(0, 32),
    previous: bytes.subarray(32, 64),
    signature: bytes.subarray(64, 128),
    mark: bytes.subarray(128, 136),
    encapsulated: bytes.subarray(136, 201),
    ciphertext: bytes.subarray(201),
  };
}

export const FateRow = z.object({
  id: z.int().positive(),
  state: z.enum(['stuck', 'aside']),
  lane: Lane,
  reason: z.string().nullable(),
  mark: bytes(8),
});
export type FateRow = z.infer<typeof FateRow>;

export const StuckRow = EntryRow.extend({ reason: z.string() });

/** Records with consecutive ids that stand under one receipt. Those that were let go since are still counted in. */
export const ReceivedRow = z.object({
  first: z.int().positive(),
  last: z.int().positive(),
  /** The receipt, as compact JWS. */
  head: z.string(),
  /** The hashes of the tree's leaves, 32 bytes each, where it has no others than this delivery's; else `proofs`. */
  leaves: z.instanceof(Buffer).nullable(),
  /** Of `first` among the leaves. */
  place: count,
  /** `InclusionProof` of each, as JSON. */
  proofs: z.string().nullable(),
  held: count,
  received_at: z.string(),
  /** The middleware's, when it said so. */
  epoch: z.string().nullable(),
  mark: bytes(8),
});
export type ReceivedRow = z.infer<typeof ReceivedRow>;

export function toRecord(row: Omit<EntryRow, 'id' | 'form' | 'mark'>): ProvenRecord {
  return {
    generation: row.generation,
    sequence: row.sequence,
    txId: row.tx_id,
    reference: row.reference,
    lane: row.lane,
    keyId: row.key_id,
    keptAt: row.kept_at,
    encapsulated: row.encapsulated,
    ciphertext: row.ciphertext,
    record: row.record,
    previous: row.previous,
    signature: row.signature,
  };
}
