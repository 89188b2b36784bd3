import { existsSync } from 'node:fs';
import { base64url } from './chain.ts';
import { isDamage } from './damage.ts';
import type { Hint } from './head-file.ts';
import { compare, inspect } from './inspect.ts';
import { closeRoom, makeGeneration, openRoom, ownerOf, type Parts, type Room, writeHead } from './room.ts';
import type { QueueRow } from './rows.ts';
import { place } from './schema.ts';
import { beginAside, type Lost, listAside, moveFiles } from './set-aside.ts';

/** Opens what lies there when it fits its head, and otherwise a new one: in service again in either case. */
export function enter(parts: Parts): Room {
  const found = inspect(parts.file);
  const queues = 'queues' in found ? found.queues : [];
  try {
    const verdict = found.found === 'unreleased' ? 'unreleased' : compare(found, parts.headFile.read());
    if (found.found === 'queues') found.close();
    if (verdict !== 'fits' && verdict !== 'head_behind') return replace(parts, verdict, queues);
    const known = parts.headFile.read();
    const room = openRoom(parts, { ordinal: nextOrdinal(parts, queues), generation: makeGeneration(parts) });
    const { generation, sequence } = room.queue;
    if (known?.generation !== generation || known.sequence !== sequence) vouchAsFound(parts, room);
    return room;
  } catch (error) {
    if (found.found === 'queues') found.close();
    if (!isDamage(error, 'opening')) throw error;
    return replace(parts, 'damaged', queues);
  }
}

/** After a crash between commit and head, or beside a new head file. */
function vouchAsFound(parts: Parts, room: Room): void {
  writeHead(parts, room, room.sql.entry.get(place(room.queue.ordinal, room.queue.sequence)) ?? null);
}

/**
 * Sets the files aside and begins anew. What was in them is salvaged afterwards, while people are served. A crash anywhere
 * in between leaves a database that does not fit the head, or none: the next start does the same again, in another folder,
 * and salvages both.
 */
export function replace(parts: Parts, why: string, rows: readonly QueueRow[]): Room {
  const successor = { ordinal: nextOrdinal(parts, rows), generation: makeGeneration(parts) };
  const queues = gatherLost(parts, rows);
  const aside = beginAside(parts.folder, { why, at: parts.clock.wall().toISOString(), successor, queues });
  parts.log('queue_damaged', { why, queues: queues.length });
  moveFiles(parts.folder, aside);
  const room = openRoom(parts, successor);
  try {
    writeHead(parts, room, null);
    return room;
  } catch (error) {
    closeRoom(room);
    throw error;
  }
}

/** While it is open: what is in memory and in the head file knows better than a damaged file. */
export function replaceOpen(parts: Parts, room: Room, why: string): Room {
  const rows = readQueues(room);
  closeRoom(room);
  return replace(parts, why, rows);
}

/** What cannot be read, the head file knows as far as there are records. */
function readQueues(room: Room): QueueRow[] {
  try {
    return room.sql.queues.all();
  } catch {
    return [];
  }
}

/**
 * Above all that is known; and where nothing is, above all that may be found in damaged files. A row that is far above
 * what others know is damaged itself: who went there would soon have no numbers left.
 */
function nextOrdinal({ folder, file, headFile }: Parts, rows: readonly QueueRow[]): number {
  const head = headFile.read();
  const aside = listAside(folder).flatMap(({ loss }) => [loss.successor.ordinal, ...loss.queues.map(({ ordinal }) => ordinal)]);
  const vouched = [...aside, ...(head ? [head.ordinal] : [])];
  const most = head ? Math.max(...vouched) + unknownOrdinals : mostUnvouched;
  const known = [...vouched, ...rows.map(({ ordinal }) => ordinal).filter((ordinal) => ordinal <= most)];
  if (known.length === 0) return existsSync(file) ? unknownOrdinals : 1;
  return Math.max(...known) + (head ? 1 : unknownOrdinals);
}

const unknownOrdinals = 1_000;
const mostUnvouched = 2 ** 20;

/**
 * What the head file and, as far as it could be read, the database know of the queues; the further of the two counts. Whose
 * a queue is, and which, the head file knows better: it has a checksum.
 */
function gatherLost({ headFile }: Parts, rows: readonly QueueRow[]): Lost[] {
  const head = headFile.read();
  const hint = headFile.readHint();
  const lost = new Map<string, Lost>();
  for (const queue of head ? [...head.earlier, head] : []) {
    const { ordinal, generation, sequence, chain, owner } = queue;
    lost.set(generation, { ordinal, generation, sequence, chain, owner, headKnown: true, ...hintOf(hint, generation) });
  }
  for (const row of rows) {
    const known = lost.get(row.generation);
    const { ordinal, generation, sequence, floor } = row;
    const further = { sequence, chain: base64url(row.chain) };
    if (known) {
      known.floor = Math.max(known.floor, floor);
      if (known.sequence < sequence) Object.assign(known, further);
    } else if (floor < sequence) {
      const { settled } = hintOf(hint, generation);
      lost.set(generation, { ordinal, generation, ...further, owner: ownerOf(row), headKnown: true, floor, settled });
    }
  }
  return [...lost.values()];
}

function hintOf(hint: Hint | null, generation: string): { settled: number; floor: number } {
  return hint?.generation === generation ? { settled: hint.settled, floor: hint.floor } : { settled: 0, floor: 0 };
}
