import type { Parts, Room } from './room.ts';
import { refresh } from './room.ts';
import { place, placesOf } from './schema.ts';
import { lightly, readSettled } from './settle.ts';

export type Covered = { generation: string; backedUp: number };

/** Rows in one transaction, and in one call: a full disk has room for a small one, and nobody waits for a large one. */
const rowsAtOnce = 5;
const rowsPerCall = 250;
const dayMs = 24 * 3600_000;

/**
 * Lets go what a backup of the middleware has and whose days are over. A clock that is wrong by years lets it go early or
 * late, and never what no backup has.
 */
export function cover(parts: Parts, room: Room, news: readonly Covered[]): void {
  const queues = room.sql.queues.all();
  for (const { generation, backedUp } of news) {
    const queue = queues.find((known) => known.generation === generation);
    if (!queue) continue;
    // Not further than what was kept here, whatever the middleware says.
    const upTo = Math.min(Math.max(backedUp, queue.backed_up), queue.sequence);
    // Said again at the next contact, should a power cut forget it.
    if (upTo > queue.backed_up) lightly(room, () => room.sql.setBackedUp.run(upTo, queue.ordinal));
    if (upTo > queue.floor) letGo(parts, room, queue.ordinal, upTo);
  }
  const { ordinal, generation } = room.queue;
  parts.headFile.writeHint({ generation, ...readSettled(room, ordinal) });
}

function letGo(parts: Parts, room: Room, ordinal: number, upTo: number): void {
  const oldest = new Date(parts.clock.wall().getTime() - parts.keepDays * dayMs).toISOString();
  const { sql, database } = room;
  const step = database.transaction((): number => {
    const end = place(ordinal, upTo);
    const rows = sql.firstReceived.all(placesOf(ordinal)[0], end, end, rowsAtOnce);
    const over = rows.filter(({ received_at }) => received_at <= oldest);
    for (const { id } of over) sql.dropEntry.run(id);
    for (const first of new Set(over.map((row) => row.first))) sql.dropReceivedWithoutEntries.run(first);
    const last = over.at(-1);
    if (last) sql.raiseFloor.run(last.id - place(ordinal, 0), ordinal);
    return over.length;
  });
  for (let gone = 0; gone < rowsPerCall; ) {
    const more = step.immediate();
    if (more < rowsAtOnce) break;
    gone += more;
  }
  refresh(room);
}
