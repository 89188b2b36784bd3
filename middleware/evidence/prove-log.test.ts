import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SqlValue } from '../store/database.ts';
import { replyOf } from '../testing/check-reply.ts';
import { asDelivery, createFakeTerminal, type FakeTerminal } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { emptyLog, prove } from '../testing/prove.ts';

let bench: TestBench;
let middleware: TestMiddleware;
let number = 0;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
beforeEach(async () => {
  await bench.empty();
  await emptyLog(bench);
  middleware = await bench.start({}, { lookAgainMs: 3_600_000, log: { write: () => undefined } });
});
afterAll(() => bench.close());

async function deliver(terminal: FakeTerminal, count: number): Promise<string[]> {
  const events = [];
  for (let kept = 0; kept < count; kept++) events.push(await terminal.seal(terminal.makeContent()));
  await replyOf(await middleware.deliver(asDelivery(events), terminal));
  return events.map(({ id }) => id);
}

/** Everything that can stand in the log: whole deliveries, mixed ones, refused ones, a live one, a fork, a loss. */
async function fill(): Promise<{ terminal: FakeTerminal; ids: string[] }> {
  const terminal = createFakeTerminal(`proof-${++number}`, bench.keys.sealKey);
  await bench.enrol(terminal);
  const ids = await deliver(terminal, 5);
  const events = [];
  for (let kept = 0; kept < 4; kept++)
    events.push(await terminal.seal(terminal.makeContent(), kept === 1 ? { key: { ...bench.keys.sealKey, id: 'unknown' } } : {}));
  await middleware.deliver(asDelivery(events.slice(3)), terminal);
  await middleware.deliver(asDelivery(events), terminal);
  await terminal.lose(2);
  await deliver(terminal, 1);
  await middleware.ask('/v1/losses', {
    method: 'POST',
    body: JSON.stringify({
      terminal: terminal.id,
      statement: await terminal.stateLoss({
        missing: [
          [7, 7],
          [10, 11],
        ],
      }),
    }),
    headers: { 'content-type': 'application/json' },
    as: terminal,
  });
  terminal.beginGeneration();
  const copy = terminal.clone();
  await deliver(terminal, 2);
  await deliver(copy, 1);
  await middleware.worker.drain();
  return { terminal, ids };
}

test('everything that was received is verified', async () => {
  await fill();
  const report = await prove(bench);
  expect(report.breaks).toEqual([]);
  // 5 at once, 1 live, 2 new of 4, 1 behind the loss, 2, and 1 of the copy; the live one and those behind are there once.
  expect(report).toMatchObject({ deliveries: 6, records: 12, losses: 1, cases: 11, stillMissing: [] });
  expect(report.head.sequence).toBe(6);
});

test('what has not come yet is said, and is no break', async () => {
  const terminal = createFakeTerminal(`proof-${++number}`, bench.keys.sealKey);
  await bench.enrol(terminal);
  await terminal.seal(terminal.makeContent());
  await deliver(terminal, 1);
  expect(await prove(bench)).toMatchObject({ breaks: [], stillMissing: [{ terminal: terminal.id, from: 1 }] });
});

