import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHeadFile } from '../../../electron/outbox/head-file.ts';
import type { Signer } from '../../../electron/outbox/room.ts';
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
    truth.set(number, { record: kept.value.ticket.record, received: number <= 4, gone: false });
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
const oneOfEach = [null, -7n, 1.5, 'abc', Buffer.alloc(70_000)];

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
    outbox.stateOf(txId);
    outbox.receiptOf(txId);
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

it('a queue that the head file knows, and the database under another name, is set aside and salvaged', () => {
  const folder = copy();
  putValue(folder, { table: 'queue', column: 'generation', row: 'first' }, 'A'.repeat(11));
  expect(judge(folder, template)).toMatchObject({ lossesMissed: 0, wrongRecords: 0 });
  expect(existsSync(join(folder, 'set-aside', '0002', 'outbox.db'))).toBe(true);
});
