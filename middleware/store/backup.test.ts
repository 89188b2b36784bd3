import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LineNews, type TransactionEvent } from '../../contract/wire.ts';
import { replyOf, verifyReply } from '../testing/check-reply.ts';
import { asDelivery } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { backUp, enterRestored, startBackup } from './backup.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(async () => {
  await bench.empty();
  bench.terminal.beginGeneration();
});
afterAll(() => bench.close());

async function keep(count: number): Promise<TransactionEvent[]> {
  const events: TransactionEvent[] = [];
  for (let kept = 0; kept < count; kept++) events.push(await bench.terminal.seal(bench.terminal.makeContent()));
  return asDelivery(events);
}

async function backedUp(middleware: TestMiddleware): Promise<number[]> {
  return LineNews.parse(await (await middleware.ask('/v1/line')).json()).generations.map((each) => each.backedUp);
}

/** What a backup has and a restore puts back, as copies of the tables beside them. */
const tables = ['inbox', 'cases', 'delivery', 'queue', 'loss', 'missing', 'log_head'] as const;

async function copyAside(): Promise<void> {
  for (const table of tables) await bench.database.query(`CREATE TABLE copy_of_${table} AS SELECT * FROM ${table}`);
}

async function putBack(): Promise<void> {
  await bench.database.query(`TRUNCATE ${tables.join(', ')}`);
  for (const table of tables) await bench.database.query(`INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM copy_of_${table}`);
  for (const table of tables) await bench.database.query(`DROP TABLE copy_of_${table}`);
}

test('only what was here when the backup began is told to be backed up, and only when it ended', async () => {
  const middleware = await bench.start();
  await middleware.deliver(await keep(3));
  const backup = await startBackup(bench.database);
  await middleware.deliver(await keep(2));
  expect(await backedUp(middleware)).toEqual([0]);
  expect(await backUp(bench.database, backup)).toBe(true);
  expect(await backedUp(middleware)).toEqual([3]);
});

test('backups that overlap speak each for itself, in whatever order they end', async () => {
  const middleware = await bench.start();
  await middleware.deliver(await keep(1));
  const first = await startBackup(bench.database);
  await middleware.deliver(await keep(1));
  const second = await startBackup(bench.database);
  await middleware.deliver(await keep(1));
  const third = await startBackup(bench.database);
  expect(await backUp(bench.database, first)).toBe(true);
  expect(await backedUp(middleware)).toEqual([1]);
  expect(await backUp(bench.database, third)).toBe(true);
  expect(await backedUp(middleware)).toEqual([3]);
  expect(await backUp(bench.database, second)).toBe(true);
  expect(await backedUp(middleware)).toEqual([3]);
});

test('a backup that ended, that nobody began, that is a week old, or that began before a restore covers nothing', async () => {
  const middleware = await bench.start();
  await middleware.deliver(await keep(1));
  const [before, ended] = [await startBackup(bench.database), await startBackup(bench.database)];
  expect(await backUp(bench.database, ended)).toBe(true);
  await middleware.deliver(await keep(1));
  expect([await backUp(bench.database, ended), await backUp(bench.database, 'another')]).toEqual([false, false]);
  await enterRestored(bench.database);
  expect(await backUp(bench.database, before)).toBe(false);
  const old = await startBackup(bench.database);
  await bench.database.query(`UPDATE backup SET begun_at = now() - interval '8 days'`);
  await startBackup(bench.database);
  expect(await backUp(bench.database, old)).toBe(false);
  expect(await backedUp(middleware)).toEqual([1]);
});

test('restored from yesterday: all that terminals still keep comes again, and is there once', async () => {
  const middleware = await bench.start();
  const old = await keep(3);
  const first = await replyOf(await middleware.deliver(old));
  await middleware.worker.drain();
  await copyAside();
  const newer = await keep(3);
  const lost = await replyOf(await middleware.deliver(newer));
  await middleware.worker.drain();
  await middleware.close();
  await putBack();
  const epoch = await enterRestored(bench.database);
  expect(epoch).not.toBe(first.news.epoch);

  const restored = await bench.start();
  const news = LineNews.parse(await (await restored.ask('/v1/line')).json());
  expect(news).toMatchObject({ epoch, generations: [{ linked: 3 }] });
  const repeated = await replyOf(await restored.deliver(old));
  expect(repeated.receipts).toEqual(first.receipts);
  const anew = await replyOf(await restored.deliver(newer));
  expect(anew.receipts).not.toEqual(lost.receipts);
  expect(verifyReply(bench.keys, newer, anew)[0]?.head.epoch).toBe(epoch);
  expect(anew.news.generations[0]?.linked).toBe(6);
  await restored.worker.drain();
  expect(await bench.database.query('SELECT count(*)::int AS n, count(DISTINCT tx_id)::int AS d FROM cases')).toEqual([{ n: 6, d: 6 }]);
});