test.each<[string, string, (ids: string[]) => SqlValue[], string]>([
  ['a changed record', `UPDATE inbox SET ciphertext = $2 WHERE tx_id = $1::uuid`, ([id]) => [id ?? '', randomBytes(50)], 'record '],
  ['a changed time', `UPDATE inbox SET kept_at = '2020-01-01T00:00:00Z' WHERE tx_id = $1::uuid`, ([id]) => [id ?? ''], 'record '],
  ['a changed reference', `UPDATE inbox SET reference = 'KOR-0000-0000' WHERE tx_id = $1::uuid`, ([id]) => [id ?? ''], 'delivery 1'],
  ['a changed hash', `UPDATE inbox SET record = $2 WHERE tx_id = $1::uuid`, ([id]) => [id ?? '', randomBytes(32)], 'delivery 1'],
  [
    'a hash with something behind it',
    `UPDATE inbox SET record = record || '\\x00' WHERE tx_id = $1::uuid`,
    ([id]) => [id ?? ''],
    'delivery 1',
  ],
  [
    'a chain before it with something behind it',
    `UPDATE delivery SET previous = previous || '\\x00' WHERE log_sequence = 2`,
    () => [],
    'delivery 2',
  ],
  ['a changed chain', `UPDATE inbox SET chain = $2 WHERE tx_id = $1::uuid`, ([id]) => [id ?? '', randomBytes(32)], 'delivery 1'],
  ['changed leaves', `UPDATE delivery SET leaves = substr(leaves, 33) WHERE log_sequence = 1`, () => [], 'delivery 1'],
  ['another leaf', `UPDATE inbox SET leaf = leaf + 1 WHERE tx_id = $1::uuid`, ([, last]) => [last ?? ''], 'delivery 1'],
  [
    'a record that is said to be no longer held',
    `UPDATE inbox SET held = NOT held WHERE tx_id = $1::uuid`,
    ([id]) => [id ?? ''],
    'delivery 1',
  ],
  [
    'a record left out',
    `WITH gone AS (DELETE FROM cases WHERE tx_id = $1::uuid) DELETE FROM inbox WHERE tx_id = $1::uuid`,
    ([id]) => [id ?? ''],
    'delivery 1',
  ],
  [
    'two records that changed places',
    `UPDATE inbox SET leaf = 1 - leaf WHERE tx_id IN ($1::uuid, $2::uuid)`,
    ([one, other]) => [one ?? '', other ?? ''],
    'delivery 1',
  ],
  ['a delivery left out', 'DELETE FROM delivery WHERE log_sequence = 2', () => [], 'delivery 3'],
  [
    'the newest delivery left out',
    `WITH gone AS (DELETE FROM inbox WHERE delivery = 6) DELETE FROM delivery WHERE log_sequence = 6`,
    () => [],
    'delivery 6',
  ],
  [
    'two deliveries that changed places',
    'UPDATE delivery SET receipt = (SELECT receipt FROM delivery o WHERE o.log_sequence = 4 - delivery.log_sequence) WHERE log_sequence IN (1, 3)',
    () => [],
    'delivery 1',
  ],
  [
    'a changed receipt',
    `UPDATE delivery SET receipt = overlay(receipt placing 'AAAA' from 120) WHERE log_sequence = 1`,
    () => [],
    'delivery 1',
  ],
  ['a changed signature', 'UPDATE delivery SET signature = $1 WHERE log_sequence = 1', () => [randomBytes(64)], 'delivery 1'],
  ['a changed statement', `UPDATE delivery SET kept = replace(kept, 'KOR', 'XXX') WHERE log_sequence = 1`, () => [], 'delivery 1'],
  ['a statement that is none', `UPDATE delivery SET kept = 'rubbish', signer = 'rubbish' WHERE log_sequence = 1`, () => [], 'delivery 1'],
  [
    'a changed time of receipt',
    `UPDATE delivery SET received_at = received_at + interval '1 day' WHERE log_sequence = 1`,
    () => [],
    'delivery 1',
  ],
  ['a queue that was told to be further', 'UPDATE queue SET linked = linked + 1', () => [], 'queue '],
  ['a loss that was not stated', 'UPDATE missing SET last_sequence = last_sequence + 1', () => [], 'loss of '],
  ['a loss left out', 'WITH gone AS (DELETE FROM missing) DELETE FROM loss', () => [], 'queue '],
  [
    'a case that nobody sent',
    `UPDATE inbox SET state = 'received', settled_at = NULL WHERE tx_id = $1::uuid`,
    ([id]) => [id ?? ''],
    'cases',
  ],
  ['a case left out', 'DELETE FROM cases WHERE tx_id = $1::uuid', ([id]) => [id ?? ''], 'cases'],
])('%s is found', async (_what, sql, values, where) => {
  const { ids } = await fill();
  // PostgreSQL looks at foreign keys and unique places at once; a thief of evidence would do it in one go too.
  await bench.database.query(sql, values(ids));
  const { breaks } = await prove(bench);
  expect(breaks.length).toBeGreaterThan(0);
  expect(breaks.map((each) => each.where).some((each) => each.startsWith(where))).toBe(true);
});

test('a key that the terminal never had vouches for nothing', async () => {
  await fill();
  const { breaks } = await prove(bench, { isTerminalKey: async () => false });
  expect(new Set(breaks.map(({ what }) => what))).toEqual(new Set(['it is signed with a key that its terminal never had']));
});

test('receipts of another middleware are not ours', async () => {
  await fill();
  expect((await prove(bench, { receiptKeys: new Map() })).breaks[0]?.what).toBe('its receipt is not signed by a key of this middleware');
});

test('a log that was cut off and went on is found by a head that was written down', async () => {
  const { terminal } = await fill();
  const { head } = await prove(bench);
  const anchor = { sequence: head.sequence, receiptSha256: head.receiptSha256 ?? '' };
  await deliver(terminal, 1);
  expect((await prove(bench, { anchor })).breaks).toEqual([]);
  await bench.database.query('DELETE FROM inbox WHERE delivery > 5');
  await bench.database.query('DELETE FROM delivery WHERE log_sequence > 5');
  const [last] = await bench.database.query('SELECT receipt FROM delivery WHERE log_sequence = 5');
  await bench.database.query(`UPDATE log_head SET sequence = 5, receipt_sha256 = sha256(convert_to($1, 'UTF8'))`, [String(last?.receipt)]);
  await bench.database.query('UPDATE queue SET linked = 2, highest = 2 WHERE successor IS NULL');
  expect((await prove(bench)).breaks).toEqual([]);
  expect((await prove(bench, { anchor })).breaks).toEqual([{ where: 'delivery 6', what: 'it is not the one that was written down' }]);
});
