import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHeadFile } from '../../../electron/outbox/head-file.ts';
import type { Signer } from '../../../electron/outbox/room.ts';
import { place } from '../../../electron/outbox/schema.ts';
import { makeContent, makeReceipt, makeRun, makeSigner, openTestOutbox } from '../../../electron/testing/outbox-room.ts';
import { judge } from './judge.ts';
import type { Template } from './templates.ts';
import { listPlaces, type Place, putValue, type Value } from './values.ts';

let base: string;
let template: Template;

/** Two queues; in the earlier one records of each standing: received together and alone, stuck, laid aside, waiting. */
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'loket-values-'));
  const folder = join(base, 'whole');
  mkdirSync(folder);
  const identity = makeSigner();
  const outbox = openTestOutbox(folder, { identity });
  const { generation } = outbox.head();
  const truth: Template['truth'] = new Map();
  for (let number = 1; number <= 12; number += 1) {
    const kept = outbox.keep(makeContent(number, number * 300), {});
    if (!kept.ok) throw new Error(kept.error);
    truth.set(number, { record: kept.value.ticket.record, received: number <= 4, gone: false, aside: number === 6 });
  }
  outbox.markAllReceived([makeRun([1, 2, 3])]);
  outbox.markReceived(makeContent(4).txId, makeReceipt());
  for (const number of [5, 6]) outbox.markStuck(makeContent(number).txId, 'invalid');
  outbox.decide(makeContent(6).reference, 'aside');
  outbox.keep(makeContent(13), {});
  outbox.close();
  template = { folder, earlier: folder, identity, generation, truth };
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function copy(from = template.folder): string {
  const folder = join(base, 'hurt');
  rmSync(folder, { recursive: true, force: true });
  cpSync(from, folder, { recursive: true });
  return folder;
}

/** A copy in which one value is another, or null where no page can hold it. */
function hurtCopy(place: Place, value: Value): string | null {
  const folder = copy();
  return putValue(folder, place, value) ? folder : null;
}

/** One of each kind, and the longest: the tool draws from all of them. */
const oneOfEach = [null, -7n, 2n ** 40n, 1.5, 'abc', Buffer.alloc(70_000)];

const asText = (value: Value): string => (Buffer.isBuffer(value) ? `${value.length} bytes` : String(value).slice(0, 20));

it('whatever kind of value a damaged page gives for a column, the queue is in service, and loses nothing unstated', () => {
  const complaints: string[] = [];
  let trials = 0;
  for (const place of listPlaces(template.folder)) {
    for (const value of oneOfEach) {
      const folder = hurtCopy(place, value);
      if (folder === null) continue;
      trials += 1;
      const { lossesMissed, wrongRecords } = judge(folder, template);
      if (lossesMissed + wrongRecords > 0)
        complaints.push(`${place.table}.${place.column} as ${asText(value)}: ${lossesMissed}, ${wrongRecords}`);
    }
  }
  expect(complaints).toEqual([]);
  expect(trials).toBeGreaterThan(350);
}, 120_000);

/** Each as the app asks it, whatever is not known yet of the damage. */
function askEverything(folder: string, identity: Signer): void {
  const outbox = openTestOutbox(folder, { identity });
  const limit = { records: 100, bytes: 1_000_000 };
  outbox.status();
  outbox.countWaiting();
  outbox.waitingDeliveries(limit);
  for (const number of [1, 4, 5, 6, 8, 12]) {
    const { txId } = makeContent(number);
    if (number > 4 && outbox.stateOf(txId) === 'received') throw new Error(`${number} received`);
    const receipt = outbox.receiptOf(txId);
    if (receipt && (number > 4 || receipt.head !== makeReceipt().head)) throw new Error(`a receipt of ${number}`);
    outbox.keep(makeContent(number, number * 300), {});
  }
  const delivery = outbox.next({ ...limit, records: 3 });
  if (delivery) outbox.nextAfter(delivery, limit);
  const kept = outbox.keep(makeContent(100), {});
  if (!kept.ok) throw new Error(kept.error);
  outbox.markAllReceived([makeRun([7, 8])]);
  outbox.markStuck(makeContent(9).txId, 'invalid');
  outbox.decide(makeContent(5).reference, 'again');
  outbox.noticeForgotten([{ generation: template.generation, linked: 2 }]);
  outbox.cover([{ generation: template.generation, linked: 5, backedUp: 5 }]);
  outbox.enterEpoch('e2');
  outbox.losses();
  outbox.finishChecks();
  outbox.close();
}

it('and answers before its checks have found the damage', () => {
  const complaints: string[] = [];
  for (const place of listPlaces(template.folder).filter(({ row }) => row === 'first')) {
    for (const value of oneOfEach) {
      const folder = hurtCopy(place, value);
      if (folder === null) continue;
      try {
        askEverything(folder, template.identity);
      } catch (error) {
        complaints.push(
          `${place.table}.${place.column} as ${asText(value)}: ${error instanceof Error ? error.stack?.split('\n').slice(0, 4).join(' ') : error}`,
        );
      }
    }
  }
  expect(complaints).toEqual([]);
}, 120_000);

