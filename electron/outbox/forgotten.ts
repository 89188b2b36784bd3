import type { Parts, Room } from './room.ts';
import type { QueueRow, ReceivedRow } from './rows.ts';
import { place, placesOf } from './schema.ts';
import { listAside, unhear } from './set-aside.ts';
import { findRun, readRun } from './settle.ts';

type Linked = { generation: string; linked: number };

/** In one transaction, and at one look: weeks of a terminal. The rest comes with the next looks. */
const rowsAtOnce = 250;
const rowsPerLook = 1_000;

/**
 * The middleware waits for a record for which it gave a receipt: its database was put back from a backup, and nobody said so.
 * What came after that place waits again, and what was stated about that queue is stated again. Once for each place: what the
 * same words bring a second time, a third would not mend.
 */
export function noticeForgotten(parts: Parts, room: Room, listed: readonly Linked[]): void {
  const queues = new Map(room.sql.queues.all().map((queue) => [queue.generation, queue]));
  for (const { generation, linked } of listed) {
    const queue = queues.get(generation);
    if (!queue || room.waitedFor.get(generation) === linked || !isForgotten(parts, room, queue, linked)) continue;
    room.waitedFor.set(generation, linked);
    unhear(parts.folder, generation);
    const records = waitAgain(room, queue, place(queue.ordinal, Math.max(linked, queue.floor) + 1));
    parts.log('receipts_forgotten', { records });
  }
}

/** Behind what it has come the places that are stated as gone, and then one that has a receipt. Of what is held no place is told. */
function isForgotten({ folder }: Parts, room: Room, { ordinal, generation, floor }: QueueRow, linked: number): boolean {
  const epoch = room.sql.meta.get('epoch') ?? null;
  const heard = listAside(folder)
    .flatMap(({ statements }) => statements ?? [])
    .filter(({ claims, heardIn }) => claims.generation === generation && heardIn === epoch)
    .flatMap(({ claims }) => claims.missing);
  let next = Math.max(linked, floor) + 1;
  const covers = ([first, last]: [number, number]) => first <= next && next <= last;
  for (let gone = heard.find(covers); gone; gone = heard.find(covers)) next = gone[1] + 1;
  const run = findRun(room, place(ordinal, next));
  return run !== null && readRun(room, run).held === 0;
}

/** Runs as a whole: a repeat gets its receipt again. @returns how many records */
function waitAgain(room: Room, { ordinal }: QueueRow, from: number): number {
  const { sql } = room;
  const end = placesOf(ordinal)[1];
  const step = (at: number): Pick<ReceivedRow, 'last'> | null => {
    let last: Pick<ReceivedRow, 'last'> | null = null;
    let rows = 0;
    for (const run of sql.receivedFrom.all(at, end, rowsAtOnce)) {
      rows += run.last - run.first + 1;
      if (last !== null && rows > rowsAtOnce) break;
      sql.dropReceived.run(run.first);
      records += sql.waitAgain.run(run.first, run.last).changes;
      last = run;
    }
    return last;
  };
  let records = 0;
  let reached: Pick<ReceivedRow, 'last'> | null = { last: (findRun(room, from)?.first ?? from) - 1 };
  while (reached !== null && records < rowsPerLook) {
    const at: number = reached.last + 1;
    sql.inTransaction.immediate(() => {
      reached = step(at);
    });
  }
  return records;
}
