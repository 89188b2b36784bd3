import { type Cell, readCells } from './cells.ts';
import { findOwner, linkChain, type Owner, type ProvenRecord, sameBytes } from './chain.ts';
import { withoutReceipt } from './decisions.ts';
import { findMissing, stateLoss } from './loss.ts';
import { markEntry, markFate } from './marks.ts';
import { type PageSource, readPages } from './pages.ts';
import { toEntryRow, toFateRow } from './read-cell.ts';
import { ownerOf, type Parts, type Room, refresh, writeHead } from './room.ts';
import { type EntryRow, toRecord, unpack } from './rows.ts';
import { ordinalOf, place, placesOf } from './schema.ts';
import { type Aside, asideFiles, type Lost, listLaidAside, listStatedLosses, writeStatements } from './set-aside.ts';
import { findRun } from './settle.ts';

const pagesAtOnce = 8;
const mostDamaged = 500;

type Work = {
  parts: Parts;
  room: Room;
  aside: Aside;
  owners: Owner[];
  queues: Map<string, Lost>;
  /** Places for which more than one signed record was found: a try that was taken back, and what took its place. */
  contested: Map<number, EntryRow[]>;
  damaged: Map<number, EntryRow>;
  laidAside: Map<string, Set<number>>;
  found: number;
};

/**
 * Takes every record that is still whole out of files that were set aside, each proven by its hash and the terminal's
 * signature; then says what is missing. Yields between small steps.
 */
export function* salvage(parts: Parts, room: Room, aside: Aside): Generator<void> {
  const files = asideFiles(aside);
  const work = prepare(parts, room, aside);
  const sources = readPages(files.database, files.log);
  try {
    yield* readEach(sources, (cell) => takeEntry(work, cell));
    settleContested(work);
    yield* dropLeftovers(work);
    yield* readEach(sources, (cell) => takeFate(work, cell));
  } finally {
    for (const source of sources) source.close();
  }
  state(work);
}

function prepare(parts: Parts, room: Room, aside: Aside): Work {
  const rows = room.sql.queues.all();
  const queues = new Map(aside.loss.queues.map((queue) => [queue.generation, queue]));
  for (const queue of queues.values()) addQueue(room, queue);
  const { terminal, publicJwk: jwk } = parts.identity;
  const owners = [{ terminal, jwk }, ...aside.loss.queues.map(({ owner }) => owner), ...rows.map(ownerOf)];
  const distinct = new Map(owners.map((owner) => [`${owner.terminal} ${owner.jwk.x} ${owner.jwk.y}`, owner]));
  const laidAside = listLaidAside(parts.folder);
  return { parts, room, aside, owners: [...distinct.values()], queues, contested: new Map(), damaged: new Map(), laidAside, found: 0 };
}

function* readEach(sources: readonly PageSource[], take: (cell: Cell) => void): Generator<void> {
  let pages = 0;
  for (const source of sources)
    for (const page of source.pages()) {
      for (const cell of readCells(page, source.versions)) take(cell);
      pages += 1;
      if (pages % pagesAtOnce === 0) yield;
    }
}

function takeEntry(work: Work, cell: Cell): void {
  const { room, queues } = work;
  const read = toEntryRow(cell);
  if (!read) return;
  const known = queues.get(read.generation);
  const id = place(known?.ordinal ?? ordinalOf(cell.rowid), read.sequence);
  // Beyond the head nobody was told of it; it may be a try that was taken back.
  if (known?.headKnown && read.sequence > known.sequence) return;
  const there = room.sql.entry.get(id);
  if (there && sameBytes(there.record, read.record) && sameBytes(there.signature, read.signature)) return;
  const record: ProvenRecord = toRecord(read);
  const owner = findOwner(record, work.owners);
  const row = { ...read, id, form: hasOwnMark(read, cell.rowid) ? read.form : 'unknown' };
  if (!owner) {
    if (known && work.damaged.size < mostDamaged) work.damaged.set(id, row);
    return;
  }
  if (!known && !admitQueue(work, read.generation, cell.rowid, owner)) return;
  if (known) correctOwner(work, known, owner);
  if (there) work.contested.set(id, [...(work.contested.get(id) ?? [there]), row]);
  else insert(work, row);
}