it.each([
  ['record', 'resord'],
  ['chain', 'ahain'],
  ['ordinal', 'ordinaL'],
  ['tx_id', 'Tx_id'],
])('one bit of the schema makes of the column %s another, %s, and SQLite reads on: nothing is lost', (column, other) => {
  const folder = copy();
  const file = join(folder, 'outbox.db');
  const text = readFileSync(file, 'latin1');
  const hurt = text.replace(new RegExp(`(?<=\\s)${column}(?= (integer primary|blob not|text not))`, 'g'), other);
  expect(hurt).not.toBe(text);
  writeFileSync(file, hurt, 'latin1');
  expect(judge(folder, template)).toMatchObject({ lossesMissed: 0, wrongRecords: 0 });
});

it('whose a queue is, its records say, where the row is damaged and no head file knows better', () => {
  const folder = copy();
  putValue(folder, { table: 'queue', column: 'terminal', row: 'first' }, 'somebody-else');
  rmSync(join(folder, 'outbox.head'));
  expect(judge(folder, template)).toMatchObject({ lossesMissed: 0, wrongRecords: 0, stated: 1 });
});

it('whose a queue is, the head file knows: a row that says another is not believed, and not written down there', () => {
  const former = makeSigner();
  const whole = join(base, 'enrolled-anew');
  mkdirSync(whole);
  for (const [number, identity] of [former, template.identity].entries()) {
    const outbox = openTestOutbox(whole, { identity });
    outbox.keep(makeContent(number), {});
    outbox.close();
  }
  const folder = copy(whole);
  putValue(folder, { table: 'queue', column: 'x', row: 'first' }, 'A'.repeat(43));
  const outbox = openTestOutbox(folder, { identity: template.identity });
  outbox.finishChecks();
  outbox.keep(makeContent(2), {});
  outbox.close();
  const headFile = openHeadFile(join(folder, 'outbox.head'));
  expect(headFile.read()?.earlier[0]?.owner).toEqual({ terminal: former.terminal, jwk: former.publicJwk });
  headFile.close();
});

const badKeys = ['A'.repeat(43), `${'A'.repeat(42)}Q`];

/** Keeps four, and leaves the folder as a kill between the last commit and its head does. */
function killedBeforeHead(whole = mkdtempSync(join(base, 'killed-'))): { folder: string; template: Template } {
  const identity = makeSigner();
  const outbox = openTestOutbox(whole, { identity });
  const truth: Template['truth'] = new Map();
  let before: Buffer | null = null;
  for (const [at, number] of [21, 22, 23, 24].entries()) {
    before = readFileSync(join(whole, 'outbox.head'));
    const kept = outbox.keep(makeContent(number), {});
    if (!kept.ok) throw new Error(kept.error);
    truth.set(at + 1, { record: kept.value.ticket.record, received: false, gone: false, aside: false });
  }
  const { generation } = outbox.head();
  outbox.close();
  const folder = copy(whole);
  writeFileSync(join(folder, 'outbox.head'), before ?? '');
  return { folder, template: { folder: whole, earlier: whole, identity, generation, truth } };
}

it('another number in the queue’s row, and the head one behind: the head file knows which queue it is', () => {
  const killed = killedBeforeHead();
  putValue(killed.folder, { table: 'queue', column: 'ordinal', row: 'first' }, 2n ** 20n);
  expect(judge(killed.folder, killed.template)).toMatchObject({ lossesMissed: 0, wrongRecords: 0, salvaged: 4, stated: 0 });
  const places = new Database(join(killed.folder, 'outbox.db'), { readonly: true });
  expect(places.prepare('select min(id) from entry').pluck().get()).toBe(place(1, 1));
  places.close();
});

it('a former key that is none any more: its records cannot be proven, and the others are salvaged', () => {
  const whole = mkdtempSync(join(base, 'former-'));
  const former = openTestOutbox(whole, { identity: makeSigner() });
  former.keep(makeContent(1), {});
  former.close();
  const { folder, template: kept } = killedBeforeHead(whole);
  rmSync(join(folder, 'outbox.head'));
  putValue(folder, { table: 'queue', column: 'x', row: 'first' }, badKeys[0] ?? '');
  putValue(folder, { table: 'entry', column: 'lane', row: 'last' }, 'abc');
  expect(judge(folder, kept)).toMatchObject({ lossesMissed: 0, wrongRecords: 0, salvaged: 3, stated: 1 });
});

it.each(badKeys)('a key that is none in the queue’s row, %s, and no head file: noticed by a record’s signature', (y) => {
  const folder = copy();
  putValue(folder, { table: 'queue', column: 'y', row: 'first' }, y);
  rmSync(join(folder, 'outbox.head'));
  expect(judge(folder, template)).toMatchObject({ lossesMissed: 0, wrongRecords: 0 });
  const outbox = openTestOutbox(folder, { identity: template.identity });
  const headFile = openHeadFile(join(folder, 'outbox.head'));
  const owners = headFile.read()?.earlier.map(({ owner }) => owner.jwk.y);
  headFile.close();
  outbox.close();
  expect(new Set(owners)).toEqual(new Set([template.identity.publicJwk.y]));
});

