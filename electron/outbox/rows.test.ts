import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { type PackedRow, packedColumns, unpack } from './rows.ts';

const names = ['record', 'previous', 'signature', 'mark', 'encapsulated', 'ciphertext'] as const;

/** A damaged page can say so in spite of the table's NOT NULL. */
it.each(names)('a row whose %s the disk turned into nothing is read, and has none of its bytes', (lost) => {
  const database = new Database(':memory:');
  database.exec(
    `create table entry (id integer primary key, generation, sequence, tx_id, reference, lane, form, key_id, kept_at, ${names})`,
  );
  const bytes = names.map((name) => (name === lost ? null : Buffer.alloc(300, 1)));
  database.prepare(`insert into entry (id, ${names}) values (1, ?, ?, ?, ?, ?, ?)`).run(...bytes);
  const row = unpack(database.prepare<[], PackedRow>(`select ${packedColumns} from entry`).all()[0] as PackedRow);
  expect(names.map((name) => row[name].length)).toEqual([0, 0, 0, 0, 0, 0]);
});
