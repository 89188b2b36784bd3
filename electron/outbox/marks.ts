import { sha256 } from './chain.ts';
import type { EntryRow, FateRow } from './rows.ts';

/** Over what the record's own hash does not cover. */
export function markEntry(row: Omit<EntryRow, 'mark'>): Buffer {
  return sha256(JSON.stringify([row.id, row.form]), row.record, row.previous, row.signature).subarray(0, 8);
}

export function markFate(
  { id, state, lane, reason, receipt, proof, held, received_at, epoch }: Omit<FateRow, 'mark'>,
  head: string,
): Buffer {
  return sha256(JSON.stringify([id, state, lane, reason, receipt, proof, held, received_at, epoch, head])).subarray(0, 8);
}
