import type Database from 'better-sqlite3';
import { chain, type Row } from './lines.ts';

/** From where the chain is there: the last line that went, or the beginning. */
export type Floor = Pick<Row, 'sequence' | 'hash'>;

const linesAtOnce = 100;

export function readFloor(database: Database.Database): Floor {
  return database.prepare<[], Floor>('select sequence, hash from floor').get() ?? { sequence: 0, hash: Buffer.alloc(32) };
}

/**
 * Looks at each line, a few at a time. @returns the first sequence that does not follow from the one before it, or where the
 * floor is not the one that the chain itself states last; null: it holds
 */
export function* checkChain(database: Database.Database): Generator<void, number | null> {
  const read = database.prepare<[number, number], Row>('select * from line where sequence > ? order by sequence limit ?');
  const floor = readFloor(database);
  let stated = 'none';
  let before = floor;
  for (let rows = read.all(before.sequence, linesAtOnce); rows.length > 0; rows = read.all(before.sequence, linesAtOnce)) {
    for (const row of rows) {
      if (row.sequence !== before.sequence + 1 || !row.hash.equals(chain(before.hash, row))) return row.sequence;
      if (row.event === 'audit_shortened') stated = row.detail;
      before = row;
    }
    yield;
  }
  return stated === stateFloor(floor) ? null : floor.sequence + 1;
}

/** The detail of the line that states it. */
function stateFloor({ sequence, hash }: Floor): string {
  return sequence === 0 ? 'none' : JSON.stringify({ upTo: sequence, hash: hash.toString('base64url') });
}
