import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { Clock } from '../clock.ts';
import { type Migration, openDatabase } from '../store/open-database.ts';

/** What happened at this terminal. Visits have random ids; nothing here is, or is computed from, a person's data. */
export type AuditEvent =
  | { event: 'visit_begun'; by: 'card' | 'touch' }
  | { event: 'visit_ended'; why: string }
  | { event: 'card_read'; proof: 'proven' | 'not_proven'; facts: string }
  | { event: 'card_refused'; reason: string }
  | { event: 'signed_in' }
  | { event: 'sign_in_failed'; problem: string }
  | { event: 'document_signed'; product: string }
  | { event: 'form_opened'; product: string }
  | { event: 'transaction_kept'; txId: string }
  | { event: 'transaction_received'; txId: string }
  | { event: 'wiped' }
  | { event: 'operator_signed_in' }
  | { event: 'operator_refused' }
  | { event: 'operator_decided'; reference: string; decision: 'again' | 'aside' }
  | { event: 'queue_exported'; records: number; bytes: number };

export type Audit = {
  /** Throws when the line cannot be written: the caller decides what that stops. */
  write(visit: string | null, event: AuditEvent): void;
  /** The first sequence whose hash does not follow from the one before it, or null when the chain holds. */
  findBreak(): number | null;
  close(): void;
};

const migrations: readonly Migration[] = [
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
];

type Row = { sequence: number; at: string; visit: string | null; event: string; detail: string; hash: Buffer };

/** Append-only, each line chained to the one before it by SHA-256. */
export function openAudit({ file, clock }: { file: string; clock: Clock }): Audit {
  const database = openDatabase(file, migrations);
  const newest = database.prepare<[], Row>('select * from line order by sequence desc limit 1');
  const append = database.prepare('insert into line (sequence, at, visit, event, detail, hash) values (?, ?, ?, ?, ?, ?)');
  const write = database.transaction((visit: string | null, { event, ...detail }: AuditEvent) => {
    const before = newest.get();
    const row = { sequence: (before?.sequence ?? 0) + 1, at: clock.wall().toISOString(), visit, event, detail: JSON.stringify(detail) };
    append.run(row.sequence, row.at, row.visit, row.event, row.detail, chain(before?.hash, row));
  });
  return {
    write: (visit, event) => write.immediate(visit, event),
    findBreak: () => findBreak(database),
    close: () => database.close(),
  };
}

function findBreak(database: Database.Database): number | null {
  let before: Row | undefined;
  for (const row of database.prepare<[], Row>('select * from line order by sequence').iterate()) {
    if (row.sequence !== (before?.sequence ?? 0) + 1 || !row.hash.equals(chain(before?.hash, row))) return row.sequence;
    before = row;
  }
  return null;
}

function chain(before: Buffer | undefined, row: Omit<Row, 'hash'>): Buffer {
  const text = JSON.stringify([row.sequence, row.at, row.visit, row.event, row.detail]);
  return createHash('sha256')
    .update(before ?? Buffer.alloc(32))
    .update(text)
    .digest();
}
