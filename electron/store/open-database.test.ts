import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from './open-database.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('opens for power loss: write-ahead log, synced at every commit', () => {
  const database = openDatabase(join(folder, 'a.db'), []);
  expect([database.pragma('journal_mode', { simple: true }), database.pragma('synchronous', { simple: true })]).toEqual(['wal', 2]);
  database.close();
});

it('runs each migration once, in order, and keeps what older versions wrote', () => {
  const file = join(folder, 'a.db');
  const first = openDatabase(file, [(database) => database.exec('create table note (text text)')]);
  first.exec(`insert into note values ('kept')`);
  first.close();
  const second = openDatabase(file, [
    () => expect.unreachable('ran twice'),
    (database) => database.exec('alter table note add column at text'),
  ]);
  expect(second.prepare('select text, at from note').all()).toEqual([{ text: 'kept', at: null }]);
  second.close();
});

it('leaves a file as it was when a migration fails', () => {
  const file = join(folder, 'a.db');
  openDatabase(file, [(database) => database.exec('create table note (text text)')]).close();
  const failing = [
    () => undefined,
    (database: { exec(sql: string): unknown }) => database.exec('alter table note add column at text; nonsense'),
  ];
  expect(() => openDatabase(file, failing)).toThrow();
  const again = openDatabase(file, [() => undefined]);
  expect(again.pragma('table_info(note)')).toHaveLength(1);
  again.close();
});

it('refuses a file that a newer version wrote, and one that is no database', () => {
  const file = join(folder, 'a.db');
  openDatabase(file, [() => undefined, () => undefined]).close();
  expect(() => openDatabase(file, [() => undefined])).toThrow('written_by_newer_version');
  writeFileSync(join(folder, 'b.db'), 'this is a letter, not a database '.repeat(100));
  expect(() => openDatabase(join(folder, 'b.db'), [])).toThrow();
});
