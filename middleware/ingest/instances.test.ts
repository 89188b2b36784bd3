import { setImmediate } from 'node:timers/promises';
import type { Response } from 'undici';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { TransactionEvent } from '../../contract/wire.ts';
import { backUp, startBackup } from '../store/backup.ts';
import { replyOf, verifyReply } from '../testing/check-reply.ts';
import { asDelivery, createFakeTerminal, type FakeTerminal } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { emptyLog, prove } from '../testing/prove.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterAll(() => bench.close());

const pickOf = <T>(from: readonly T[], at: number): T => from[at % from.length] as T;

/** Each delivery twice at once, at different instances, the newest records before older ones. */
async function bring(terminal: FakeTerminal, instances: readonly TestMiddleware[]): Promise<TransactionEvent[]> {
  const events: TransactionEvent[] = [];
  for (let kept = 0; kept < 24; kept++) events.push(await terminal.seal(terminal.makeContent()));
  const live = events.slice(-2);
  const parts = [live, events.slice(0, 7), events.slice(5, 12), events.slice(10), events];
  for (const [at, part] of parts.entries()) {
    const twice = await Promise.all([0, 1].map((which) => pickOf(instances, at + which).deliver(asDelivery(part), terminal)));
    const replies = await Promise.all(twice.map(replyOf));
    for (const reply of replies) verifyReply(bench.keys, part, reply);
    expect(replies[0]?.receipts).toEqual(replies[1]?.receipts);
  }
  return events;
}

test('several instances behind one database: everything once, one log, nothing stands still', async () => {
  await emptyLog(bench);
  const instances: TestMiddleware[] = [];
  for (let at = 0; at < 3; at++) instances.push(await bench.start({}, { database: bench.beside(), lookAgainMs: 50 }));
  const terminals = Array.from({ length: 6 }, (_, at) => createFakeTerminal(`instances-${at}`, bench.keys.sealKey));
  for (const terminal of terminals) await bench.enrol(terminal);
  let done = false;
  const backups = (async () => {
    while (!done) {
      await backUp(bench.database, await startBackup(bench.database));
      // PGlite answers without ever letting the network have its turn.
      await setImmediate();
    }
  })();
  const brought = await Promise.all(terminals.map((terminal) => bring(terminal, instances)));
  done = true;
  await backups;
  await Promise.all(instances.map(({ worker }) => worker.drain()));
  const records = brought.flat().length;
  expect(await bench.database.query('SELECT count(*)::int AS n, count(DISTINCT tx_id)::int AS d FROM cases')).toEqual([
    { n: records, d: records },
  ]);
  expect(await prove(bench)).toMatchObject({ records, cases: records, stillMissing: [], breaks: [] });
  expect(await bench.database.query('SELECT DISTINCT linked::int, forked FROM queue')).toEqual([{ linked: 24, forked: false }]);
}, 120_000);

test.skipIf(!process.env.DATABASE_URL)('a queue is read under its lock (PostgreSQL only: PGlite has one door)', async () => {
  const { terminal } = bench;
  const before = await bench.start();
  await before.deliver([await terminal.seal(terminal.makeContent())]);
  // One that remembers what it left there, and one that knows nothing.
  for (const [at, middleware] of [before, await bench.start()].entries()) {
    const next = await terminal.seal(terminal.makeContent());
    let delivery: Promise<Response> | undefined;
    await bench.beside().transaction(async (queries) => {
      // Another instance, in the middle of a delivery of the same queue.
      await queries.query('SELECT 1 FROM queue WHERE terminal = $1 FOR UPDATE', [terminal.id]);
      delivery = middleware.deliver([next]);
      await vi.waitUntil(async () => {
        const waiting = await bench.database.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1 AND pid <> pg_backend_pid()`,
          [at === 0 ? 'WITH queued%' : 'SELECT linked%'],
        );
        return waiting.length > 0;
      }, 20_000);
    });
    expect((await replyOf(await (delivery as Promise<Response>))).news.generations[0]?.linked).toBe(2 + at);
  }
});
