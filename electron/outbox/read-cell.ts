import * as z from 'zod';
import { Generation, Lane, Reference, TxId } from '../../contract/ids.ts';
import type { Cell } from './cells.ts';
import type { EntryRow, FateRow } from './rows.ts';

/** Cells as rows of our tables, by the order of their columns in the schema. Null: not one of ours, or not any more. */
const bytes = (length: number) => z.instanceof(Buffer).refine((value) => value.length === length);
const Entry = z.tuple([
  z.null(),
  Generation,
  z.int().positive(),
  TxId,
  Reference,
  Lane,
  z.string().max(200),
  z.string().max(64),
  z.iso.datetime(),
  bytes(32),
  bytes(32),
  bytes(64),
  bytes(8),
  bytes(65),
  z.instanceof(Buffer),
]);
const text = z.string().nullable();
const Fate = z.tuple([z.null(), z.enum(['stuck', 'aside']), Lane, text, z.null(), z.null(), z.null(), z.null(), z.null(), bytes(8)]);

export function toEntryRow({ values }: Cell): Omit<EntryRow, 'id'> | null {
  const read = values.length === 15 ? Entry.safeParse(values) : null;
  if (!read?.success) return null;
  const [
    ,
    generation,
    sequence,
    tx_id,
    reference,
    lane,
    form,
    key_id,
    kept_at,
    record,
    previous,
    signature,
    mark,
    encapsulated,
    ciphertext,
  ] = read.data;
  const names = { generation, sequence, tx_id, reference, lane, form, key_id, kept_at };
  return { ...names, record, previous, signature, mark, encapsulated, ciphertext };
}

export function toFateRow({ rowid, values }: Cell): FateRow | null {
  const read = values.length === 10 ? Fate.safeParse(values) : null;
  if (!read?.success) return null;
  const [, state, lane, reason, , , , , , mark] = read.data;
  return { id: rowid, state, lane, reason, mark };
}
