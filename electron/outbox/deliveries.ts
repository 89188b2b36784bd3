import { bytesInBatch } from '../../contract/wire.ts';
import { isLinked, isWhole } from './chain.ts';
import { DamagedQueue } from './damage.ts';
import { isFormer, listFormer } from './former.ts';
import { isMarked } from './marks.ts';
import type { Carried, Delivery, WaitingRecord } from './outbox.ts';
import { hidden, type Parts, type Room } from './room.ts';
import { type EntryRow, type PackedRow, toRecord, unpack } from './rows.ts';
import { ordinalOf } from './schema.ts';

export type Limit = { records: number; bytes: number };
const liveMs = 60_000;

/** What to send next: what was kept in the last minute and not yet tried, then the oldest. Null: nothing may go now. */
export function nextDelivery(parts: Parts, room: Room, limit: Limit): Delivery | null {
  const ticks = parts.clock.ticks();
  room.live = room.live.filter(({ id, ticks: kept }) => ticks - kept <= liveMs && room.sql.isWaiting.get(id) !== undefined);
  const blocked = readBlocked(parts, room);
  const maySend = (row: EntryRow) => isSent(parts, room, row.id) && !isBlocked(blocked, row);
  for (const { id } of room.live) {
    const live = takeRun(room, room.sql.waitingRows.iterate(id), {
      from: id,
      limit,
      mayGo: (row) => maySend(row) && isFirst(room, row, id),
    });
    if (live) return handOut(room, 'live', live);
  }
  const oldest = findOldest(parts, room, blocked);
  const run = oldest === null ? null : takeRun(room, room.sql.waitingRows.iterate(oldest), { from: oldest, limit, mayGo: maySend });
  return run && handOut(room, 'backlog', run);
}

/** What goes after a delivery that is under way, should all of that one be taken. Null: nothing, or somebody waits for another. */
export function followingDelivery(parts: Parts, room: Room, { records }: Pick<Delivery, 'records'>, limit: Limit): Delivery | null {
  const last = records.at(-1) ?? records[0];
  const after = room.sql.idByTx.get(last.txId);
  if (room.live.length > 0 || after == null) return null;
  const blocked = readBlocked(parts, room);
  const from = findOldest(parts, room, blocked, after);
  if (from === null) return null;
  const mayGo = (row: EntryRow) => isSent(parts, room, row.id) && !isBlocked(blocked, row);
  const run = takeRun(room, room.sql.waitingRows.iterate(from), { from, limit, mayGo });
  return run && { kind: 'backlog', records: run.records };
}

/**
 * The first of what has not ended after `after`, as it would go over the line; null: there is no more. Who carries it need
 * not mind lanes or standing: whoever receives it does.
 */
export function carryNext(room: Room, after: number, limit: Limit): { carried: Carried; last: number } | null {
  const rows = room.sql.unended.all(after, after, limit.records + 2);
  const from = rows.find(({ id }) => id !== hidden(room))?.id ?? null;
  const run = from === null ? null : takeRun(room, rows, { from, limit, mayGo: ({ id }) => id !== hidden(room) });
  const terminal = from === null ? undefined : room.owners.get(ordinalOf(from))?.terminal;
  if (!run || terminal === undefined) return null;
  return { carried: { terminal, records: run.records }, last: run.ids.at(-1) ?? after };
}

type Run = { records: Delivery['records']; ids: number[] };

function handOut(room: Room, kind: Delivery['kind'], { records, ids }: Run): Delivery {
  room.live = room.live.filter(({ id }) => !ids.includes(id));
  return { kind, records };
}

/** The first of each lane that waits for a person: what comes after it waits. */
type Blocked = Map<string, number>;

function readBlocked(parts: Parts, room: Room): Blocked {
  const blocked: Blocked = new Map();
  for (const { lane, id } of [...room.sql.stuckLanes.all(), ...listFormer(parts, room)]) {
    blocked.set(lane, Math.min(id, blocked.get(lane) ?? id));
  }
  return blocked;
}

const isBlocked = (blocked: Blocked, { lane, id }: { lane: string; id: number }): boolean => (blocked.get(lane) ?? id) < id;

const isSent = (parts: Parts, room: Room, id: number): boolean => id !== hidden(room) && !isFormer(parts, room, id);

/** Whether it may go before older ones: not where one of its own lane would be overtaken by the run that begins at `from`. */
function isFirst({ live, sql }: Room, { id, lane }: EntryRow, from: number): boolean {
  return live.some((one) => one.id === id && one.ownLane) || sql.waitsEarlier.get(lane, from) === undefined;
}

function findOldest(parts: Parts, room: Room, blocked: Blocked, after = 0): number | null {
  for (const row of room.sql.waitingLanes.iterate(after)) if (isSent(parts, room, row.id) && !isBlocked(blocked, row)) return row.id;
  return null;
}

/** Consecutive records from `from` on, as many as a request carries, and never less than one. */
function takeRun(
  room: Room,
  source: Iterable<PackedRow>,
  { from, limit, mayGo }: { from: number; limit: Limit; mayGo(row: EntryRow): boolean },
): Run | null {
  const ids: number[] = [];
  const records: WaitingRecord[] = [];
  let bytes = 0;
  let before: EntryRow | undefined;
  for (const packed of source) {
    if (packed.id < from) continue;
    const row = unpack(packed);
    bytes += bytesInBatch(row);
    if (row.id !== (before ? before.id + 1 : from) || !mayGo(row)) break;
    if (before && (bytes > limit.bytes || ids.length >= limit.records)) break;
    records.push(assertSound(room, row, before));
    ids.push(row.id);
    before = row;
  }
  const [first, ...rest] = records;
  return first && before ? { records: [first, ...rest], ids } : null;
}

/** Right before it goes: the bytes are what was kept, and follow what was kept before. Throws `DamagedQueue`. */
export function assertSound(room: Room, row: EntryRow, before: EntryRow | undefined): WaitingRecord {
  const record = toRecord(row);
  const owner = room.owners.get(ordinalOf(row.id));
  const sound =
    owner !== undefined && isMarked(row) && isWhole(record, owner) && (before?.id !== row.id - 1 || isLinked(before, row.previous));
  if (!sound) throw new DamagedQueue('record');
  return record;
}
