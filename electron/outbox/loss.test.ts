import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { compactVerify, importJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LossStatement, lossType } from '../../contract/kept-record.ts';
import { makeClock, makeContent, makeReceipt, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import { countLost, findMissing } from './loss.ts';
import type { OpenOutbox, OutboxOptions } from './open-outbox.ts';

const identity = makeSigner();
const all = { records: 100, bytes: 256 * 1024 };
const database = 'outbox.db';
const log = 'outbox.db-wal';
const head = 'outbox.head';

let base: string;
let folder: string;
let clock: ReturnType<typeof makeClock>;
let opened: OpenOutbox[];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'loket-loss-'));
  folder = join(base, 'queue');
  clock = makeClock();
  opened = [];
});
afterEach(() => {
  for (const outbox of opened) outbox.close();
  rmSync(base, { recursive: true, force: true });
});

function open(options: Partial<OutboxOptions> = {}, at = folder): OpenOutbox {
  const outbox = openTestOutbox(at, { identity, clock, ...options });
  opened.push(outbox);
  return outbox;
}

function close(outbox: OpenOutbox): void {
  opened = opened.filter((other) => other !== outbox);
  outbox.close();
}

function keepMany(outbox: OpenOutbox, numbers: readonly number[], bytes = 0): void {
  for (const number of numbers) expect(outbox.keep(makeContent(number, bytes), {}).ok).toBe(true);
}

/** As a power cut leaves it: with the log, and nobody holding it. */
function cutPower(outbox: OpenOutbox): void {
  const copy = join(base, 'copy');
  cpSync(folder, copy, { recursive: true });
  close(outbox);
  rmSync(folder, { recursive: true });
  cpSync(copy, folder, { recursive: true });
  rmSync(copy, { recursive: true });
}

