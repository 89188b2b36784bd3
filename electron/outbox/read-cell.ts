import * as z from 'zod';
import type { Cell, Value } from './cells.ts';
import { EntryRow, FateRow } from './rows.ts';

/** Cells as rows of our tables, by the order of their columns. The key stands before the row, and null in it. */
const { id: _, ...entryShape } = EntryRow.shape;
const Entry = z.object({ key: z.null(), ...entryShape });
const entryColumns = Object.keys(Entry.shape);

/** Version 3's columns of a receipt are null in what waits for a person. */
const none = z.null();
const Fate = FateRow.omit({ id: true }).extend({ key: none, receipt: none, proof: none, held: none, received_at: none, epoch: none });
const fateColumns = ['key', 'state', 'lane', 'reason', 'receipt', 'proof', 'held', 'received_at', 'epoch', 'mark'];

/** Null, as the other: not one of ours, or not any more. */
export function toEntryRow({ values }: Cell): Omit<EntryRow, 'id'> | null {
  const read = values.length === entryColumns.length ? Entry.safeParse(name(values, entryColumns)) : null;
  if (!read?.success) return null;
  const { key: _key, ...row } = read.data;
  return row;
}

export function toFateRow({ rowid, values }: Cell): FateRow | null {
  const read = values.length === fateColumns.length ? Fate.safeParse(name(values, fateColumns)) : null;
  if (!read?.success) return null;
  const { state, lane, reason, mark } = read.data;
  return { id: rowid, state, lane, reason, mark };
}

const name = (values: readonly Value[], columns: readonly string[]) =>
  Object.fromEntries(columns.map((column, index) => [column, values[index]]));
