import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type BatchReply, mediaType, type TransactionEvent } from '../../contract/wire.ts';
import { buildTree } from '../receipts/merkle.ts';
import { replyOf, verifyReply } from '../testing/check-reply.ts';
import { asDelivery } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { tellResults } from './tell-results.ts';

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
  return events;
}

async function deliver(middleware: TestMiddleware, events: readonly TransactionEvent[], prefer: string): Promise<BatchReply> {
  const headers = { 'content-type': mediaType.batch, prefer };
  const body = JSON.stringify(asDelivery(events));
  return await replyOf(await middleware.ask('/v1/transactions', { method: 'POST', headers, body, as: bench.terminal }));
}

const full = async (middleware: TestMiddleware, events: readonly TransactionEvent[]) =>
  await replyOf(await middleware.deliver(asDelivery(events), bench.terminal));
const proofsOf = ({ results }: BatchReply) => results.map((item) => item.status === 'received' && item.receipt.proof);
const without = (reply: BatchReply): BatchReply['results'] =>
  reply.results.map((item) => (item.status === 'received' ? { ...item, receipt: { head: item.receipt.head } } : item));

test('who prefers less gets no proofs of what is the whole tree of its receipt: the first time, the usual way, and again', async () => {
  const middleware = await bench.start();
  for (const events of [await keep(3), await keep(100), await keep(1)]) {
    const less = await deliver(middleware, events, 'return=minimal');
    expect(proofsOf(less)).toEqual(events.map(() => undefined));
    const again = await full(middleware, events);
    verifyReply(bench.keys, events, again);
    expect([less.results, less.receipts]).toEqual([without(again), again.receipts]);
    expect((await deliver(middleware, events, 'return=minimal')).results).toEqual(less.results);
  }
});

test('proofs come with what is a part of a tree, or of more than one', async () => {
  const middleware = await bench.start();
  const events = await keep(4);
  await deliver(middleware, events.slice(0, 2), 'return=minimal');
  for (const part of [events.slice(0, 1), events.slice(1, 2), events.slice(0, 4), events.slice(1, 3), events])
    verifyReply(bench.keys, part, await deliver(middleware, part, 'return=minimal'));
});

test('proofs come with two whole trees at once, and with what stands beside something refused, new or here already', async () => {
  const middleware = await bench.start();
  const events = await keep(4);
  await deliver(middleware, events.slice(0, 2), 'return=minimal');
  await deliver(middleware, events.slice(2), 'return=minimal');
  const both = await deliver(middleware, events, 'return=minimal');
  expect(both.receipts.length).toBe(2);
  verifyReply(bench.keys, events, both);
  const unknown = await bench.terminal.seal(bench.terminal.makeContent(), { key: { ...bench.keys.sealKey, id: 'seal-of-last-century' } });
  for (const part of [
    [unknown, ...(await keep(2))],
    [...events.slice(2), unknown],
  ]) {
    const reply = await deliver(middleware, part, 'return=minimal');
    expect(reply.results[part.indexOf(unknown)]).toEqual({ txId: unknown.id, status: 'refused', reason: 'unknown_key' });
    verifyReply(bench.keys, part, reply);
  }
});

test('what is held, and later released, stands where it stood', async () => {
  const middleware = await bench.start();
  const events = await keep(3);
  await bench.database.query(`UPDATE terminal SET standing = 'revoked' WHERE terminal = $1`, [bench.terminal.id]);
  const held = await deliver(middleware, events, 'return=minimal');
  expect([proofsOf(held), held.results.map((item) => item.status === 'received' && item.held)]).toEqual([
    [undefined, undefined, undefined],
    [true, true, true],
  ]);
  await bench.database.query(`UPDATE inbox SET state = 'received', released_by = 'op', released_at = now() WHERE held`);
  await bench.database.query(`UPDATE terminal SET standing = 'active' WHERE terminal = $1`, [bench.terminal.id]);
  const released = await full(middleware, events);
  verifyReply(bench.keys, events, released);
  expect(without(released)).toEqual(held.results);
});

test('a record that was damaged here takes no proof from those beside it', async () => {
  const middleware = await bench.start();
  const events = await keep(4);
  await full(middleware, events);
  await bench.database.query('UPDATE inbox SET record = $2 WHERE tx_id = $1::uuid', [events[3]?.id ?? '', randomBytes(32)]);
  await bench.database.query('DELETE FROM inbox WHERE tx_id = $1::uuid', [events[2]?.id ?? '']);
  verifyReply(bench.keys, events.slice(0, 2), await deliver(middleware, events.slice(0, 2), 'return=minimal'));
});

test.each([
  ['respond-async, Return=minimal', false],
  ['return = "minimal"; how=soon', false],
  ['return=representation, return=minimal', true],
  ['return=minimally', true],
  ['', true],
])('of the preferences %s', async (prefer, hasProofs) => {
  const events = await keep(2);
  const reply = await deliver(await bench.start(), events, prefer);
  expect(proofsOf(reply).map((proof) => proof !== undefined)).toEqual([hasProofs, hasProofs]);
});

test('proofs come with leaves of two trees that stand as those of one would', () => {
  const [one, other] = [1, 2].map((byte) => buildTree(Buffer.alloc(64, byte)));
  if (one === undefined || other === undefined) throw new Error('no trees');
  const stands = [one, other].map((tree, leaf) => ({ txId: `${leaf}`, held: false, leaf, tree, receipt: `${leaf}` }));
  const { results } = tellResults(stands, true);
  expect(results.map((item) => item.status === 'received' && item.receipt.proof?.index)).toEqual([0, 1]);
});
