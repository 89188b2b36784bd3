import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TransactionEvent } from '../../contract/wire.ts';
import { prepareReceipts } from '../receipts/receipt-log.ts';
import { revokeTerminal } from '../terminals/manage.ts';
import { asDelivery, createFakeTerminal, type FakeTerminal } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { type Carried, takeCarried } from './carried.ts';

let bench: TestBench;
let carried: Carried;
let number = 0;
beforeAll(async () => {
  bench = await openTestBench();
  const parts = { signReceipt: prepareReceipts(bench.keys.receiptKey), knownKeys: new Set([bench.keys.sealKey.id]), now: () => new Date() };
  carried = takeCarried({ ...parts, database: bench.database, taken: () => undefined });
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

async function keep(terminal: FakeTerminal, count: number): Promise<TransactionEvent[]> {
  const events: TransactionEvent[] = [];
  for (let kept = 0; kept < count; kept++) events.push(await terminal.seal(terminal.makeContent()));
  return asDelivery(events);
}

async function enrolOne(): Promise<FakeTerminal> {
  const terminal = createFakeTerminal(`carried-${++number}`, bench.keys.sealKey);
  await bench.enrol(terminal);
  return terminal;
}

test('what was carried here is taken as if it had come over the line, and again is the same', async () => {
  const terminal = await enrolOne();
  const events = await keep(terminal, 3);
  const results = await carried.takeDelivery(terminal.id, events);
  expect(results?.map((result) => [result.txId, result.status])).toEqual(events.map(({ id }) => [id, 'received']));
  expect(await carried.takeDelivery(terminal.id, events)).toEqual(results);
  expect(results?.map((result) => result.status === 'received' && result.receipt.proof?.path.length)).toEqual([2, 2, 1]);
  expect(await carried.takeLoss(terminal.id, await terminal.stateLoss({ missing: [[4, 4]] }))).toBe(true);
  expect(await bench.database.query('SELECT linked::int FROM queue')).toEqual([{ linked: 4 }]);
});

test('nobody’s, a stranger’s, another terminal’s and rubbish are not taken', async () => {
  const terminal = await enrolOne();
  const other = await enrolOne();
  const stranger = createFakeTerminal(terminal.id, bench.keys.sealKey);
  for (const items of [await keep(stranger, 1), await keep(other, 1), [], 'rubbish', [{}]])
    expect(await carried.takeDelivery(terminal.id, items)).toBe(null);
  expect(await carried.takeDelivery('never-enrolled', await keep(createFakeTerminal('never-enrolled', bench.keys.sealKey), 1))).toBe(null);
  expect(await carried.takeLoss(terminal.id, await other.stateLoss())).toBe(false);
  expect(await carried.takeLoss(terminal.id, 'rubbish')).toBe(false);
  expect(await bench.database.query('SELECT 1 FROM inbox')).toEqual([]);
});

test('the standing is that of the key that signed: a revoked one’s is held', async () => {
  const terminal = await enrolOne();
  const events = await keep(terminal, 1);
  await revokeTerminal(bench.database, terminal.id, new Date());
  expect(await carried.takeDelivery(terminal.id, events)).toMatchObject([{ status: 'received', held: true }]);
});
