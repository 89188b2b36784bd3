import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import {
  base,
  close,
  cutPower,
  database,
  folder,
  head,
  keepMany,
  log,
  numbersOf,
  open,
  readyQueueFolder,
} from '../testing/queue-folder.ts';

readyQueueFolder();

it('a file that a newer version wrote is refused, and not a byte of it or its log changes', () => {
  const before = open();
  keepMany(before, [1, 2]);
  cutPower(before);
  const raw = new Database(join(folder, database));
  raw.exec(`pragma user_version = 99; update meta set value = '99' where name = 'schema'`);
  const copy = join(base, 'newer');
  cpSync(folder, copy, { recursive: true });
  raw.close();
  const bytes = () => [database, log, head].map((name) => readFileSync(join(copy, name)).toString('base64'));
  const then = bytes();
  expect(() => open({}, copy)).toThrow('written_by_newer_version');
  expect(bytes()).toEqual(then);
  expect(existsSync(join(copy, 'set-aside'))).toBe(false);
});

it('a bit of the header alone makes no newer version', () => {
  const before = open();
  keepMany(before, [1, 2]);
  close(before);
  const raw = new Database(join(folder, database));
  raw.pragma('user_version = 7');
  raw.close();
  const outbox = open();
  outbox.finishChecks();
  expect(numbersOf(outbox)).toEqual([1, 2]);
});

it('the file of an unreleased version is set aside whole', () => {
  mkdirSync(folder);
  const raw = new Database(join(folder, database));
  raw.exec(
    `create table entry (sequence integer primary key, ciphertext blob); insert into entry values (1, x'00'); pragma user_version = 2`,
  );
  raw.close();
  const outbox = open();
  keepMany(outbox, [1]);
  outbox.finishChecks();
  expect(outbox.losses()).toEqual([]);
  expect(existsSync(join(folder, 'set-aside', '0001', database))).toBe(true);
});
