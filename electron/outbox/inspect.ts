import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { lookInto, sqliteCode } from '../store/open-database.ts';
import { base64url, linkChain } from './chain.ts';
import { DamagedQueue, isDamage } from './damage.ts';
import type { Head, HeadQueue } from './head-file.ts';
import { EntryRow, QueueRow } from './rows.ts';
import { firstReleased, migrations, place } from './schema.ts';
import { checked } from './sql.ts';

/** What lies there, looked at without changing it. */
export type Found =
  | { found: 'nothing' }
  | { found: 'queues'; queues: [QueueRow, ...QueueRow[]]; rowOf(ordinal: number, sequence: number): EntryRow | null; close(): void }
  /** Made, and nothing had begun in it. */
  | { found: 'empty' }
  | { found: 'unreleased' }
  /** `queues`: what could still be read of them. */
  | { found: 'damaged'; queues: QueueRow[] };

/** Throws when the file was written by a newer version, or when the disk does not let it be read. */
export function inspect(file: string): Found {
  let look: ReturnType<typeof lookInto> = null;
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return { found: 'damaged', queues: [] };
    look = lookInto(file);
    if (!look) return { found: 'nothing' };
    const opened = look;
    const version = Number(opened.pragma('user_version', { simple: true }));
    if (version > migrations.length && Number(readSchema(opened)) > migrations.length) throw new Error('written_by_newer_version');
    if (version > migrations.length) throw new DamagedQueue('version');
    if (version < firstReleased) {
      const tables = opened.prepare('select count(*) from sqlite_schema').pluck().get();
      opened.close();
      return { found: tables === 0 ? 'empty' : 'unreleased' };
    }
    const rows = opened.prepare<[]>('select * from queue order by ordinal desc').all();
    const [current, ...earlier] = rows.flatMap((row) => QueueRow.safeParse(row).data ?? []);
    const read = current ? [current, ...earlier] : [];
    if (read.length < rows.length) {
      opened.close();
      return { found: 'damaged', queues: read };
    }
    if (!current) {
      opened.close();
      return { found: 'empty' };
    }
    const entry = checked(opened.prepare<[number]>('select * from entry where id = ?'), EntryRow);
    return {
      found: 'queues',
      queues: [current, ...earlier],
      rowOf: (ordinal, sequence) => entry.get(place(ordinal, sequence)) ?? null,
      close: () => opened.close(),
    };
  } catch (error) {
    look?.close();
    // Killed while the file was being made: from then on it has a log, and never again a journal to roll back.
    if (sqliteCode(error) === 'SQLITE_READONLY_ROLLBACK') return { found: 'empty' };
    if (!isDamage(error, 'opening')) throw error;
    return { found: 'damaged', queues: [] };
  }
}

function readSchema(opened: Database.Database): unknown {
  return opened.prepare(`select value from meta where name = 'schema'`).pluck().get();
}

export type Verdict =
  | 'fits'
  /** The database has more than the head says, or all of it: a crash came between the two, or the head file is new. */
  | 'head_behind'
  | 'file_gone'
  | 'records_gone'
  | 'not_the_same'
  | 'damaged';

/**
 * Compares the database with the head file. A head file that is gone or damaged beside a whole database loses no record:
 * the two fail by themselves, and should both have failed at once, the middleware still knows how far this queue had come.
 */
export function compare(found: Found, head: Head | null): Verdict {
  if (found.found === 'damaged') return 'damaged';
  if (found.found !== 'queues') return head && (head.sequence > 0 || head.earlier.length > 0) ? 'file_gone' : 'head_behind';
  const [current] = found.queues;
  if (!isConnected(found, current)) return 'damaged';
  if (!head) return 'head_behind';
  const known = new Map(found.queues.map((queue) => [queue.generation, queue]));
  const same = known.get(head.generation);
  if (!same) return 'records_gone';
  if (![...head.earlier, head].every((queue) => isSameQueue(queue, known.get(queue.generation)))) return 'not_the_same';
  const row = head.sequence > 0 ? found.rowOf(same.ordinal, head.sequence) : null;
  if (row ? base64url(linkChain(row.previous, row.record)) !== head.chain : head.sequence > same.floor) return 'not_the_same';
  return same.generation === current.generation && same.sequence === head.sequence ? 'fits' : 'head_behind';
}

/** What a queue began with, and never changes in it. */
function isSameQueue({ ordinal, owner: { terminal, jwk } }: HeadQueue, row: QueueRow | undefined): boolean {
  return row?.ordinal === ordinal && row.terminal === terminal && row.x === jwk.x && row.y === jwk.y;
}

/** Whether the queue's last record is there and is the one that the queue says was last. */
function isConnected(found: Extract<Found, { found: 'queues' }>, queue: QueueRow): boolean {
  if (queue.sequence <= queue.floor) return true;
  const last = found.rowOf(queue.ordinal, queue.sequence);
  if (!last) return false;
  return linkChain(last.previous, last.record).equals(queue.chain) && found.rowOf(queue.ordinal, queue.sequence + 1) === null;
}
