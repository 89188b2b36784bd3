import type { Receipt } from '../../contract/receipt.ts';
import { InclusionProof } from '../../contract/receipt.ts';
import { base64url } from './chain.ts';
import { listFormer } from './former.ts';
import { markFate } from './marks.ts';
import type { RecordState, StoredReceipt, Stuck } from './outbox.ts';
import type { Parts, Room } from './room.ts';
import type { EntryRow, FateRow } from './rows.ts';
import { ordinalOf, place, placesOf } from './schema.ts';

export type Received = { txId: string; receipt: StoredReceipt };

/** Ends entries, as one transaction. What is not here, or has ended, is left as it is. */
export function markReceived({ headFile }: Parts, room: Room, items: readonly Received[]): void {
  const { sql, database } = room;
  const epoch = sql.meta.get('epoch') ?? null;
  const mark = database.transaction(() => {
    const receipts = new Map(items.map(({ txId, receipt }) => [txId, receipt]));
    const uses = new Map<number, number>();
    const rows = sql.unreceived.all(JSON.stringify([...receipts.keys()])).filter(({ id }) => id !== room.unvouched?.id);
    for (const { id, tx_id, lane } of rows) {
      const receipt = receipts.get(tx_id);
      if (!receipt) continue;
      const head = storeHead(room, receipt.head);
      uses.set(head, (uses.get(head) ?? 0) + 1);
      const [proof, held] = [JSON.stringify(receipt.proof), receipt.held ? 1 : 0];
      const fate = {
        id,
        lane,
        state: 'received' as const,
        reason: null,
        receipt: head,
        proof,
        held,
        received_at: receipt.receivedAt,
        epoch,
      };
      sql.receive.run(id, lane, head, proof, held, receipt.receivedAt, epoch, markFate(fate, receipt.head));
    }
    sql.dropAllWaiting.run(JSON.stringify(rows.map(({ id }) => id)));
    for (const [head, records] of uses) sql.useReceipt.run(records, head);
  });
  lightly(room, mark);
  headFile.writeHint({ generation: room.queue.generation, ...readSettled(room, room.queue.ordinal) });
}

/** One head stands under all records of a delivery: stored once. Whoever calls counts its uses. */
function storeHead(room: Room, head: string): number {
  const { sql, lastReceipt: last } = room;
  // Not there any more when its last record was let go, or waits again.
  if (last?.head === head && sql.receipt.get(last.id) === head) return last.id;
  const id = Number(sql.addReceipt.run(head).lastInsertRowid);
  room.lastReceipt = { id, head };
  return id;
}

/**
 * Without waiting for the disk: a power cut that forgets a receipt costs sending once more, and the same receipt comes
 * again. What the log holds before it is on disk first, and the next keeping takes all of it along.
 */
export function lightly(room: Room, work: { immediate(): void }): void {
  room.database.pragma('synchronous = NORMAL');
  try {
    work.immediate();
  } catch (error) {
    room.lastReceipt = null;
    throw error;
  } finally {
    room.database.pragma('synchronous = FULL');
  }
}

/** Up to where everything of a queue has a receipt, and up to where it was let go. */
export function readSettled({ sql, queue }: Room, ordinal: number): { settled: number; floor: number } {
  const range = placesOf(ordinal);
  const row = sql.queues.all().find((known) => known.ordinal === ordinal);
  const last = ordinal === queue.ordinal ? queue.sequence : (row?.sequence ?? 0);
  const open = [sql.firstWaiting.get(...range), sql.firstUnsettled.get(...range)].flatMap((id) => id ?? []);
  return { settled: Math.min(last, ...open.map((id) => id - place(ordinal, 0) - 1)), floor: row?.floor ?? 0 };
}

export function markStuck({ sql, database, unvouched }: Room, txId: string, reason: Stuck): void {
  const row = sql.entryByTx.get(txId);
  if (!row || row.id === unvouched?.id) return;
  database
    .transaction(() => {
      if (sql.dropWaiting.run(row.id).changes > 0) sql.setFate.run(withoutReceipt(row, 'stuck', reason));
    })
    .immediate();
}

export function decide(parts: Parts, room: Room, reference: string, decision: 'again' | 'aside'): void {
  const { sql, database } = room;
  const isMeant = (row: { reference: string }) => row.reference === reference;
  const change = database.transaction(() => {
    for (const row of sql.stuckEntries.all().filter(isMeant)) {
      if (decision === 'aside') {
        sql.setFate.run(withoutReceipt(row, 'aside', row.reason));
      } else if (row.reason !== 'damaged') {
        sql.dropFate.run(row.id);
        sql.addWaiting.run(row.id);
      }
    }
    for (const row of decision === 'aside' ? listFormer(parts, room).filter(isMeant) : []) {
      sql.dropWaiting.run(row.id);
      sql.setFate.run(withoutReceipt(row, 'aside', 'former_terminal'));
    }
  });
  change.immediate();
}

export function withoutReceipt({ id, lane }: Pick<EntryRow, 'id' | 'lane'>, state: 'stuck' | 'aside', reason: string | null): FateRow {
  const fate = { id, lane, state, reason, receipt: null, proof: null, held: null, received_at: null, epoch: null };
  return { ...fate, mark: markFate(fate, '') };
}

/** The middleware's, as last entered; empty before the first contact. */
export const readEpoch = ({ sql }: Room): string => sql.meta.get('epoch') ?? '';

/** The middleware was restored: all that is still kept waits again, a thousand at a time. */
export function enterEpoch(room: Room, epoch: string): void {
  const { sql, database } = room;
  if (sql.meta.get('epoch') === epoch) return;
  const step = database.transaction((after: number): number | null => {
    const rows = sql.receivedBefore.all(after, epoch, 1_000);
    for (const row of rows) {
      dropFate(room, row);
      sql.addWaiting.run(row.id);
    }
    const last = rows.at(-1);
    if (!last) {
      // What a backup had then may be what was lost now: the middleware says anew what its backups have.
      sql.forgetWatermarks.run();
      sql.setMeta.run('epoch', epoch);
    }
    return last?.id ?? null;
  });
  for (let after: number | null = 0; after !== null; ) after = step.immediate(after);
}

export function dropFate({ sql }: Room, { id, receipt }: Pick<FateRow, 'id' | 'receipt'>): void {
  sql.dropFate.run(id);
  if (receipt === null) return;
  sql.useReceipt.run(-1, receipt);
  sql.dropUnusedReceipt.run(receipt);
}

export function stateOf({ sql, unvouched }: Room, txId: string): RecordState | null {
  const id = sql.idByTx.get(txId) ?? null;
  if (id === null || id === unvouched?.id) return null;
  return sql.fate.get(id)?.state ?? 'waiting';
}

export function receiptOf({ identity }: Parts, room: Room, txId: string): Receipt | null {
  const row = room.sql.entryByTx.get(txId);
  const fate = row && room.sql.fate.get(row.id);
  const head = fate?.receipt == null ? undefined : room.sql.receipt.get(fate.receipt);
  const proof = InclusionProof.safeParse(JSON.parse(fate?.proof ?? 'null'));
  if (!row || !head || !proof.success) return null;
  const { reference, generation, sequence } = row;
  const terminal = room.owners.get(ordinalOf(row.id))?.terminal ?? identity.terminal;
  return {
    leaf: { txId, reference, terminal, generation, sequence, record: base64url(row.record), held: fate?.held === 1 },
    proof: proof.data,
    head,
  };
}
