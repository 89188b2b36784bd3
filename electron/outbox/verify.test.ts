import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeContent, makeRun, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import { markRun } from './marks.ts';
import type { OpenOutbox } from './open-outbox.ts';
import type { ReceivedRow } from './rows.ts';

const identity = makeSigner();
let folder: string;
let outbox: OpenOutbox;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-verify-'));
  outbox = openTestOutbox(folder, { identity });
});
afterEach(() => {
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Three that were received together, and what `change` makes of the row that says so. */
function openChanged(change: (row: ReceivedRow) => Partial<ReceivedRow>[]): void {
  for (const number of [1, 2, 3]) outbox.keep(makeContent(number), {});
  outbox.markAllReceived([makeRun([1, 2, 3])]);
  outbox.close();
  const raw = new Database(join(folder, 'outbox.db'));
  const [row] = raw.prepare<[], ReceivedRow>('select * from received').all();
  if (!row) throw new Error('not received');
  const add = raw.prepare(
    'insert into received values (@first, @last, @head, @leaves, @place, @proofs, @held, @received_at, @epoch, @mark)',
  );
  raw.exec('delete from received');
  for (const each of change(row)) add.run({ ...row, ...each, mark: markRun({ ...row, ...each }) });
  raw.close();
  outbox = openTestOutbox(folder, { identity });
  outbox.finishChecks();
}

it('finds nothing wrong with those that were received together', () => {
  openChanged((row) => [row]);
  expect([outbox.countWaiting(), outbox.losses()]).toEqual([0, []]);
});

it.each([
  ['that two receipts end', (row: ReceivedRow) => [row, { first: row.last }]],
  ['that no receipt ends any more', (row: ReceivedRow) => [{ last: row.last - 1 }]],
])('finds a record %s, and all are sent again', (_what, change) => {
  openChanged(change);
  expect([outbox.countWaiting(), outbox.losses().map(({ claims }) => claims.missing)]).toEqual([3, [[]]]);
});