it.each([
  ['the newest', 2n ** 40n, 'a'],
  ['the newest', 2n ** 20n, 'a'],
  ['the oldest', 2n ** 40n, 'no'],
] as const)('a number of %s queue that is %s, beside %s head file, does not use up those of later queues', (which, ordinal, head) => {
  const folder = copy();
  putValue(folder, { table: 'queue', column: 'ordinal', row: which === 'the newest' ? 'last' : 'first' }, ordinal);
  if (head === 'no') rmSync(join(folder, 'outbox.head'));
  expect(judge(folder, template)).toMatchObject({ lossesMissed: 0, wrongRecords: 0 });
  const headFile = openHeadFile(join(folder, 'outbox.head'));
  expect(headFile.read()?.ordinal).toBeLessThan(2_000);
  headFile.close();
});

it('a receipt’s row that says it is about more than it is: what is behind is not received', () => {
  const folder = copy();
  putValue(folder, { table: 'received', column: 'last', row: 'last' }, BigInt(place(1, 12)));
  const outbox = openTestOutbox(folder, { identity: template.identity });
  expect(outbox.stateOf(makeContent(8).txId)).not.toBe('received');
  outbox.finishChecks();
  expect(outbox.stateOf(makeContent(8).txId)).toBe('waiting');
  outbox.close();
});

it('the newest record in a row that is none, and no head file: the queue’s own row still says that there was one', () => {
  const { folder, template: kept } = killedBeforeHead();
  rmSync(join(folder, 'outbox.head'));
  putValue(folder, { table: 'entry', column: 'lane', row: 'last' }, 'abc');
  expect(judge(folder, kept)).toMatchObject({ lossesMissed: 0, wrongRecords: 0, salvaged: 3, stated: 1 });
});

it('one column of an earlier queue’s row: what was let go of others is not stated as lost', () => {
  const whole = mkdtempSync(join(base, 'let-go-'));
  const first = openTestOutbox(whole, { identity: template.identity });
  const { generation } = first.head();
  const truth: Template['truth'] = new Map();
  for (const number of [1, 2, 3]) {
    const kept = first.keep(makeContent(number), {});
    if (!kept.ok) throw new Error(kept.error);
    truth.set(number, { record: kept.value.ticket.record, received: number < 3, gone: number < 3, aside: false });
  }
  for (const number of [1, 2]) first.markReceived(makeContent(number).txId, makeReceipt('2026-09-01T10:00:00.000Z'));
  first.cover([{ generation, linked: 2, backedUp: 2 }]);
  first.close();
  const renewed = openTestOutbox(whole, { identity: makeSigner() });
  renewed.keep(makeContent(4), {});
  // What the head file says of how far things were let go is about the newest queue alone.
  renewed.markAllReceived([makeRun([4])]);
  renewed.close();
  const folder = copy(whole);
  putValue(folder, { table: 'queue', column: 'backed_up', row: 'last' }, null);
  const outbox = openTestOutbox(folder, { identity: template.identity });
  outbox.finishChecks();
  const stated = outbox.losses().filter(({ claims }) => claims.generation === generation);
  outbox.close();
  expect(stated.flatMap(({ claims }) => claims.missing)).toEqual([]);
});

it.each(['with its statement', 'before its statement'])('what was laid aside, %s, stays so, whatever older pages say', (when) => {
  const whole = mkdtempSync(join(base, 'aside-'));
  const outbox = openTestOutbox(whole, { identity: template.identity });
  const { txId, reference } = makeContent(1);
  outbox.keep(makeContent(1), {});
  outbox.markStuck(txId, 'invalid');
  outbox.decide(reference, 'aside');
  // As a power cut leaves it: the log has one after the other. A head of another disk makes it be salvaged.
  const folder = copy(whole);
  outbox.close();
  if (when === 'before its statement') rmSync(join(folder, 'set-aside'), { recursive: true });
  cpSync(join(template.folder, 'outbox.head'), join(folder, 'outbox.head'));
  const again = openTestOutbox(folder, { identity: template.identity });
  again.finishChecks();
  expect([again.stateOf(txId), again.status().needsPerson]).toEqual(['aside', []]);
  again.close();
});

it('a queue that the head file knows, and the database under another name, is set aside and salvaged', () => {
  const folder = copy();
  putValue(folder, { table: 'queue', column: 'generation', row: 'first' }, 'A'.repeat(11));
  expect(judge(folder, template)).toMatchObject({ lossesMissed: 0, wrongRecords: 0 });
  expect(existsSync(join(folder, 'set-aside', '0002', 'outbox.db'))).toBe(true);
});
