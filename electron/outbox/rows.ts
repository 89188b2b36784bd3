import type { ProvenRecord } from './chain.ts';

/** The tables' rows as SQLite gives them. */
export type QueueRow = {
  ordinal: number;
  generation: string;
  terminal: string;
  x: string;
  y: string;
  sequence: number;
  chain: Buffer;
  /** Let go after a backup covered it: what is not there up to here is not missing. */
  floor: number;
  backed_up: number;
  /** 1: a loss was stated, so that what is not there may be missing. */
  gaps: 0 | 1;
  /** 1: nothing is kept in it any more. */
  closed: 0 | 1;
};

export type EntryRow = {
  id: number;
  generation: string;
  sequence: number;
  tx_id: string;
  reference: string;
  lane: string;
  form: string;
  key_id: string;
  kept_at: string;
  record: Buffer;
  previous: Buffer;
  signature: Buffer;
  mark: Buffer;
  encapsulated: Buffer;
  ciphertext: Buffer;
};

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

export type FateRow = { id: number; state: 'stuck' | 'aside'; lane: string; reason: string | null; mark: Buffer };

/** Records with consecutive ids that stand under one receipt. Those that were let go since are still counted in. */
export type ReceivedRow = {
  first: number;
  last: number;
  /** The receipt, as compact JWS. */
  head: string;
  /** The hashes of the tree's leaves, 32 bytes each, where it has no others than this delivery's; else `proofs`. */
  leaves: Buffer | null;
  /** Of `first` among the leaves. */
  place: number;
  /** `InclusionProof` of each, as JSON. */
  proofs: string | null;
  held: number;
  received_at: string;
  /** The middleware's, when it said so. */
  epoch: string | null;
  mark: Buffer;
};

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
