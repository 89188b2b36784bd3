import { listFormer } from './former.ts';
import { markFate } from './marks.ts';
import type { Stuck } from './outbox.ts';
import type { Parts, Room } from './room.ts';
import type { EntryRow, FateRow, RowInList } from './rows.ts';
import { stateLaidAside } from './state-laid-aside.ts';

export function markStuck({ sql, database, unvouched }: Room, txId: string, reason: Stuck): void {
  const row = sql.entryByTx.get(txId);
  if (!row || row.id === unvouched?.id) return;
  database
    .transaction(() => {
      if (sql.dropWaiting.run(row.id).changes > 0) sql.setFate.run(withoutReceipt(row, 'stuck', reason));
    })
    .immediate();
}

/**
 * A person's decision about what waits for one. What is laid aside leaves a place that the middleware would wait at for ever:
 * that is stated. @returns of how many records it was heard
 */
export function decide(parts: Parts, room: Room, reference: string, decision: 'again' | 'aside'): number {
  const isMeant = (row: { reference: string }) => row.reference === reference;
  const change = room.database.transaction((): number => {
    const stuck = room.sql.stuckEntries.all().filter(isMeant);
    if (decision === 'aside') return layAside(room, stuck) + layFormerAside(room, listFormer(parts, room).filter(isMeant));
    return tryAgain(
      room,
      stuck.filter(({ reason }) => reason !== 'damaged'),
    );
  });
  const changed = change.immediate();
  if (changed > 0 && decision === 'aside') stateLaidAside(parts, room);
  return changed;
}

function tryAgain({ sql }: Room, rows: readonly EntryRow[]): number {
  for (const { id } of rows) {
    sql.dropFate.run(id);
    sql.addWaiting.run(id);
  }
  return rows.length;
}

function layAside({ sql }: Room, rows: readonly (EntryRow & { reason: string })[]): number {
  for (const row of rows) sql.setFate.run(withoutReceipt(row, 'aside', row.reason));
  return rows.length;
}

function layFormerAside({ sql }: Room, rows: readonly RowInList[]): number {
  for (const row of rows) {
    sql.dropWaiting.run(row.id);
    sql.setFate.run(withoutReceipt(row, 'aside', 'former_terminal'));
  }
  return rows.length;
}

export function withoutReceipt({ id, lane }: Pick<EntryRow, 'id' | 'lane'>, state: 'stuck' | 'aside', reason: string | null): FateRow {
  const fate = { id, lane, state, reason };
  return { ...fate, mark: markFate(fate) };
}