const hasOwnMark = (row: Omit<EntryRow, 'id'>, rowid: number): boolean => sameBytes(row.mark, markEntry({ ...row, id: rowid }));

/** A queue of which neither head file nor database could tell any more. */
function admitQueue({ room, queues }: Work, generation: string, rowid: number, owner: Owner): boolean {
  const ordinal = ordinalOf(rowid);
  const taken = room.sql.queues.all().find((queue) => queue.ordinal === ordinal || queue.generation === generation);
  if (ordinal >= room.queue.ordinal || (taken && taken.generation !== generation)) return false;
  const queue: Lost = { ordinal, generation, sequence: 0, chain: '', owner, floor: 0, settled: 0, headKnown: false };
  if (!taken) addQueue(room, queue);
  queues.set(generation, queue);
  return true;
}

/** Whose a queue is, its records say with a signature; what told it may have been damaged itself. */
function correctOwner({ room: { sql } }: Work, known: Lost, owner: Owner): void {
  const { terminal, jwk } = known.owner;
  if (terminal === owner.terminal && jwk.x === owner.jwk.x && jwk.y === owner.jwk.y) return;
  sql.setOwner.run(owner.terminal, owner.jwk.x, owner.jwk.y, known.ordinal);
  known.owner = owner;
}

/** Of such a queue, what was found last is all that is known of how far it had come. */
function measureQueue({ sql }: Room, { ordinal, headKnown }: Lost): void {
  const [first, last] = placesOf(ordinal);
  const newest = headKnown ? undefined : sql.newestEntry.get(first, last);
  const known = sql.queues.all().find((queue) => queue.ordinal === ordinal);
  if (newest && known && newest.sequence > known.sequence) {
    sql.moveQueue.run(newest.sequence, linkChain(newest.previous, newest.record), ordinal);
  }
}

function addQueue({ sql, queue: { ordinal: current } }: Room, { ordinal, generation, owner, sequence, chain }: Lost): void {
  const taken = sql.queues.all().some((row) => row.ordinal === ordinal || row.generation === generation);
  if (taken || ordinal >= current) return;
  const { terminal, jwk } = owner;
  const bytes = chain === '' ? Buffer.alloc(32) : Buffer.from(chain, 'base64url');
  sql.addQueue.run({ ordinal, generation, terminal, x: jwk.x, y: jwk.y, sequence, chain: bytes, gaps: 1, closed: 1 });
}

function insert(work: Work, row: EntryRow): void {
  const { sql, database } = work.room;
  if (sql.entryByTx.get(row.tx_id)) return;
  const add = database.transaction(() => {
    sql.addEntry.run({ ...row, mark: markEntry(row) });
    // It had been let go from among those that it was received with.
    if (findRun(work.room, row.id)) return;
    // A statement says that it never comes: so it waits at no moment, whatever is left of the row that said so.
    if (work.laidAside.get(row.generation)?.has(row.sequence)) sql.setFate.run(withoutReceipt(row, 'aside', null));
    else sql.addWaiting.run(row.id);
  });
  add.immediate();
  work.found += 1;
}

/** The one that what comes after it, or the head, was chained to. Where nobody knows, none is sent: it would be a fork. */
function settleContested(work: Work): void {
  const { sql } = work.room;
  for (const [id, rows] of work.contested) {
    const next = sql.entry.get(id + 1)?.previous;
    const last = [...work.queues.values()].find(({ ordinal, sequence, headKnown }) => headKnown && place(ordinal, sequence) === id);
    const chain = next ?? (last && Buffer.from(last.chain, 'base64url'));
    drop(sql, id);
    const right = rows.find((row) => chain && sameBytes(linkChain(row.previous, row.record), chain));
    if (right) insert(work, right);
  }
}

