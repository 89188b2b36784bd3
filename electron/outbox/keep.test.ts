import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeClock, makeContent, makeSealKey, makeSigner } from '../testing/outbox-room.ts';
import { nextDelivery } from './deliveries.ts';
import { type HeadFile, openHeadFile } from './head-file.ts';
import { keep, leave, probe } from './keep.ts';
import { enter } from './replace.ts';
import { defaultRandom, hidden, type Parts, type Room } from './room.ts';
import { salvage } from './salvage.ts';
import { createSeal } from './seal.ts';
import { listAside } from './set-aside.ts';
import { createSpace } from './space.ts';

/** The moment between the commit and the head: the disk takes the one and refuses the other. */
const key = makeSealKey();
const identity = makeSigner();
const all = { records: 100, bytes: 1_000_000 };

let folder: string;
let parts: Parts;
let room: Room;
let refusing: boolean;
let heads: HeadFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-keep-'));
  mkdirSync(folder, { recursive: true });
  refusing = false;
  start();
});
afterEach(() => {
  if (room.database.open) room.database.close();
  heads.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(): void {
  heads = openHeadFile(join(folder, 'outbox.head'));
  const write = (head: Parameters<HeadFile['write']>[0]) => {
    if (refusing) throw Object.assign(new Error('input/output error'), { code: 'EIO' });
    heads.write(head);
  };
  parts = {
    folder,
    file: join(folder, 'outbox.db'),
    identity,
    seal: createSeal(() => key),
    clock: makeClock(),
    log: () => undefined,
    headFile: { ...heads, write },
    space: createSpace({ folder, reserveMebibytes: 0 }),
    keepDays: 30,
    random: defaultRandom,
  };
  room = enter(parts);
}

function tryKeep(number: number, purpose = 'work') {
  refusing = true;
  expect(() => keep(parts, room, { ...makeContent(number), answers: { purpose } }, undefined)).toThrow();
  refusing = false;
}
const keepNow = (number: number, purpose = 'work') => keep(parts, room, { ...makeContent(number), answers: { purpose } }, undefined);
const waiting = () => nextDelivery(parts, room, all)?.records.map(({ txId }) => Number(txId.slice(-12))) ?? [];
const count = () => room.sql.countWaiting.get(hidden(room));

it('what has no head on disk is not kept: it is not sent and not counted', () => {
  tryKeep(1);
  expect(waiting()).toEqual([]);
  expect(count()).toBe(0);
  expect(room.queue.sequence).toBe(0);
});

it('the same transaction again gives the same record, and now its head', () => {
  tryKeep(1);
  const sealed = room.sql.entryByTx.get(makeContent(1).txId)?.ciphertext;
  const kept = keepNow(1);
  expect(kept).toMatchObject({ ok: true, value: { ticket: { sequence: 1 } } });
  expect(room.sql.entryByTx.get(makeContent(1).txId)?.ciphertext.equals(sealed ?? Buffer.alloc(0))).toBe(true);
  expect(heads.read()?.sequence).toBe(1);
  expect(waiting()).toEqual([1]);
});

it('the same transaction with other answers is never kept as the first ones', () => {
  tryKeep(1, 'work');
  const first = room.sql.entryByTx.get(makeContent(1).txId)?.record;
  const kept = keepNow(1, 'travel');
  if (!kept.ok) throw new Error('not kept');
  expect(kept.value.ticket.record).not.toBe(first?.toString('base64url'));
  expect(count()).toBe(1);
});

it('another transaction takes its place: the first was refused, and is gone', () => {
  tryKeep(1);
  expect(keepNow(2)).toMatchObject({ ok: true, value: { ticket: { sequence: 1 } } });
  expect(waiting()).toEqual([2]);
  expect(room.sql.entryByTx.get(makeContent(1).txId)).toBeUndefined();
});

it('asking whether anything can be kept takes it back', () => {
  tryKeep(1);
  expect(probe(parts, room)).toEqual({ ok: true, value: null });
  expect(room.sql.entryByTx.get(makeContent(1).txId)).toBeUndefined();
  expect(heads.read()?.sequence).toBe(0);
});

it('a try that was taken back is not what is found in damaged files, although it is signed', () => {
  tryKeep(1);
  keepNow(2);
  tryKeep(3);
  keepNow(4);
  tryKeep(5);
  const pages = readFileSync(`${parts.file}-wal`);
  room.database.close();
  rmSync(parts.file);
  writeFileSync(`${parts.file}-wal`, pages);
  room = enter(parts);
  const [aside] = listAside(folder);
  if (!aside) throw new Error('nothing was set aside');
  for (const _step of salvage(parts, room, aside));
  expect(waiting()).toEqual([2, 4]);
});

it('nor when what took its place is gone: that is stated as lost', () => {
  tryKeep(1);
  keepNow(2);
  keepNow(3);
  const pages = readFileSync(`${parts.file}-wal`);
  const kept = room.sql.entryByTx.get(makeContent(2).txId)?.ciphertext ?? Buffer.alloc(0);
  room.database.close();
  rmSync(parts.file);
  for (let at = pages.indexOf(kept); at >= 0; at = pages.indexOf(kept, at + 1)) pages[at + 5] = (pages[at + 5] ?? 0) ^ 1;
  writeFileSync(`${parts.file}-wal`, pages);
  room = enter(parts);
  const [aside] = listAside(folder);
  if (!aside) throw new Error('nothing was set aside');
  for (const _step of salvage(parts, room, aside));
  expect(waiting()).toEqual([3]);
  expect(listAside(folder)[0]?.statements?.[0]?.claims.missing).toEqual([[1, 1]]);
});

it('closing takes it back; where the disk does not let that happen, it is what a crash leaves: one record beside an older head', () => {
  keepNow(1);
  tryKeep(2);
  leave(parts, room);
  start();
  expect(room.queue.sequence).toBe(1);
  tryKeep(2);
  refusing = true;
  room.database.close();
  refusing = false;
  start();
  expect(room.queue.sequence).toBe(2);
  expect(heads.read()?.sequence).toBe(2);
  expect(waiting()).toEqual([1, 2]);
  // Whoever sends it again now gets that one: it is there once, with the ticket of its one place.
  expect(keepNow(2)).toMatchObject({ ok: true, value: { ticket: { sequence: 2 } } });
  expect([room.queue.sequence, waiting()]).toEqual([2, [1, 2]]);
});

it('what is let go is wiped from the file, and nothing of it is put into another one meanwhile', () => {
  const read = (name: string) => room.database.pragma(name, { simple: true });
  expect([read('secure_delete'), read('temp_store')]).toEqual([1, 2]);
});
