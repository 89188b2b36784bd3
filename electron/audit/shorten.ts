import type Database from 'better-sqlite3';
import type { Floor } from './check-chain.ts';
import type { Row } from './lines.ts';

/** No law says how long. A year, so that the same season can be looked up, and a month to find out that one wants to. */
const keptDays = 400;
const dayMs = 24 * 3_600_000;
const linesAtOnce = 250;
/** Of one start: a clock that is years ahead for once costs some weeks of the oldest, not all. */
const mostPieces = 20;

/**
 * Lets go of what is over its days, piece by piece from the beginning, and states that in the chain first. The middle one of
 * a piece's times counts: a clock that was wrong for an hour years ago neither keeps all that follows nor drops it.
 */
export function* shorten(database: Database.Database, now: Date, state: (floor: Floor) => void): Generator<void> {
  const oldest = new Date(now.getTime() - keptDays * dayMs).toISOString();
  const read = database.prepare<[number], Row>('select * from line order by sequence limit ?');
  const raise = database.prepare<[number, Buffer]>('update floor set sequence = ?, hash = ?');
  const drop = database.prepare<[number]>('delete from line where sequence <= ?');
  const step = database.transaction((): boolean => {
    const rows = read.all(linesAtOnce + 1).slice(0, linesAtOnce);
    const last = rows[linesAtOnce - 1];
    const middle = rows.map(({ at }) => at).sort()[linesAtOnce / 2];
    if (!last || middle === undefined || middle > oldest) return false;
    state(last);
    raise.run(last.sequence, last.hash);
    drop.run(last.sequence);
    return true;
  });
  for (let pieces = 0; pieces < mostPieces && step.immediate(); pieces += 1) yield;
}
