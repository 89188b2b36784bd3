import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as store from '../store/open-database.ts';
import { makeContent, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import { nameProblem, openWhenPossible, type PatientOutbox } from './open-when-possible.ts';
import { migrations } from './schema.ts';

/** What SQLite meets on a disk whose sectors fail: from then on, for that very file. */
const sick = vi.hoisted(() => ({ inode: -1, code: '' }));
vi.mock(import('../store/open-database.ts'), async (importOriginal) => {
  const real = await importOriginal();
  const fail = (file: string) => {
    if (existsSync(file) && statSync(file).ino === sick.inode) throw Object.assign(new Error('disk'), { code: sick.code });
  };
  return {
    ...real,
    lookInto: (file) => {
      fail(file);
      return real.lookInto(file);
    },
    openDatabase: (file, migrations): Database.Database => {
      fail(file);
      return real.openDatabase(file, migrations);
    },
  };
});

const identity = makeSigner();
const all = { records: 100, bytes: 256 * 1024 };
let base: string;
let folder: string;
let outbox: PatientOutbox | null;
let logged: string[];
let late: number;
beforeEach(() => {
  vi.useFakeTimers();
  base = mkdtempSync(join(tmpdir(), 'loket-patient-'));
  folder = join(base, 'queue');
  [outbox, logged, late] = [null, [], 0];
});
afterEach(() => {
  outbox?.close();
  vi.useRealTimers();
  sick.inode = -1;
  rmSync(base, { recursive: true, force: true });
});

function open(): PatientOutbox {
  outbox = openWhenPossible({
    open: (unreadable) => openTestOutbox(folder, { identity, unreadable }),
    retryMs: 2_000,
    log: (event) => logged.push(event),
    onLate: () => {
      late += 1;
    },
  });
  return outbox;
}

/** A queue with records, as the app left it. */
function keepBefore(count: number): void {
  const before = openTestOutbox(folder, { identity });
  for (let number = 1; number <= count; number += 1) expect(before.keep(makeContent(number), {}).ok).toBe(true);
  before.close();
}
const sequences = (from: PatientOutbox) =>
  [...from.waitingDeliveries(all)].flatMap(({ records }) => records.map(({ sequence }) => sequence));

describe('a disk that lets nothing be opened', () => {
  it('is waited for: nothing is kept, whoever asks hears why, and it goes on by itself', () => {
    writeFileSync(folder, 'not a folder');
    const patient = open();
    const work = vi.fn();
    patient.afterChecks(work);
    expect([patient.problem(), patient.probe(), patient.keep(makeContent(1), {})]).toEqual([
      'failed',
      { ok: false, error: 'storage_failed' },
      { ok: false, error: 'storage_failed' },
    ]);
    expect([patient.countWaiting(), patient.receiptOf('x')]).toEqual([0, null]);
    for (const ask of [patient.status, patient.head, patient.losses, patient.isSalvaging]) expect(ask).toThrow('not open');
    expect(() => patient.stateOf('x')).toThrow('not open');
    expect(() => patient.enterEpoch('e1')).toThrow('not open');
    vi.advanceTimersByTime(60_000);
    expect([logged, late]).toEqual([['storage_failed'], 0]);
    rmSync(folder);
    vi.advanceTimersByTime(30_000);
    expect([patient.problem(), patient.probe().ok, patient.keep(makeContent(1), {}).ok]).toEqual([null, true, true]);
    expect([logged, late]).toEqual([['storage_failed', 'storage_back'], 1]);
    patient.finishChecks();
    expect(work).toHaveBeenCalledOnce();
  });

  it('is not tried again after the end', () => {
    writeFileSync(folder, 'not a folder');
    open().close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('held by another process is not taken from it', () => {
    const other = openTestOutbox(folder, { identity });
    other.keep(makeContent(1), {});
    const patient = open();
    vi.advanceTimersByTime(10_000);
    expect([patient.problem(), existsSync(join(folder, 'set-aside'))]).toEqual(['in_use', false]);
    other.close();
    vi.advanceTimersByTime(30_000);
    expect([patient.problem(), patient.countWaiting()]).toEqual([null, 1]);
  });

  it('opened at once says nothing of it', () => {
    const patient = open();
    expect([patient.problem(), patient.probe().ok, late, logged, vi.getTimerCount()]).toEqual([null, true, 0, [], expect.any(Number)]);
  });
});

describe('a file that cannot be opened, in a folder that takes files', () => {
  it.each(['SQLITE_CANTOPEN', 'SQLITE_IOERR_LOCK', 'SQLITE_READONLY', 'SQLITE_PERM'])(
    '%s: in service again within five seconds, with what was whole in it',
    (code) => {
      keepBefore(3);
      Object.assign(sick, { code, inode: statSync(join(folder, 'outbox.db')).ino });
      const patient = open();
      expect(patient.probe()).toEqual({ ok: false, error: 'storage_failed' });
      vi.advanceTimersByTime(4_999);
      expect(patient.keep(makeContent(4), {}).ok).toBe(true);
      patient.finishChecks();
      expect(sequences(patient)).toEqual([1, 2, 3, 1]);
      expect(patient.losses().map(({ claims }) => claims.missing)).toEqual([[]]);
      expect(readdirSync(join(folder, 'set-aside', '0001'))).toContain('outbox.db');
    },
  );

  it('a sector that cannot be read is damage: a new file at once', () => {
    keepBefore(2);
    Object.assign(sick, { code: 'SQLITE_IOERR_READ', inode: statSync(join(folder, 'outbox.db')).ino });
    const patient = open();
    expect(patient.keep(makeContent(3), {}).ok).toBe(true);
    patient.finishChecks();
    expect(sequences(patient)).toEqual([1, 2, 1]);
  });

  it('something else in its place is set aside too', async () => {
    keepBefore(1);
    for (const name of ['outbox.db', 'outbox.db-wal', 'outbox.db-shm']) rmSync(join(folder, name), { force: true });
    vi.useRealTimers();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'outbox.db'), resolve));
    vi.useFakeTimers();
    const patient = open();
    vi.advanceTimersByTime(4_999);
    expect(patient.keep(makeContent(2), {}).ok).toBe(true);
    patient.finishChecks();
    expect(patient.losses().map(({ claims }) => claims.missing)).toEqual([[[1, 1]]]);
    server.close();
  });

  it('is left where it is when the folder takes nothing either: then it is the disk', () => {
    keepBefore(1);
    Object.assign(sick, { code: 'SQLITE_CANTOPEN', inode: statSync(join(folder, 'outbox.db')).ino });
    mkdirSync(join(folder, 'outbox.try.new'));
    const patient = open();
    vi.advanceTimersByTime(10_000);
    expect([patient.problem(), existsSync(join(folder, 'set-aside'))]).toEqual(['failed', false]);
    sick.inode = -1;
    vi.advanceTimersByTime(30_000);
    expect([patient.problem(), patient.countWaiting()]).toEqual([null, 1]);
  });

  it('of a newer version is left for it', () => {
    keepBefore(1);
    const raw = store.openDatabase(
      join(folder, 'outbox.db'),
      migrations.map(() => () => undefined),
    );
    raw.pragma('user_version = 9');
    raw.exec(`update meta set value = '9' where name = 'schema'`);
    raw.close();
    const patient = open();
    vi.advanceTimersByTime(10_000);
    expect([patient.problem(), existsSync(join(folder, 'set-aside'))]).toEqual(['newer_version', false]);
  });
});

it.each([
  ['SQLITE_FULL', 'disk_full'],
  ['ENOSPC', 'disk_full'],
  ['EROFS', 'read_only'],
  ['EACCES', 'read_only'],
  ['SQLITE_READONLY_DBMOVED', 'read_only'],
  ['SQLITE_BUSY', 'in_use'],
  ['EIO', 'failed'],
])('%s is told as %s', (code, problem) => {
  expect(nameProblem(Object.assign(new Error('x'), { code }))).toBe(problem);
});
