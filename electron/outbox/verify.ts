import { isSigned, sameBytes } from './chain.ts';
import { DamagedQueue } from './damage.ts';
import { assertSound } from './deliveries.ts';
import { markFate } from './marks.ts';
import type { Room } from './room.ts';
import { type EntryRow, type QueueRow, toRecord, unpack } from './rows.ts';
import { ordinalOf, place } from './schema.ts';
import { findRun, readRun } from './settle.ts';

const rowsAtOnce = 16;

/**
 * Looks at every row once, a few at a time: its bytes, its place in the chain, that none is missing, and that it stands
 * in exactly one list. Throws `DamagedQueue`.
 */
export function* verifyAll(room: Room): Generator<void> {
  const upTo = place(room.queue.ordinal, room.queue.sequence);
  const last = new Map<number, number>();
  const owned = new Set<number>();
  let at = 0;
  let before: EntryRow | undefined;
  let run: Run | null = null;
  for (;;) {
    const queues = new Map(room.sql.queues.all().map((queue) => [queue.ordinal, queue]));
    const rows = room.sql.entriesAfter.all(at, upTo, rowsAtOnce).map(unpack);
    for (const row of rows) {
      const ordinal = ordinalOf(row.id);
      assertNoHole(queues.get(ordinal), last.get(ordinal) ?? 0, row.sequence);
      run = verifyRun(room, row.id, run);
      const sound = verifyRow(room, row, { before, received: run !== null });
      if (sound && !owned.has(ordinal)) assertOwned(room, row);
      if (sound) owned.add(ordinal);
      last.set(ordinal, row.sequence);
      at = row.id;
      before = sound ? row : undefined;
    }
    if (rows.length === 0) {
      for (const queue of queues.values()) {
        const end = queue.ordinal === ordinalOf(upTo) ? upTo - place(queue.ordinal, 0) : queue.sequence;
        assertNoHole(queue, last.get(queue.ordinal) ?? 0, end + 1);
      }
      return;
    }
    yield;
  }
}

type Run = NonNullable<ReturnType<typeof findRun>>;

/** Those that are received together are looked at once; `known` was. */
function verifyRun(room: Room, id: number, known: Run | null): Run | null {
  const run = findRun(room, id);
  if (run === null || run.first === known?.first) return run;
  readRun(room, run);
  if (room.sql.spanBefore.get(run.last)?.first !== run.first) throw new DamagedQueue('received');
  return run;
}

/** False: it is known to be damaged, and what comes after it cannot be held against it. */
function verifyRow(room: Room, row: EntryRow, { before, received }: { before: EntryRow | undefined; received: boolean }): boolean {
  if (row.id !== place(ordinalOf(row.id), row.sequence)) throw new DamagedQueue('place');
  const fate = room.sql.fate.get(row.id);
  const waits = room.sql.isWaiting.get(row.id) !== undefined;
  if (Number(waits) + Number(fate !== undefined) + Number(received) !== 1) throw new DamagedQueue('standing');
  if (room.sql.idByTx.get(row.tx_id) !== row.id) throw new DamagedQueue('index');
  if (fate?.state === 'stuck' && !room.sql.isIndexedStuck.get(fate.lane, row.id)) throw new DamagedQueue('index');
  if (fate?.state === 'stuck' && fate.reason === 'damaged') return false;
  assertSound(room, row, before);
  if (fate && !sameBytes(fate.mark, markFate(fate))) throw new DamagedQueue('fate');
  return true;
}

/** Whose the queue is stands in no hash: the signature of one of its records says it. */
function assertOwned({ owners }: Room, row: EntryRow): void {
  const owner = owners.get(ordinalOf(row.id));
  if (!owner || !isSigned(toRecord(row), owner)) throw new DamagedQueue('owner');
}

function assertNoHole(queue: QueueRow | undefined, before: number, next: number): void {
  if (queue === undefined) throw new DamagedQueue('queue');
  if (next > before + 1 && next - 1 > queue.floor && queue.gaps === 0) throw new DamagedQueue('hole');
}
