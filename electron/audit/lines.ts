import { createHash } from 'node:crypto';
import type { Migration } from '../store/open-database.ts';

export type Row = { sequence: number; at: string; visit: string | null; event: string; detail: string; hash: Buffer };

export const migrations: readonly Migration[] = [
  (database) =>
    database.exec(`
      create table line (
        sequence integer primary key,
        at text not null,
        visit text,
        event text not null,
        detail text not null,
        hash blob not null check (length(hash) = 32)
      ) strict;
      create trigger line_not_changed before update on line begin select raise(abort, 'append only'); end;
      create trigger line_not_deleted before delete on line begin select raise(abort, 'append only'); end;
    `),
  // What lies under the floor may go. It is stated in a line of its own, and only rises.
  (database) =>
    database.exec(`
      create table floor (
        id integer primary key check (id = 1),
        sequence integer not null,
        hash blob not null check (length(hash) = 32)
      ) strict;
      insert into floor values (1, 0, zeroblob(32));
      create trigger floor_only_rises before update on floor when new.sequence <= old.sequence
        begin select raise(abort, 'append only'); end;
      create trigger floor_not_deleted before delete on floor begin select raise(abort, 'append only'); end;
      drop trigger line_not_deleted;
      create trigger line_not_deleted before delete on line when old.sequence > (select sequence from floor)
        begin select raise(abort, 'append only'); end;
    `),
];

export function chain(before: Uint8Array, row: Omit<Row, 'hash'>): Buffer {
  const text = JSON.stringify([row.sequence, row.at, row.visit, row.event, row.detail]);
  return createHash('sha256').update(before).update(text).digest();
}
