import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type BatchReply, epochHeader, epochTag, mediaType, type TransactionEvent } from '../../contract/wire.ts';
import type { Database } from '../store/database.ts';
import { problemOf, replyOf, verifyReply } from '../testing/check-reply.ts';
import { asDelivery, createFakeTerminal, type FakeTerminal } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { emptyLog, prove } from '../testing/prove.ts';

let bench: TestBench;
let terminal: FakeTerminal;
let number = 0;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
beforeEach(async () => {
  await emptyLog(bench);
  terminal = createFakeTerminal(`quick-${++number}`, bench.keys.sealKey);
  await bench.enrol(terminal);
});
afterEach(() => bench.empty());
afterAll(() => bench.close());

async function keep(count = 2, from = terminal): Promise<TransactionEvent[]> {
  const events: TransactionEvent[] = [];
  for (let kept = 0; kept < count; kept++) events.push(await from.seal(from.makeContent()));
  return asDelivery(events);
}

async function deliver(middleware: TestMiddleware, events: TransactionEvent[], from = terminal): Promise<BatchReply> {
  const reply = await replyOf(await middleware.deliver(events, from));
  verifyReply(bench.keys, events, reply);
  return reply;
}

const heldOf = ({ results }: BatchReply) => results.map((item) => (item.status === 'received' ? item.held : item.reason));

/** An instance without its worker, two deliveries after its start. `asked`: every question about a delivery since then. */
async function startQuick(): Promise<{ middleware: TestMiddleware; asked: string[] }> {
  const asked: string[] = [];
  const { database } = bench;
  const noting: Database = {
    ...database,
    query: (sql, ...how) => {
      // Who a new connection is, is asked once.
      if (!sql.includes('FROM terminal_certificate c JOIN terminal t ON t.terminal = c.terminal WHERE c.sha256 = $1')) asked.push(sql);
      return database.query(sql, ...how);
    },
    transaction: (work) => {
      asked.push('BEGIN');
      return database.transaction(work);
    },
  };
  const middleware = await bench.start({}, { database: noting });
  await middleware.worker.stop();
  for (let times = 0; times < 2; times++) await deliver(middleware, await keep());
  asked.length = 0;
  return { middleware, asked };
}

test('the usual delivery is one question', async () => {
  const { middleware, asked } = await startQuick();
  const [more, most] = [await keep(100), await keep(1)];
  const reply = await deliver(middleware, more);
  expect(asked.length).toBe(1);
  expect(reply.news.generations).toEqual([{ generation: terminal.generation, linked: 104, backedUp: 0 }]);
  await deliver(middleware, most);
  expect(asked.length).toBe(2);
  expect(await prove(bench)).toMatchObject({ records: 105, stillMissing: [], breaks: [] });
});

test('several at once take turns: one question each', async () => {
  const { middleware, asked } = await startQuick();
  const others = [1, 2, 3].map((each) => createFakeTerminal(`${terminal.id}-${each}`, bench.keys.sealKey));
  for (const other of others) {
    await bench.enrol(other);
    await deliver(middleware, await keep(1, other), other);
  }
  asked.length = 0;
  await Promise.all(others.map(async (other) => deliver(middleware, await keep(3, other), other)));
  expect(asked.length).toBe(3);
  expect(await prove(bench)).toMatchObject({ records: 16, stillMissing: [], breaks: [] });
});

const changes: [what: string, sql: string, held: boolean, standing: string][] = [
  ['another instance added to the log', 'UPDATE log_head SET sequence = sequence + 1', false, 'active'],
  ['the log goes on from elsewhere', `UPDATE log_head SET receipt_sha256 = sha256('another')`, false, 'active'],
  ['the database was restored', `UPDATE log_head SET epoch = 'restored'`, false, 'active'],
  ['a backup ended', 'UPDATE queue SET backed_up = 4', false, 'active'],
  ['the queue forked', 'UPDATE queue SET forked = true', true, 'active'],
  ['the queue was closed', 'UPDATE queue SET closed_at = 0', true, 'held_forked'],
  ['another chain is there', `UPDATE queue SET highest_chain = sha256('another')`, true, 'held_forked'],
  ['something is missing before it', 'UPDATE queue SET linked = 0', false, 'active'],
  ['the terminal was revoked', `UPDATE terminal SET standing = 'revoked'`, true, 'held_revoked'],
  ['a copy of the terminal was seen', `UPDATE terminal SET standing = 'forked'`, true, 'held_forked'],
  ['the certificate was revoked', 'UPDATE terminal_certificate SET revoked_at = now()', true, 'held_revoked'],
  ['the certificate expired', `UPDATE terminal_certificate SET not_after = now() - interval '1 minute'`, true, 'held_expired'],
];

