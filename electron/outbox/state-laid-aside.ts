import { base64url } from './chain.ts';
import { isFormer } from './former.ts';
import { isStated, mostRanges, stateLoss } from './loss.ts';
import { beginQueue, makeGeneration, ownerOf, type Parts, type Room, writeHead } from './room.ts';
import type { QueueRow } from './rows.ts';
import { ordinalOf, place } from './schema.ts';
import { beginAside, type Lost, laidAside, listAside, writeStatements } from './set-aside.ts';

/**
 * States the places of what was laid aside: nobody will send it, and the middleware takes nothing after a gap for linked, so
 * that no backup would ever cover what was kept later. A statement closes its queue, so where that is the one that is kept
 * into, a new one begins. What a crash left unstated is found at the next start, by looking again.
 */
export function stateLaidAside(parts: Parts, room: Room): void {
  const places = findUnstated(parts, room);
  if (places.size === 0) return;
  if (places.has(room.queue.ordinal)) {
    beginQueue(parts, room, { ordinal: room.queue.ordinal + 1, generation: makeGeneration(parts) });
    writeHead(parts, room, null);
  }
  const queues = room.sql.queues.all();
  for (const queue of queues) {
    const sequences = places.get(queue.ordinal);
    const successor = queues.find(({ ordinal }) => ordinal > queue.ordinal);
    if (sequences && successor) writeDown(parts, room, toLost(parts, queue, sequences), successor);
  }
}

/** By queue. What the disk damaged was stated when that was found; for a former name this terminal cannot speak. */
function findUnstated(parts: Parts, room: Room): Map<number, number[]> {
  const stated = listAside(parts.folder).flatMap(({ statements }) => statements ?? []);
  const generations = new Map(room.sql.queues.all().map(({ ordinal, generation }) => [ordinal, generation]));
  const places = new Map<number, number[]>();
  for (const id of room.sql.asideIds.all()) {
    const ordinal = ordinalOf(id);
    const sequence = id - place(ordinal, 0);
    const generation = generations.get(ordinal);
    if (generation === undefined || isFormer(parts, room, id) || isStated(stated, generation, sequence)) continue;
    places.set(ordinal, [...(places.get(ordinal) ?? []), sequence]);
  }
  return places;
}

/** Its head as every statement before said it: two about one queue that differ are taken for two copies of this disk. */
function toLost({ folder }: Parts, queue: QueueRow, sequences: readonly number[]): Lost {
  const { ordinal, generation, floor } = queue;
  const said = listAside(folder).flatMap(({ statements }) => (statements ?? []).filter(({ claims }) => claims.generation === generation));
  const { head } = said.find(({ claims }) => claims.head !== null)?.claims ?? { head: null };
  const { sequence, chain } = head ?? { sequence: queue.sequence, chain: base64url(queue.chain) };
  const settled = queue.sequence;
  const missing: Lost['missing'] = sequences.slice(0, mostRanges).map((each) => [each, each]);
  return { ordinal, generation, sequence, chain, owner: ownerOf(queue), headKnown: true, floor, settled, missing };
}

/** A folder as for a loss, without files. */
function writeDown({ folder, identity, clock, log }: Parts, room: Room, queue: Lost, { ordinal, generation }: QueueRow): void {
  const at = clock.wall().toISOString();
  const aside = beginAside(folder, { why: laidAside, at, successor: { ordinal, generation }, queues: [queue] });
  writeStatements(aside, [stateLoss(identity, { queue, missing: queue.missing ?? [], loss: aside.loss })]);
  room.sql.setSalvaged.run(aside.name);
  log('aside_stated', { records: queue.missing?.length ?? 0 });
}