const waiting = (outbox: OpenOutbox) => [...outbox.waitingDeliveries(all)].flatMap(({ records }) => records);
const numbersOf = (outbox: OpenOutbox) => waiting(outbox).map(({ txId }) => Number(txId.slice(-12)));
const stated = (outbox: OpenOutbox) => outbox.losses().map(({ claims }) => claims);

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
    ['waits and has ended', `insert into waiting select id from fate`],
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
    for (let page = 0; page < bytes.length; page += 4_096) {
      const at = bytes.subarray(page, page + 4_096).indexOf(makeContent(2).txId);
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
    raw.exec(`update fate set received_at = '2020-01-01T00:00:00.000Z'`);
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
    before.markAllReceived([1, 2, 3].map((number) => ({ txId: makeContent(number).txId, receipt: makeReceipt() })));
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

describe('while it is open', () => {
  it('salvage and a look at each record go on by themselves, between other work', async () => {
    const before = open();
    keepMany(before, [1, 2, 3]);
    close(before);
    const bytes = readFileSync(join(folder, database));
    writeFileSync(join(folder, database), Buffer.concat([Buffer.alloc(100), bytes.subarray(100)]));
    const outbox = open();
    expect(numbersOf(outbox)).toEqual([]);
    await vi.waitFor(() => expect(outbox.losses()).toHaveLength(1), 20_000);
    expect(numbersOf(outbox)).toEqual([1, 2, 3]);
  });

  it('a damaged one that cannot be replaced now keeps nothing, and is replaced as soon as it can be', () => {
    const outbox = open();
    keepMany(outbox, [1]);
    writeFileSync(join(folder, 'set-aside'), 'in the way');
    for (const name of [database, log, 'outbox.db-shm']) rmSync(join(folder, name));
    expect(outbox.keep(makeContent(2), {})).toEqual({ ok: false, error: 'storage_failed' });
    expect(outbox.probe()).toEqual({ ok: false, error: 'storage_failed' });
    rmSync(join(folder, 'set-aside'));
    expect(outbox.probe()).toEqual({ ok: true, value: null });
    keepMany(outbox, [2]);
    outbox.finishChecks();
    expect(stated(outbox)).toMatchObject([{ missing: [[1, 1]] }]);
  });

  it('a database that somebody deletes is replaced, and what is kept next is on disk', () => {
    const outbox = open();
    keepMany(outbox, [1]);
    for (const name of [database, log, 'outbox.db-shm']) rmSync(join(folder, name));
    keepMany(outbox, [2]);
    outbox.finishChecks();
    expect(existsSync(join(folder, database))).toBe(true);
    expect(numbersOf(outbox)).toEqual([2]);
    expect(stated(outbox)).toMatchObject([{ missing: [[1, 1]] }]);
  });

  it('a disk that fails again and again is not filled with what it damaged', () => {
    const outbox = open();
    const hurt = () => [database, log, 'outbox.db-shm'].map((name) => rmSync(join(folder, name), { force: true }));
    for (const number of [1, 2, 3, 4, 5]) {
      hurt();
      keepMany(outbox, [number]);
    }
    hurt();
    expect(outbox.keep(makeContent(6), {})).toEqual({ ok: false, error: 'storage_failed' });
    expect(readdirSync(join(folder, 'set-aside'))).toHaveLength(5);
    clock.moveTicks(3_600_001);
    keepMany(outbox, [6]);
  });

  it('the head file is looked at again at each contact, and written again when it is gone', () => {
    const outbox = open();
    keepMany(outbox, [1]);
    rmSync(join(folder, head));
    outbox.noticeRollback([{ generation: outbox.head().generation, linked: 0 }]);
    cutPower(outbox);
    for (const name of [database, log]) rmSync(join(folder, name));
    const again = open();
    again.finishChecks();
    expect(stated(again)).toMatchObject([{ missing: [[1, 1]] }]);
  });
});

describe('what the middleware knows of these queues', () => {
  it('more than this disk: another generation begins, and what is not here is stated', () => {
    const outbox = open();
    keepMany(outbox, [1, 2]);
    const { generation } = outbox.head();
    outbox.noticeRollback([{ generation, linked: 2 }]);
    expect(outbox.head().generation).toBe(generation);
    outbox.noticeRollback([{ generation, linked: 5 }]);
    expect(outbox.head().generation).not.toBe(generation);
    expect(stated(outbox)).toMatchObject([{ generation, head: { sequence: 2 }, missing: [[3, 5]] }]);
    expect(outbox.status().lost).toBe(0);
    outbox.noticeRollback([{ generation, linked: 5 }]);
    expect(outbox.losses()).toHaveLength(1);
    keepMany(outbox, [3]);
    expect(numbersOf(outbox)).toEqual([1, 2, 3]);
  });

  it('a queue that this disk never had: said once, and no reason to begin anew when it is older', () => {
    const outbox = open();
    const { generation } = outbox.head();
    const listed = [
      { generation: 'AAAAAAAAAAA', linked: 7 },
      { generation, linked: 0 },
    ];
    outbox.noticeRollback(listed);
    outbox.noticeRollback(listed);
    expect(outbox.head().generation).toBe(generation);
    expect(stated(outbox)).toMatchObject([{ generation: 'AAAAAAAAAAA', head: null, missing: [], successor: generation }]);
  });

  it('a queue that came after this one: this disk is older than it was', () => {
    const outbox = open();
    keepMany(outbox, [1]);
    const { generation } = outbox.head();
    outbox.noticeRollback([
      { generation, linked: 1 },
      { generation: 'AAAAAAAAAAA', linked: 7 },
    ]);
    expect(outbox.head().generation).not.toBe(generation);
    // Both are closed: who goes on in either of them is a copy.
    expect(stated(outbox).map((claims) => [claims.generation, claims.head?.sequence ?? null])).toEqual([
      ['AAAAAAAAAAA', null],
      [generation, 1],
    ]);
  });
});

describe('another identity', () => {
  it('begins a generation of its own; what was kept before is still whole and still sent', () => {
    const before = open();
    keepMany(before, [1]);
    const { generation } = before.head();
    close(before);
    const anew = makeSigner();
    const outbox = open({ identity: anew });
    keepMany(outbox, [2]);
    outbox.finishChecks();
    expect(outbox.losses()).toEqual([]);
    expect(waiting(outbox).map((record) => record.generation)).toEqual([generation, outbox.head().generation]);
    close(outbox);
    rmSync(join(folder, database));
    const again = open({ identity: anew });
    again.finishChecks();
    expect(stated(again).map((claims) => [claims.generation, claims.missing])).toContainEqual([generation, [[1, 1]]]);
    expect(again.status().lost).toBe(2);
  });

  it('of another name sends nothing that is not its own', () => {
    const before = open();
    keepMany(before, [1]);
    close(before);
    const outbox = open({ identity: makeSigner('kiosk-9') });
    keepMany(outbox, [2]);
    clock.moveTicks(61_000);
    expect(outbox.next(all)?.records.map(({ txId }) => txId)).toEqual([makeContent(2).txId]);
    expect(outbox.countWaiting()).toBe(2);
  });
});

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

describe('what is missing', () => {
  it.each([
    [[], 1, 3, [[1, 3]]],
    [[1, 2, 3], 1, 3, []],
    [
      [2],
      1,
      3,
      [
        [1, 1],
        [3, 3],
      ],
    ],
    [
      [1, 5, 9],
      2,
      9,
      [
        [2, 4],
        [6, 8],
      ],
    ],
    [[], 4, 3, []],
  ])('of %j from %i to %i', (present, from, to, missing) => {
    expect(findMissing(present, from, to)).toEqual(missing);
  });

  it('is one range too many: the last one reaches to the end', () => {
    const odd = Array.from({ length: 30_000 }, (_, index) => 2 * index + 1);
    const missing = findMissing(odd, 1, 60_000);
    expect(missing).toHaveLength(10_000);
    expect(missing.at(-1)).toEqual([20_000, 60_000]);
  });

  it('is lost as far as it had no receipt', () => {
    expect(
      countLost(
        [
          [1, 4],
          [6, 6],
        ],
        3,
      ),
    ).toBe(2);
    expect(countLost([[1, 4]], 9)).toBe(0);
  });
});
