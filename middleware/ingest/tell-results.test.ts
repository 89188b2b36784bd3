import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type BatchReply, mediaType, type TransactionEvent } from '../../contract/wire.ts';
import { replyOf, verifyReply } from '../testing/check-reply.ts';
import { asDelivery } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';

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

test('proofs come with what stands beside something refused', async () => {
  const middleware = await bench.start();
  const content = bench.terminal.makeContent();
  const unknown = await bench.terminal.seal(content, { key: { ...bench.keys.sealKey, id: 'seal-of-last-century' } });
  const events = [...(await keep(2)), unknown];
  const reply = await deliver(middleware, [unknown, ...events.slice(0, 2)], 'return=minimal');
  expect(reply.results[0]).toEqual({ txId: content.txId, status: 'refused', reason: 'unknown_key' });
  verifyReply(bench.keys, [unknown, ...events.slice(0, 2)], reply);
});

test.each([
  ['respond-async, Return=Minimal', false],
  ['return=representation', true],
  ['return=minimally', true],
  ['', true],
])('of the preferences "%s"', async (prefer, hasProofs) => {
  const events = await keep(2);
  const reply = await deliver(await bench.start(), events, prefer);
  expect(proofsOf(reply).map((proof) => proof !== undefined)).toEqual([hasProofs, hasProofs]);
});
