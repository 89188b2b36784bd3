import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { makeContent, makeSigner } from '../testing/outbox-room.ts';
import {
  all,
  clock,
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
  stated,
  waiting,
} from '../testing/queue-folder.ts';

readyQueueFolder();

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
