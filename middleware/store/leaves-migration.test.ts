import { afterAll, beforeAll, expect, test } from 'vitest';
import { replyOf, verifyReply } from '../testing/check-reply.ts';
import { asDelivery } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { prove } from '../testing/prove.ts';
import { leavesMigration } from './leaves-migration.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterAll(() => bench.close());

test('records of a database of the version before have the leaves that their receipts were made of', async () => {
  const { database, terminal } = bench;
  const middleware = await bench.start();
  const events = asDelivery(await Promise.all(Array.from({ length: 5 }, () => terminal.seal(terminal.makeContent()))));
  const before = await replyOf(await middleware.deliver(events));
  const held = asDelivery([await terminal.seal(terminal.makeContent())]);
  await database.query(`UPDATE terminal SET standing = 'revoked' WHERE terminal = $1`, [terminal.id]);
  expect((await replyOf(await middleware.deliver(held))).results).toMatchObject([{ held: true }]);
  await database.query(`UPDATE terminal SET standing = 'active' WHERE terminal = $1`, [terminal.id]);

  // As version 10 left it; what its paths were does not matter any more.
  await database.query('ALTER TABLE delivery DROP COLUMN leaves');
  await database.query(`ALTER TABLE inbox ADD COLUMN path bytea NOT NULL DEFAULT ''`);
  for (const statement of leavesMigration.statements) await database.query(statement);

  const after = await replyOf(await middleware.deliver(events));
  expect([after.results, after.receipts]).toEqual([before.results, before.receipts]);
  verifyReply(bench.keys, events, after);
  verifyReply(bench.keys, held, await replyOf(await middleware.deliver(held)));
  expect(await prove(bench)).toMatchObject({ records: 6, breaks: [] });
});
