import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { PublicJwk } from '../../contract/key-set.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { openDatabase } from '../store/open-database.ts';
import { syncFolder } from '../store/write-whole.ts';
import { base64url, type Owner, startChain } from './chain.ts';
import type { Head, HeadFile } from './head-file.ts';
import { pageBytes } from './pages.ts';
import type { EntryRow, QueueRow } from './rows.ts';
import { migrations, placesOf } from './schema.ts';
import type { createSeal } from './seal.ts';
import { logBytes, type Space } from './space.ts';
import { prepareSql, type Sql } from './sql.ts';

/** Who this terminal is: what the outbox needs of its identity. `sign`: ES256, 64 bytes. */
export type Signer = { terminal: string; publicJwk: PublicJwk; sign(bytes: Uint8Array): Uint8Array };

/** What does not change while the outbox is open. */
export type Parts = {
  folder: string;
  file: string;
  identity: Signer;
  seal: ReturnType<typeof createSeal>;
  clock: Clock;
  log: Log;
  headFile: HeadFile;
  space: Space;
  keepDays: number;
  random(bytes: number): Uint8Array;
};

/** The open database, and what is known of it in memory. A damaged one is replaced by another. */
export type Room = {
  database: Database.Database;
  sql: Sql;
  /** The file that was opened: another one under its name means that ours is gone. */
  inode: bigint;
  /** The queue that is kept into, as far as its head is on disk. */
  queue: { ordinal: number; generation: string; sequence: number; chain: Buffer };
  /** Committed, but its head could not be written: nobody was told that it was kept. `content`: its hash, in memory only. */
  unvouched: { id: number; content: Buffer } | null;
  owners: Map<number, Owner>;
  earlier: Head['earlier'];
  /** Kept in this process and not yet handed out, with the ticks of its keeping. `ownLane`: nothing was in its lane before. */
  live: { id: number; ticks: number; ownLane: boolean }[];
  /** By generation, up to where the middleware had it when what it had forgotten was made to wait again. */
  waitedFor: Map<string, number>;
};

let drawn = Buffer.alloc(0);

/** From a larger draw: one for each takes longer than hashing a record. At most `drawnAtOnce`. */
export function defaultRandom(bytes: number): Uint8Array {
  if (drawn.length < bytes) drawn = randomBytes(drawnAtOnce);
  const taken = drawn.subarray(0, bytes);
  drawn = drawn.subarray(bytes);
  return taken;
}
const drawnAtOnce = 4096;
export const nobody = -1;
export const hidden = (room: Room): number => room.unvouched?.id ?? nobody;

/** Opens the database, and begins a queue where there is none, or where the terminal has become another. */
export function openRoom(
  parts: Parts,
  first: { ordinal: number; generation: string } = { ordinal: 1, generation: makeGeneration(parts) },
): Room {
  const database = openDatabase(parts.file, migrations, pageBytes);
  try {
    // The file never gets smaller: pages that are let go are wiped and used again, and a disk that once had room for it has it still.
    database.pragma('secure_delete = ON');
    database.pragma('temp_store = MEMORY');
    database.pragma(`wal_autocheckpoint = ${logBytes / Number(database.pragma('page_size', { simple: true }))}`);
    syncFolder(parts.folder);
    const sql = prepareSql(database);
    const inode = statSync(parts.file, { bigint: true }).ino;
    const current = sql.queues.all().at(-1);
    const queue = current ? { ...current } : { ...first, sequence: 0, chain: startChain(parts.identity.terminal, first.generation) };
    const room: Room = { database, sql, inode, queue, unvouched: null, owners: new Map(), earlier: [], live: [], waitedFor: new Map() };
    if (!current) addQueue(parts, room, first);
    else if (!isOurs(parts, current)) beginQueue(parts, room, { ordinal: current.ordinal + 1, generation: makeGeneration(parts) });
    refresh(room);
    return room;
  } catch (error) {
    database.close();
    throw error;
  }
}

export const makeGeneration = (parts: Pick<Parts, 'random'>): string => base64url(parts.random(8));

/** A new generation in this database. Its head is written by whoever calls. */
export function beginQueue(parts: Parts, room: Room, place: { ordinal: number; generation: string }): void {
  const begin = room.database.transaction(() => {
    if (room.unvouched) dropUnvouched(room);
    addQueue(parts, room, place);
    room.sql.closeQueues.run(place.ordinal);
  });
  begin.immediate();
  room.unvouched = null;
  room.queue = { ...place, sequence: 0, chain: startChain(parts.identity.terminal, place.generation) };
  refresh(room);
}

function addQueue({ identity }: Parts, { sql }: Room, { ordinal, generation }: { ordinal: number; generation: string }): void {
  const { x, y } = identity.publicJwk;
  const chain = startChain(identity.terminal, generation);
  sql.addQueue.run({ ordinal, generation, terminal: identity.terminal, x, y, sequence: 0, chain, gaps: 0, closed: 0 });
}

/** Nobody was told that it was kept, so it goes before anything else is. Inside a transaction. */
export function dropUnvouched({ sql, unvouched, queue }: Room): void {
  if (!unvouched) return;
  sql.dropWaiting.run(unvouched.id);
  sql.dropEntry.run(unvouched.id);
  sql.moveQueue.run(queue.sequence, queue.chain, queue.ordinal);
}

/** What other rows say about the queues, after one has begun or ended. */
export function refresh(room: Room): void {
  const queues = room.sql.queues.all();
  room.owners = new Map(queues.map((queue) => [queue.ordinal, ownerOf(queue)]));
  room.earlier = queues
    .filter((queue) => queue.ordinal !== room.queue.ordinal && room.sql.hasEntries.get(...placesOf(queue.ordinal)))
    .slice(-8)
    .map((queue) => toHeadQueue(queue));
}

export const ownerOf = ({ terminal, x, y }: QueueRow): Owner => ({ terminal, jwk: { kty: 'EC', crv: 'P-256', x, y } });

export function toHeadQueue(queue: QueueRow): Head['earlier'][number] {
  const { ordinal, generation, sequence, chain } = queue;
  return { ordinal, generation, sequence, chain: base64url(chain), owner: ownerOf(queue) };
}

function isOurs({ identity }: Parts, queue: QueueRow): boolean {
  const { x, y } = identity.publicJwk;
  return queue.closed === 0 && queue.terminal === identity.terminal && queue.x === x && queue.y === y;
}

/** The head as it is after `last`, or as it stands where `last` is null. */
export function writeHead(
  { identity, headFile }: Parts,
  room: Room,
  last: Pick<EntryRow, 'reference' | 'record' | 'signature'> | null,
): void {
  const { terminal, publicJwk: jwk } = identity;
  const { ordinal, generation, sequence, chain } = room.queue;
  const kept = last && { reference: last.reference, record: base64url(last.record), signature: base64url(last.signature) };
  headFile.write({ ordinal, generation, sequence, chain: base64url(chain), owner: { terminal, jwk }, kept, earlier: room.earlier });
}

/** Whether the database is still the file under its name: what is written to one that was deleted is gone with the process. */
export function isInPlace({ inode }: Room, { file }: Parts): boolean {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino === inode;
}

export function closeRoom(room: Room): void {
  try {
    room.database.close();
  } catch {
    // A damaged file may refuse its last checkpoint; what is in its log stays there.
  }
}