/** A signed record that nothing was chained to was taken back: nobody was told that it was kept, so it is not sent. */
function* dropLeftovers({ room: { sql }, queues }: Work): Generator<void> {
  for (const { ordinal, sequence, chain, headKnown } of queues.values()) {
    const [first, last] = placesOf(ordinal);
    let before: EntryRow | undefined;
    for (let rows = sql.entriesAfter.all(first, last, pagesAtOnce).map(unpack); rows.length > 0; ) {
      for (const row of rows.filter(({ id }) => sql.fate.get(id)?.reason !== 'damaged')) {
        if (before?.id === row.id - 1 && !sameBytes(linkChain(before.previous, before.record), row.previous)) drop(sql, before.id);
        before = row;
      }
      rows = sql.entriesAfter.all(rows.at(-1)?.id ?? last, last, pagesAtOnce).map(unpack);
      yield;
    }
    const isHead = headKnown && before?.sequence === sequence;
    if (before && isHead && linkChain(before.previous, before.record).toString('base64url') !== chain) drop(sql, before.id);
  }
}

function drop(sql: Room['sql'], id: number): void {
  sql.dropWaiting.run(id);
  sql.dropFate.run(id);
  sql.dropEntry.run(id);
}

/** What a person decided, or has to decide, is remembered. All else is sent again: a repeat gets its receipt again. */
function takeFate({ room: { sql, database } }: Work, cell: Cell): void {
  const read = toFateRow(cell);
  if (!read || !sameBytes(read.mark, markFate(read))) return;
  const change = database.transaction(() => {
    // Only what waits: it may have been received while this was read. Older pages say what it was before it was laid aside.
    const isOlder = read.state === 'aside' && sql.fate.get(read.id)?.state === 'stuck';
    if (sql.dropWaiting.run(read.id).changes === 0 && !isOlder) return;
    sql.setFate.run(withoutReceipt(read, read.state === 'aside' ? 'aside' : 'stuck', read.reason));
  });
  change.immediate();
}

/** The last step: what is missing is written down and signed, after what was found is on disk for good. */
function state({ parts, room, aside, queues, damaged, found }: Work): void {
  const stated = listStatedLosses(parts.folder);
  const all = [...queues.values()].map((queue) => ({ queue, missing: queue.missing ?? missingOf(room, queue) }));
  const current = aside.loss.queues.at(-1)?.generation;
  const statements = all
    .filter(({ queue }) => !stated.has(queue.generation))
    .filter(({ queue, missing }) => missing.length > 0 || queue.generation === current || !queue.headKnown)
    .map(({ queue, missing }) => stateLoss(parts.identity, { queue: withFoundHead(room, queue), missing, loss: aside.loss }));
  for (const row of damaged.values()) keepDamaged(room, row);
  for (const queue of queues.values()) measureQueue(room, queue);
  refresh(room);
  room.database.pragma('wal_checkpoint(TRUNCATE)');
  // Should this file be lost too, the head file knows of the queues that were salvaged into it.
  const { ordinal, sequence } = room.queue;
  writeHead(parts, room, room.sql.entry.get(place(ordinal, sequence)) ?? null);
  if (aside.statements === null) writeStatements(aside, statements);
  room.sql.setSalvaged.run(aside.name);
  const lost = statements.reduce((sum, { lost: count }) => sum + count, 0);
  parts.log('queue_salvaged', { records: found, lost });
}

/** Where nothing told how far a queue had come: up to what was found. What is salvaged must not lie behind where it was closed. */
function withFoundHead({ sql }: Room, queue: Lost): Lost {
  const newest = queue.headKnown ? undefined : sql.newestEntry.get(...placesOf(queue.ordinal));
  if (!newest) return queue;
  return { ...queue, headKnown: true, sequence: newest.sequence, chain: linkChain(newest.previous, newest.record).toString('base64url') };
}

function missingOf({ sql }: Room, { ordinal, sequence, floor, headKnown }: Lost): [number, number][] {
  const present = sql.idsBetween.all(...placesOf(ordinal)).map((id) => Number(id) - place(ordinal, 0));
  if (headKnown) return findMissing(present, floor + 1, sequence);
  return findMissing(present, present[0] ?? 1, present.at(-1) ?? 0);
}

/** It cannot be sent, and a person can still be told of whom to ask: by its reference. */
function keepDamaged(room: Room, row: EntryRow): void {
  const { sql, database } = room;
  if (sql.entry.get(row.id) || sql.entryByTx.get(row.tx_id) || findRun(room, row.id)) return;
  const add = database.transaction(() => {
    sql.addEntry.run({ ...row, mark: markEntry(row) });
    sql.setFate.run(withoutReceipt(row, 'stuck', 'damaged'));
  });
  add.immediate();
}
