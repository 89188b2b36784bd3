import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { compactVerify, importJWK } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { LossStatement, lossType } from '../../contract/kept-record.ts';
import { makeContent, makeReceipt, makeRun } from '../testing/outbox-room.ts';
import {
  all,
  base,
  clock,
  close,
  cutPower,
  database,
  folder,
  head,
  identity,
  keepMany,
  log,
  numbersOf,
  open,
  readyQueueFolder,
  stated,
} from '../testing/queue-folder.ts';
import { pageBytes } from './pages.ts';

readyQueueFolder();

describe('at the start', () => {
  it.each([
    ['the database is gone', () => [database, log, 'outbox.db-shm'].map((name) => rmSync(join(folder, name), { force: true })), []],
    ['the database is a letter', () => [rmSync(join(folder, log)), writeFileSync(join(folder, database), 'Dear Sir, '.repeat(1_000))], []],
    ['the log is gone', () => rmSync(join(folder, log)), []],
    ['the database is a folder', () => [rmSync(join(folder, database)), mkdirSync(join(folder, database))], [1, 2, 3]],
  ])('%s: in service at once, what is whole is sent, the rest is stated', async (_what, hurt, salvaged) => {
    const before = open();
    const { generation } = before.head();
    keepMany(before, [1, 2, 3]);
    cutPower(before);
    hurt();
    const outbox = open();
    keepMany(outbox, [4]);
    outbox.finishChecks();
    expect(numbersOf(outbox)).toEqual([...salvaged, 4]);
    const missing = [1, 2, 3].filter((number) => !salvaged.some((found) => found === number));
    expect(stated(outbox)).toMatchObject([{ terminal: 'kiosk-2', generation, head: { sequence: 3 }, successor: outbox.head().generation }]);
    expect(stated(outbox)[0]?.missing).toEqual(missing.length > 0 ? [[1, 3]] : []);
    expect(outbox.status().lost).toBe(missing.length);
    expect(readdirSync(join(folder, 'set-aside'))).toEqual(['0001']);
  });

  it('the statement is signed by the terminal, is there until it was heard, and once', async () => {
    const before = open();
    keepMany(before, [1]);
    close(before);
    rmSync(join(folder, database));
    const outbox = open();
    outbox.finishChecks();
    const [loss] = outbox.losses();
    if (!loss) throw new Error('nothing stated');
    const key = await importJWK({ ...identity.publicJwk }, 'ES256');
    const { payload, protectedHeader } = await compactVerify(loss.statement, key);
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: lossType });
    expect(LossStatement.parse(JSON.parse(new TextDecoder().decode(payload)))).toEqual(loss.claims);
    close(outbox);
    const again = open();
    again.finishChecks();
    expect(again.losses()).toHaveLength(1);
    again.markLossHeard(loss.id);
    expect(again.losses()).toEqual([]);
    close(again);
    expect(open().losses()).toEqual([]);
  });

  it.each([
    ['as they are made', 2048],
    ['as earlier versions made them', 4096],
  ])('pages %s, of which neither file says the size any more', (_what, pageBytes) => {
    mkdirSync(folder, { recursive: true });
    const made = new Database(join(folder, database));
    made.pragma(`page_size = ${pageBytes}`);
    made.pragma('journal_mode = WAL');
    made.exec('create table early (id); drop table early');
    made.close();
    const before = open();
    keepMany(before, [1, 2, 3]);
    cutPower(before);
    for (const [name, bytes] of [
      [database, 100],
      [log, 32],
    ] as const) {
      const found = readFileSync(join(folder, name));
      if (name === log) expect(found.readUInt32BE(8)).toBe(pageBytes);
      writeFileSync(join(folder, name), found.fill(0xff, 0, bytes));
    }
    const outbox = open();
    outbox.finishChecks();
    expect(numbersOf(outbox)).toEqual([1, 2, 3]);
    expect(stated(outbox)).toMatchObject([{ missing: [] }]);
  });

  it.each(['loss.json', 'statements.json'])(
    'a disk that damages %s of what it lost as well: what is whole is sent all the same',
    (notes) => {
      const before = open();
      const { generation } = before.head();
      keepMany(before, [1, 2, 3]);
      cutPower(before);
      rmSync(join(folder, database));
      mkdirSync(join(folder, database));
      const hurt = open();
      if (notes === 'statements.json') hurt.finishChecks();
      close(hurt);
      writeFileSync(join(folder, 'set-aside', '0001', notes), '{"why":');
      const outbox = open();
      outbox.finishChecks();
      expect(numbersOf(outbox)).toEqual([1, 2, 3]);
      expect(stated(outbox)).toMatchObject([{ generation, head: { sequence: 3 }, missing: [] }]);
      close(outbox);
      expect(stated(open())).toHaveLength(1);
    },
  );

  it('a disk that damages the notes of what a person laid aside: it is not said to be lost, and still stated', () => {
    const before = open();
    keepMany(before, [1, 2]);
    before.markStuck(makeContent(2).txId, 'invalid');
    before.decide(makeContent(2).reference, 'aside');
    close(before);
    writeFileSync(join(folder, 'set-aside', '0001', 'loss.json'), '');
    const outbox = open();
    outbox.finishChecks();
    expect(stated(outbox)).toMatchObject([{ missing: [[2, 2]] }]);
    expect(outbox.status().lost).toBe(0);
    close(outbox);
    for (const name of [database, log]) rmSync(join(folder, name), { force: true });
    const later = open();
    later.finishChecks();
    expect(stated(later).map(({ missing }) => missing)).toContainEqual([[1, 2]]);
  });

  it('a middleware that was restored hears what was lost once more, also after a restart', () => {
    const before = open();
    keepMany(before, [1]);
    close(before);
    rmSync(join(folder, database));
    const outbox = open();
    outbox.finishChecks();
    outbox.enterEpoch('e1');
    outbox.markLossHeard(outbox.losses()[0]?.id ?? '');
    outbox.enterEpoch('e1');
    expect(outbox.losses()).toEqual([]);
    outbox.enterEpoch('e2');
    expect(outbox.losses()).toHaveLength(1);
    close(outbox);
    const again = open();
    expect(again.losses()).toHaveLength(1);
    again.markLossHeard(again.losses()[0]?.id ?? '');
    again.enterEpoch('e2');
    expect(again.losses()).toEqual([]);
  });

  it('a database that is older than the head is a loss, and none of its places is given twice', () => {
    const before = open();
    keepMany(before, [1, 2]);
    cpSync(folder, join(base, 'older'), { recursive: true });
    keepMany(before, [3, 4]);
    cutPower(before);
    for (const name of [database, log]) copyFileSync(join(base, 'older', name), join(folder, name));
    const outbox = open();
    keepMany(outbox, [5]);
    outbox.finishChecks();
    expect(numbersOf(outbox)).toEqual([1, 2, 5]);
    expect(stated(outbox)).toMatchObject([{ head: { sequence: 4 }, missing: [[3, 4]] }]);
  });

  it('a database that is as long as the head says, and is another one, is not gone on with', () => {
    const before = open();
    keepMany(before, [1]);
    cpSync(folder, join(base, 'other'), { recursive: true });
    keepMany(before, [2]);
    close(before);
    const other = open({}, join(base, 'other'));
    keepMany(other, [9]);
    close(other);
    copyFileSync(join(base, 'other', database), join(folder, database));
    const outbox = open();
    outbox.finishChecks();
    expect(numbersOf(outbox)).toEqual([1]);
    expect(stated(outbox)).toMatchObject([{ missing: [[2, 2]] }]);
  });

  it('a hole in the middle is a loss, found after opening without keeping anybody waiting', () => {
    const before = open();
    keepMany(before, [1, 2, 3]);
    close(before);
    const raw = new Database(join(folder, database));
    raw.exec(
      `pragma secure_delete = on; delete from waiting where id = (select id from entry where sequence = 2); delete from entry where sequence = 2`,
    );
    raw.close();
    const outbox = open();
    expect(outbox.losses()).toEqual([]);
    keepMany(outbox, [4]);
    outbox.finishChecks();
    expect(stated(outbox)).toMatchObject([{ missing: [[2, 2]], head: { sequence: 4 } }]);
    expect(numbersOf(outbox)).toEqual([1, 3, 4]);
  });

  it('what waits for all checks waits for a salvage that fails, too: it may throw away what that would find', () => {
    const before = open();
    keepMany(before, [1]);
    close(before);
    rmSync(join(folder, database));
    const outbox = open();
    const inTheWay = join(folder, 'set-aside', '0001', 'statements.json.new');
    mkdirSync(inTheWay);
    const work = vi.fn();
    outbox.afterChecks(work);
    for (let time = 1; time <= 4; time += 1) expect(() => outbox.finishChecks()).toThrow();
    expect(work).not.toHaveBeenCalled();
    rmSync(inTheWay, { recursive: true });
    outbox.finishChecks();
    expect(work).toHaveBeenCalledOnce();
  });

  it('what is carried stops where the disk changed a record: the rest has to be salvaged first', () => {
    const outbox = open();
    keepMany(outbox, [1, 2, 3]);
    const carried = outbox.waitingDeliveries({ ...all, records: 1 });
    expect(carried.next().value?.records).toMatchObject([{ sequence: 1 }]);
    const raw = new Database(join(folder, database));
    raw.exec(`update entry set ciphertext = randomblob(length(ciphertext)) where sequence = 2`);
    raw.close();
    expect(() => carried.next()).toThrow('damaged');
    outbox.finishChecks();
    expect(numbersOf(outbox)).toEqual([1, 3]);
  });

  it.each([
    ['its bytes', `update entry set ciphertext = randomblob(length(ciphertext)) where sequence = 2`],
    ['its place in the chain', `update entry set previous = randomblob(32) where sequence = 2`],
    ['its signature', `update entry set signature = randomblob(64) where sequence = 2`],
    ['its reference', `update entry set reference = 'KTR-0000-0000' where sequence = 2`],
  ])('a record that the disk changed in %s is never sent, and a person is told which one it was', (_what, change) => {
    const before = open();
    keepMany(before, [1, 2, 3]);
    close(before);
    const raw = new Database(join(folder, database));
    raw.exec(`pragma secure_delete = on; ${change}`);
    raw.close();
    const outbox = open();
    clock.moveTicks(61_000);
    expect(outbox.next(all)?.records.some(({ sequence }) => sequence === 2)).not.toBe(true);
    expect(outbox.isSalvaging()).toBe(true);
    outbox.finishChecks();
    expect(outbox.isSalvaging()).toBe(false);
    expect(numbersOf(outbox)).toEqual([1, 3]);
    expect(stated(outbox)).toMatchObject([{ missing: [[2, 2]] }]);
    expect(outbox.status().needsPerson).toMatchObject([{ reason: 'damaged' }]);
    outbox.decide(outbox.status().needsPerson[0]?.reference ?? '', 'again');
    expect(numbersOf(outbox)).toEqual([1, 3]);
    outbox.decide(outbox.status().needsPerson[0]?.reference ?? '', 'aside');
    expect(outbox.status().needsPerson).toEqual([]);
  });

  it('a record that is whole and signed, and was never kept in that place, is not sent', () => {
    const before = open();
    keepMany(before, [1]);
    cpSync(folder, join(base, 'other'), { recursive: true });
    keepMany(before, [2, 3]);
    close(before);
    const other = open({}, join(base, 'other'));
    keepMany(other, [9]);
    close(other);
    const raw = new Database(join(folder, database));
    raw.exec(`attach '${join(base, 'other', database)}' as other;
      delete from entry where sequence = 2; insert into entry select * from other.entry where sequence = 2`);
    raw.close();
    const outbox = open();
    outbox.finishChecks();
    expect(numbersOf(outbox)).not.toContain(9);
    expect(stated(outbox)).toHaveLength(1);
  });

  it.each([
    ['waits nowhere and has not ended', `delete from waiting where id % 4294967296 = 2`],
    ['waits and has ended', `insert into waiting select first from received`],
  ])('a record that %s is found, and waits', (_what, change) => {
    const before = open();
    keepMany(before, [1, 2, 3]);
    before.markReceived(makeContent(3).txId, makeReceipt());
    close(before);
    const raw = new Database(join(folder, database));
    raw.exec(change);
    raw.close();
    const outbox = open();
    outbox.finishChecks();
    expect(numbersOf(outbox)).toContain(2);
    expect(stated(outbox)).toMatchObject([{ missing: [] }]);
  });

  it('a record that its transaction does not find any more would never end: noticed too', () => {
    const before = open();
    keepMany(before, [1, 2]);
    close(before);
    const bytes = readFileSync(join(folder, database));
    const leafOfIndex = 0x0a;
    for (let page = 0; page < bytes.length; page += pageBytes) {
      const at = bytes.subarray(page, page + pageBytes).indexOf(makeContent(2).txId);
      if (bytes[page] === leafOfIndex && at >= 0) bytes[page + at + 35] = 0x7a;
    }
    writeFileSync(join(folder, database), bytes);
    const outbox = open();
    outbox.finishChecks();
    outbox.markReceived(makeContent(2).txId, makeReceipt());
    expect(numbersOf(outbox)).toEqual([1]);
  });

  it('what only the form list says, or what became of a record, is noticed too; the record itself is not lost', () => {
    const before = open();
    keepMany(before, [1, 2]);
    before.markReceived(makeContent(1).txId, makeReceipt());
    close(before);
    const raw = new Database(join(folder, database));
    raw.exec(`update received set received_at = '2020-01-01T00:00:00.000Z'`);
    raw.close();
    const outbox = open();
    outbox.finishChecks();
    expect(numbersOf(outbox)).toEqual([1, 2]);
    expect(stated(outbox)).toMatchObject([{ missing: [] }]);
    expect(outbox.status().lost).toBe(0);
  });

  it('a head file that is gone loses nothing, and is written again', () => {
    const before = open();
    keepMany(before, [1, 2]);
    const known = before.head();
    cutPower(before);
    rmSync(join(folder, head));
    const outbox = open();
    outbox.finishChecks();
    expect(outbox.head()).toEqual(known);
    expect(outbox.losses()).toEqual([]);
    close(outbox);
    rmSync(join(folder, database));
    const again = open();
    again.finishChecks();
    expect(stated(again)).toMatchObject([{ missing: [[1, 2]] }]);
  });

  it('a crash between the commit and the head loses nothing: the head is brought up to the database', () => {
    const before = open();
    keepMany(before, [1]);
    copyFileSync(join(folder, head), join(base, 'head'));
    keepMany(before, [2]);
    cutPower(before);
    copyFileSync(join(base, 'head'), join(folder, head));
    const outbox = open();
    outbox.finishChecks();
    expect(outbox.losses()).toEqual([]);
    expect(outbox.head().sequence).toBe(2);
    keepMany(outbox, [3]);
    expect(numbersOf(outbox)).toEqual([1, 2, 3]);
  });

  it('what was received is not counted as lost, and is sent again: its receipt comes again', () => {
    const before = open();
    keepMany(before, [1, 2, 3, 4]);
    before.markAllReceived([makeRun([1, 2, 3])]);
    cutPower(before);
    for (const name of [database, log]) rmSync(join(folder, name));
    const outbox = open();
    outbox.finishChecks();
    expect(stated(outbox)).toMatchObject([{ missing: [[1, 4]] }]);
    expect(outbox.status().lost).toBe(1);
  });

  it('what a person decided is remembered', () => {
    const before = open();
    keepMany(before, [1, 2, 3]);
    for (const number of [1, 2]) before.markStuck(makeContent(number).txId, 'invalid');
    before.decide(makeContent(1).reference, 'aside');
    close(before);
    const bytes = readFileSync(join(folder, database));
    writeFileSync(join(folder, database), Buffer.concat([Buffer.alloc(100), bytes.subarray(100)]));
    const outbox = open();
    outbox.finishChecks();
    expect(outbox.status().waiting).toMatchObject([{ reference: makeContent(3).reference }]);
    expect(outbox.status().needsPerson).toMatchObject([{ reference: makeContent(2).reference, reason: 'invalid' }]);
  });

  it('a second loss salvages the files of the first once more', () => {
    const before = open();
    keepMany(before, [1, 2]);
    close(before);
    writeFileSync(join(folder, database), Buffer.concat([Buffer.alloc(100), readFileSync(join(folder, database)).subarray(100)]));
    const between = open();
    between.finishChecks();
    keepMany(between, [3]);
    cutPower(between);
    for (const name of [database, log]) rmSync(join(folder, name), { force: true });
    const outbox = open();
    outbox.finishChecks();
    expect(numbersOf(outbox)).toEqual([1, 2]);
    expect(stated(outbox).map(({ missing }) => missing)).toEqual([[], [[1, 1]]]);
  });

  it.each([1, 2])('what neither the head file nor the database can tell (%i times) is found by what the records say', (times) => {
    const before = open();
    keepMany(before, [1, 2, 3]);
    const { generation } = before.head();
    close(before);
    for (let time = 1; time <= times; time += 1) {
      const bytes = readFileSync(join(folder, database));
      writeFileSync(join(folder, database), Buffer.concat([Buffer.alloc(100), bytes.subarray(100)]));
      rmSync(join(folder, head));
      const outbox = open();
      outbox.finishChecks();
      expect(numbersOf(outbox)).toEqual([1, 2, 3]);
      expect(stated(outbox).filter((claims) => claims.generation === generation)).toMatchObject([{ head: { sequence: 3 }, missing: [] }]);
      outbox.noticeRollback([{ generation, linked: 3 }]);
      expect(outbox.losses()).toHaveLength(1);
      close(outbox);
    }
  });

  it('a loss that follows a loss before anything is kept is stated for the first queue as well', () => {
    const before = open();
    keepMany(before, [1, 2]);
    close(before);
    const bytes = readFileSync(join(folder, database));
    writeFileSync(join(folder, database), Buffer.concat([Buffer.alloc(100), bytes.subarray(100)]));
    const between = open();
    between.finishChecks();
    between.markLossHeard(between.losses()[0]?.id ?? '');
    close(between);
    rmSync(join(folder, database));
    const outbox = open();
    outbox.finishChecks();
    expect(numbersOf(outbox)).toEqual([1, 2]);
  });

  it.each([1, 2, 3])('a crash in the middle of replacing (%i) is taken up at the next start', (step) => {
    const before = open();
    keepMany(before, [1, 2]);
    cutPower(before);
    cpSync(folder, join(base, 'hurt'), { recursive: true });
    rmSync(join(base, 'hurt', log));
    const finished = open({}, join(base, 'hurt'));
    close(finished);
    const aside = join(folder, 'set-aside', '0001');
    mkdirSync(aside, { recursive: true });
    const loss = JSON.parse(readFileSync(join(base, 'hurt', 'set-aside', '0001', 'loss.json'), 'utf8'));
    writeFileSync(join(aside, 'loss.json'), JSON.stringify(loss));
    rmSync(join(folder, log));
    if (step > 1) cpSync(join(folder, database), join(aside, database));
    if (step > 1) rmSync(join(folder, database));
    if (step > 2) cpSync(join(base, 'hurt', database), join(folder, database));
    const outbox = open();
    keepMany(outbox, [3]);
    outbox.finishChecks();
    expect(numbersOf(outbox)).toEqual([3]);
    expect(stated(outbox)).toMatchObject([{ missing: [[1, 2]], successor: outbox.head().generation }]);
    close(outbox);
    expect(open().losses()).toHaveLength(1);
  });
});

it.each(['', '[]]', '[{"lost":"three"}]'])(
  'a statement that the disk damaged is made anew from the files that were set aside: %j',
  (content) => {
    const before = open();
    keepMany(before, [1, 2]);
    close(before);
    rmSync(join(folder, database));
    const outbox = open();
    outbox.finishChecks();
    const known = stated(outbox);
    expect(known).toMatchObject([{ missing: [[1, 2]] }]);
    outbox.markLossesRead();
    expect(outbox.status().lost).toBe(0);
    close(outbox);
    writeFileSync(join(folder, 'set-aside', '0001', 'statements.json'), content);
    const again = open();
    again.finishChecks();
    // And nobody can be sure any more that it was read.
    expect([stated(again), again.status().lost]).toEqual([known, 2]);
  },
);