test.each(changes)('meanwhile %s: it is judged as ever', async (_what, sql, held, standing) => {
  const { middleware, asked } = await startQuick();
  await bench.database.query(sql.includes('terminal') ? `${sql} WHERE terminal = '${terminal.id}'` : sql);
  const [log] = await bench.database.query('SELECT sequence::int, receipt_sha256 AS hash, epoch FROM log_head');
  const events = await keep();
  const reply = await deliver(middleware, events);
  const [receipt] = verifyReply(bench.keys, events, reply);
  expect([heldOf(reply), reply.news.standing]).toEqual([[held, held], standing]);
  expect(receipt?.head).toMatchObject({
    epoch: log?.epoch,
    log: { sequence: Number(log?.sequence) + 1, previous: Buffer.from(log?.hash as Uint8Array).toString('base64url') },
  });
  expect(asked.includes('BEGIN')).toBe(!sql.includes('backed_up'));
  expect(reply.news.generations.at(-1)).toMatchObject({ linked: 6, backedUp: sql.includes('backed_up') ? 4 : 0 });
});

test('an id that another queue brought is refused, what is beside it is stored, and again the same', async () => {
  const { middleware, asked } = await startQuick();
  const other = createFakeTerminal('quick-other', bench.keys.sealKey);
  await bench.enrol(other);
  const content = other.makeContent();
  await deliver(middleware, asDelivery([await other.seal(content)]), other);
  const events = asDelivery([await terminal.seal(content), await terminal.seal(terminal.makeContent())]);
  asked.length = 0;
  const replies = [await deliver(middleware, events), await deliver(middleware, events)];
  expect(asked.some((sql) => sql.startsWith('WITH queued'))).toBe(true);
  expect(replies.map(heldOf)).toEqual(Array(2).fill(['different_content', false]));
  expect(replies[0]?.receipts).toEqual(replies[1]?.receipts);
});

test('two instances, by turns and at once, with queues of their own and one that goes to and fro', async () => {
  const instances = [await bench.start({}, { database: bench.beside() }), await bench.start({}, { database: bench.beside() })] as const;
  await Promise.all(instances.map(({ worker }) => worker.stop()));
  const terminals = await Promise.all(
    ['left', 'right', 'both'].map(async (name) => {
      const made = createFakeTerminal(`quick-${name}`, bench.keys.sealKey);
      await bench.enrol(made);
      return made;
    }),
  );
  const bring = async (from: FakeTerminal, which: number, round: number): Promise<void> => {
    const instance = instances[which === 2 ? ((round >> 1) % 2 === 0 ? 0 : 1) : which === 0 ? 0 : 1];
    expect(heldOf(await deliver(instance, await keep(1, from), from))).toEqual([false]);
  };
  for (let round = 0; round < 6; round++) for (const [which, from] of terminals.entries()) await bring(from, which, round);
  // One alone for a while, which then goes by what it remembers, and the others come in between.
  for (const alone of [0, 1]) {
    const from = terminals[alone];
    if (from !== undefined) for (let round = 0; round < 4; round++) await bring(from, alone, round);
  }
  await Promise.all(
    terminals.map(async (from, which) => {
      for (let round = 0; round < 12; round++) await bring(from, which, round);
    }),
  );
  expect(await prove(bench)).toMatchObject({ records: 62, stillMissing: [], breaks: [] });
}, 60_000);

test('what is meant for the middleware as it was before a restore is not taken: not the usual way, and not the long one', async () => {
  const { middleware } = await startQuick();
  const { news } = await deliver(middleware, await keep());
  const usual = await keep();
  const send = (events: TransactionEvent[], epoch: string) =>
    middleware.ask('/v1/transactions', {
      method: 'POST',
      as: terminal,
      body: JSON.stringify(events),
      headers: { 'content-type': mediaType.batch, [epochHeader]: epochTag(epoch) },
    });
  expect(await problemOf(await send(usual, 'another'))).toEqual([412, 'other-epoch']);
  await bench.database.query(`UPDATE log_head SET epoch = 'put-back'`);
  // This instance has not heard of the restore itself.
  expect(await problemOf(await send(usual, news.epoch))).toEqual([412, 'other-epoch']);
  expect(await prove(bench)).toMatchObject({ records: 6 });
  expect((await replyOf(await send(usual, 'put-back'))).results.map(({ status }) => status)).toEqual(['received', 'received']);
});
