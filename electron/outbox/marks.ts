import { hash } from 'node:crypto';
import { layTogether, sha256 } from './chain.ts';
import type { EntryRow, FateRow, ReceivedRow } from './rows.ts';

const bytes = 8;

/** Over what the record's own hash does not cover. */
export function markEntry(row: Omit<EntryRow, 'mark'>): Buffer {
  return Buffer.from(entryMark(row), 'latin1');
}

export const isMarked = (row: EntryRow): boolean => row.mark.toString('latin1') === entryMark(row);

/** A character a byte: it is compared for each row that is sent, and a buffer takes longer than the hash in it. */
function entryMark({ id, form, record, previous, signature }: Omit<EntryRow, 'mark'>): string {
  return hash('sha256', layTogether(JSON.stringify([id, form]), record, previous, signature), 'binary').slice(0, bytes);
}

/** With the places of version 3's columns, so that one mark is good for both. */
export function markFate({ id, state, lane, reason }: Omit<FateRow, 'mark'>): Buffer {
  return sha256(JSON.stringify([id, state, lane, reason, null, null, null, null, null, ''])).subarray(0, bytes);
}

export function markRun({ first, last, head, leaves, place, proofs, held, received_at, epoch }: Omit<ReceivedRow, 'mark'>): Buffer {
  const text = JSON.stringify([first, last, head, place, proofs, held, received_at, epoch]);
  return sha256(text, leaves ?? Buffer.alloc(0)).subarray(0, bytes);
}
