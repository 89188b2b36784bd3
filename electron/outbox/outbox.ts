import type Database from 'better-sqlite3';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import type { Clock } from '../clock.ts';
import { type Migration, openDatabase, sqliteCode } from '../store/open-database.ts';
import type { Seal } from './seal.ts';

export type KeepRefusal = 'disk_full' | 'storage_failed';
export type Kept = { txId: string; reference: string; keptAt: string };

/** A sealed record on its way. Nothing in it names a person or a product. */
export type WaitingEntry = {
  sequence: number;
  txId: string;
  reference: string;
  keyId: string;
  encapsulated: Uint8Array;
  ciphertext: Uint8Array;
  keptAt: string;
};

export type Outbox = {
  /** Seals and commits. When it answers ok, the record is on disk. The same `txId` again answers the first keeping. */
  keep(content: TransactionContent): Promise<Result<Kept, KeepRefusal>>;
  /** Whether a record would fit now, tried with a write of the same kind. */
  probe(): Result<null, KeepRefusal>;
  /** Oldest first. */
  waiting(limit: { records: number; bytes: number }): WaitingEntry[];
  countWaiting(): number;
  /** Ends an entry. Only ever called with a receipt that has been verified. */
  markReceived(txId: string, receipt: string, receivedAt: string): void;
  /** The middleware refused it: it stays here, and a person has to look. Never deleted. */
  markNeedsAttention(txId: string, reason: string): void;
  close(): void;
};

const migrations: readonly Migration[] = [
  (database) =>
    database.exec(`
      create table entry (
        sequence integer primary key,
        tx_id text not null unique,
        reference text not null unique,
        key_id text not null,
        encapsulated blob not null,
        ciphertext blob not null,
        kept_at text not null,
        state text not null default 'waiting' check (state in ('waiting', 'received', 'needs_attention')),
        received_at text,
        receipt text,
        refusal text,
        check ((state = 'received') = (receipt is not null))
      ) strict;
      create index entry_waiting on entry (sequence) where state = 'waiting';
    `),
  (database) =>
    database.exec(`
      create table probe (id integer primary key check (id = 1), filler blob not null) strict;
      insert into probe values (1, zeroblob(0));
    `),
];

/** As large as a sealed record with all card files gets. */
const probeBytes = 32 * 1024;
/** Far above any form with all its evidence, and below what the middleware takes in one request. */
const largestRecord = 150 * 1024;

type Row = {
  sequence: number;
  tx_id: string;
  reference: string;
  key_id: string;
  encapsulated: Buffer;
  ciphertext: Buffer;
  kept_at: string;
};

/** Throws when the file cannot be opened: then nothing can be kept, and the kiosk says so before anybody types. */
export function openOutbox({ file, terminal, seal, clock }: { file: string; terminal: string; seal: Seal; clock: Clock }): Outbox {
  const database = openDatabase(file, migrations);
  // One at a time: the sequence is sealed into the record, so it must be known before and still be free after.
  let last: Promise<unknown> = Promise.resolve();

  async function keepNow(content: TransactionContent): Promise<Result<Kept, KeepRefusal>> {
    try {
      const before = findKept(database, content.txId);
      if (before) return ok(before);
      const sequence = nextSequence(database);
      const bytes = new TextEncoder().encode(JSON.stringify(content));
      // One record that no request can carry would hold up all that come after it.
      if (bytes.length > largestRecord) return refuse('storage_failed');
      const sealed = await seal(bytes, { txId: content.txId, terminal, sequence });
      bytes.fill(0);
      const keptAt = clock.wall().toISOString();
      database
        .prepare(`insert into entry (sequence, tx_id, reference, key_id, encapsulated, ciphertext, kept_at) values (?, ?, ?, ?, ?, ?, ?)`)
        .run(sequence, content.txId, content.reference, sealed.keyId, sealed.encapsulated, sealed.ciphertext, keptAt);
      return ok({ txId: content.txId, reference: content.reference, keptAt });
    } catch (error) {
      return refuse(whyNot(error));
    }
  }

  return {
    keep(content) {
      const mine = last.then(() => keepNow(content));
      last = mine;
      return mine;
    },
    probe() {
      try {
        database.prepare('update probe set filler = randomblob(?)').run(probeBytes);
        database.prepare('update probe set filler = zeroblob(0)').run();
        return ok(null);
      } catch (error) {
        return refuse(whyNot(error));
      }
    },
    waiting({ records, bytes }) {
      const rows = database.prepare<[number], Row>(`select * from entry where state = 'waiting' order by sequence limit ?`).all(records);
      return takeBytes(rows, bytes).map(toEntry);
    },
    countWaiting() {
      return database.prepare<[], number>(`select count(*) from entry where state = 'waiting'`).pluck().get() ?? 0;
    },
    markReceived(txId, receipt, receivedAt) {
      database
        .prepare(`update entry set state = 'received', receipt = ?, received_at = ? where tx_id = ? and state <> 'received'`)
        .run(receipt, receivedAt, txId);
    },
    markNeedsAttention(txId, reason) {
      database.prepare(`update entry set state = 'needs_attention', refusal = ? where tx_id = ? and state = 'waiting'`).run(reason, txId);
    },
    close() {
      database.close();
    },
  };
}

function whyNot(error: unknown): KeepRefusal {
  return sqliteCode(error) === 'SQLITE_FULL' ? 'disk_full' : 'storage_failed';
}

function findKept(database: Database.Database, txId: string): Kept | null {
  const row = database.prepare<[string], Row>(`select * from entry where tx_id = ?`).get(txId);
  return row ? { txId: row.tx_id, reference: row.reference, keptAt: row.kept_at } : null;
}

function nextSequence(database: Database.Database): number {
  return (database.prepare<[], number | null>(`select max(sequence) from entry`).pluck().get() ?? 0) + 1;
}

/** Base64 makes three bytes four; the first entry always goes, however large. */
function takeBytes(rows: Row[], bytes: number): Row[] {
  let total = 0;
  return rows.filter((row, index) => {
    total += Math.ceil(row.ciphertext.length / 3) * 4 + 512;
    return index === 0 || total <= bytes;
  });
}

function toEntry(row: Row): WaitingEntry {
  return {
    sequence: row.sequence,
    txId: row.tx_id,
    reference: row.reference,
    keyId: row.key_id,
    encapsulated: row.encapsulated,
    ciphertext: row.ciphertext,
    keptAt: row.kept_at,
  };
}
