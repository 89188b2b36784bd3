import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeContent, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import { sha256 } from './chain.ts';
import type { OpenOutbox } from './open-outbox.ts';

const identity = makeSigner();
const hash = 'A'.repeat(43);
const proofOf = (index: number) => ({ index, path: [hash] });
const tx = (number: number) => makeContent(number).txId;

let folder: string;
let outbox: OpenOutbox | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-version-3-'));
  outbox = null;
});
afterEach(() => {
  outbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Old = { state: 'received' | 'stuck' | 'aside'; reason?: string; receipt?: number; proof?: object; held?: number; epoch?: string };

/** A file as version 3 wrote it: what has a row in `fate` here, and the others waiting. */
function makeVersion3(records: number, fates: Readonly<Record<number, Old>>, change = ''): void {
  const made = openTestOutbox(folder, { identity });
  for (let number = 1; number <= records; number += 1) made.keep(makeContent(number), {});
  made.close();
  const raw = new Database(join(folder, 'outbox.db'));
  raw.exec(`
    drop table received;
    alter table queue add column linked integer not null default 0;
    create table receipt (id integer primary key, head text not null, uses integer not null default 0) strict;
    insert into receipt (id, head) values (1, 'head.one.jws'), (2, 'head.two.jws');
    update meta set value = '3' where name = 'schema';
    pragma user_version = 3;
  `);
  const heads = [null, 'head.one.jws', 'head.two.jws'];
  for (const [number, { state, reason = null, receipt = null, proof = null, held = null, epoch = null }] of Object.entries(fates)) {
    const row = raw.prepare<[number], { id: number; lane: string }>('select id, lane from entry where sequence = ?').get(Number(number));
    if (!row) throw new Error('no such record');
    const values = [row.id, state, row.lane, reason, receipt, proof && JSON.stringify(proof), held];
    const rest = [...values, state === 'received' ? '2026-11-22T10:00:00.000Z' : null, epoch];
    const mark = sha256(JSON.stringify([...rest, heads[receipt ?? 0] ?? ''])).subarray(0, 8);
    raw.prepare('delete from waiting where id = ?').run(row.id);
    raw.prepare('insert into fate values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(...rest, mark);
  }
  raw.exec(change);
  raw.close();
}

function open(): OpenOutbox {
  outbox = openTestOutbox(folder, { identity });
  outbox.finishChecks();
  return outbox;
}
const states = (from: OpenOutbox, records: number) => Array.from({ length: records }, (_, at) => from.stateOf(tx(at + 1)));

function readReceived(): unknown[] {
  const raw = new Database(join(folder, 'outbox.db'), { readonly: true });
  const rows = raw.prepare('select first % 4294967296, last % 4294967296, head, held, epoch from received order by first').raw().all();
  raw.close();
  return rows;
}

/** All that is stated: what a person laid aside. */
const laidAside = [[7, 7]];
const missing = (from: OpenOutbox) => from.losses().flatMap(({ claims }) => claims.missing);

const one = { state: 'received', receipt: 1, held: 0, epoch: 'e1' } as const;
const file = {
  1: { ...one, proof: proofOf(0) },
  2: { ...one, proof: proofOf(1) },
  3: { ...one, proof: proofOf(2), held: 1 },
  4: { state: 'stuck', reason: 'invalid' },
  5: { ...one, proof: proofOf(4) },
  6: { ...one, receipt: 2, proof: proofOf(5) },
  7: { state: 'aside', reason: 'invalid' },
} as const;

it('of a file of version 3 nothing is lost: each record stands as it stood, and with its receipt', () => {
  makeVersion3(8, file);
  const opened = open();
  expect(states(opened, 8)).toEqual(['received', 'received', 'received', 'stuck', 'received', 'received', 'aside', 'waiting']);
  const receipts = [1, 2, 3, 5, 6].map((number) => opened.receiptOf(tx(number)));
  expect(receipts.map((receipt) => [receipt?.head, receipt?.proof.index, receipt?.leaf.held])).toEqual([
    ['head.one.jws', 0, false],
    ['head.one.jws', 1, false],
    ['head.one.jws', 2, true],
    ['head.one.jws', 4, false],
    ['head.two.jws', 5, false],
  ]);
  expect(opened.receiptOf(tx(2))?.proof).toEqual(proofOf(1));
  expect([missing(opened), opened.status().received, opened.status().needsPerson.length]).toEqual([laidAside, 5, 1]);
  expect(readReceived()).toEqual([
    [1, 2, 'head.one.jws', 0, 'e1'],
    [3, 3, 'head.one.jws', 1, 'e1'],
    [5, 5, 'head.one.jws', 0, 'e1'],
    [6, 6, 'head.two.jws', 0, 'e1'],
  ]);
  opened.close();
  expect(states(open(), 8)).toEqual(['received', 'received', 'received', 'stuck', 'received', 'received', 'aside', 'waiting']);
});

it('what was received in another epoch waits again when one begins', () => {
  makeVersion3(8, file);
  const opened = open();
  opened.enterEpoch('e2');
  opened.finishChecks();
  expect(states(opened, 8)).toEqual(['waiting', 'waiting', 'waiting', 'stuck', 'waiting', 'waiting', 'aside', 'waiting']);
});

it.each([
  ['whose row the disk changed', `update fate set received_at = '2020-01-01T00:00:00.000Z' where id % 4294967296 = 2`],
  ['whose receipt is not there', `delete from receipt where id = 2`],
])('a record %s waits again: a repeat brings its receipt', (_what, change) => {
  makeVersion3(8, file, change);
  const opened = open();
  const again = change.startsWith('update') ? 2 : 6;
  expect(states(opened, 8).flatMap((state, at) => (state === 'waiting' ? [at + 1] : []))).toEqual([again, 8]);
  expect([missing(opened), opened.status().received]).toEqual([laidAside, 4]);
});
