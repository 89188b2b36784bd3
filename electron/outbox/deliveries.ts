import { isWhole, linkChain, sameBytes } from './chain.ts';
import { DamagedQueue } from './inspect.ts';
import { markEntry } from './marks.ts';
import type { Delivery, WaitingRecord } from './outbox.ts';
import { hidden, type Parts, type Room } from './room.ts';
import { type EntryRow, toRecord } from './rows.ts';
import { ordinalOf } from './schema.ts';

export type Limit = { records: number; bytes: number };
const liveMs = 60_000;

/** What to send next: what was kept in the last minute and not yet tried, then the oldest. Null: nothing may go now. */
export function nextDelivery(parts: Parts, room: Room, limit: Limit): Delivery | null {
  const ticks = parts.clock.ticks();
  room.live = room.live.filter(({ id, ticks: kept }) => ticks - kept <= liveMs && room.sql.isWaiting.get(id) !== undefined);
  const blocked = readBlocked(room);
  for (const { id } of room.live) {
    const live = takeRun(parts, room, id, limit, blocked);
    if (live) return handOut(room, 'live', live);
  }
  const oldest = findOldest(parts, room, 0, blocked);
  const run = oldest === null ? null : takeRun(parts, room, oldest, limit, blocked);
  return run && handOut(room, 'backlog', run);
}

/** All that waits and may go, as deliveries. */
export function allDeliveries(parts: Parts, room: Room, limit: Limit): Delivery[] {
  const blocked = readBlocked(room);
  const found: Delivery[] = [];
  for (let at = findOldest(parts, room, 0, blocked); at !== null; ) {
    const run = takeRun(parts, room, at, limit, blocked);
    if (!run) break;
    found.push({ kind: 'backlog', records: run.records });
    at = findOldest(parts, room, run.last, blocked);
  }
  return found;
}

type Run = { records: Delivery['records']; ids: number[]; last: number };

function handOut(room: Room, kind: Delivery['kind'], { records, ids }: Run): Delivery {
  room.live = room.live.filter(({ id }) => !ids.includes(id));
  return { kind, records };
}

/** The first stuck record of each lane: what comes after it waits. */
type Blocked = Map<string, number>;
const readBlocked = ({ sql }: Room): Blocked => new Map(sql.stuckLanes.all().map(({ lane, id }) => [lane, id]));
const isBlocked = (blocked: Blocked, { lane, id }: { lane: string; id: number }): boolean => (blocked.get(lane) ?? id) < id;

/** Records of a terminal that this one was before are not for its certificate to send: an operator exports them. */
const isSent = (parts: Parts, room: Room, id: number): boolean =>
  id !== hidden(room) && room.owners.get(ordinalOf(id))?.terminal === parts.identity.terminal;

function findOldest(parts: Parts, room: Room, after: number, blocked: Blocked): number | null {
  const page = 100;
  for (let from = after; ; ) {
    const rows = room.sql.waitingAfter.all(from, page);
    const free = rows.find((row) => isSent(parts, room, row.id) && !isBlocked(blocked, row));
    if (free) return free.id;
    const last = rows.at(-1);
    if (!last || rows.length < page) return null;
    from = last.id;
  }
}

/** Consecutive records from this one on. A record that is stuck, received or in a blocked lane ends the run. */
function takeRun(parts: Parts, room: Room, from: number, limit: Limit, blocked: Blocked): Run | null {
  const rows: EntryRow[] = [];
  let bytes = 0;
  for (const row of room.sql.waitingRows.iterate(from)) {
    bytes += lengthOnLine(row);
    const before = rows.at(-1);
    if (row.id !== (before ? before.id + 1 : from) || !isSent(parts, room, row.id) || isBlocked(blocked, row)) break;
    if (before && (bytes > limit.bytes || rows.length >= limit.records)) break;
    assertSound(room, row, before);
    rows.push(row);
  }
  const [first, ...rest] = rows.map((row) => toRecord(row) satisfies WaitingRecord);
  const last = rows.at(-1);
  return first && last ? { records: [first, ...rest], ids: rows.map(({ id }) => id), last: last.id } : null;
}

/** Base64 makes three bytes four; the other attributes of an event take some 700. */
const lengthOnLine = (row: EntryRow): number => Math.ceil(row.ciphertext.length / 3) * 4 + 800;

/** Right before it goes: the bytes are what was kept, and follow what was kept before. Throws `DamagedQueue`. */
export function assertSound(room: Room, row: EntryRow, before: EntryRow | undefined): void {
  const owner = room.owners.get(ordinalOf(row.id));
  const sound =
    owner !== undefined &&
    sameBytes(row.mark, markEntry(row)) &&
    isWhole(toRecord(row), owner) &&
    (before?.id !== row.id - 1 || sameBytes(linkChain(before.previous, before.record), row.previous));
  if (!sound) throw new DamagedQueue('record');
}
