import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BatchReply, mediaType } from '../../contract/wire.ts';
import { readReceipt } from '../receipts/receipt-log.ts';
import { receiptKeysOf } from '../testing/check-reply.ts';
import { asDelivery } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { slowMs } from './faults.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

async function switchTo(middleware: TestMiddleware, mode: string): Promise<number> {
  const init = { method: 'POST', body: JSON.stringify({ mode }), headers: { 'content-type': mediaType.json } };
  return (await middleware.ask('/demo/faults', init)).status;
}

async function deliverUnderFault(middleware: TestMiddleware, items: unknown) {
  return await middleware.ask('/v1/transactions', {
    method: 'POST',
    body: JSON.stringify(items),
    headers: { 'content-type': mediaType.batch },
    undocumented: true,
  });
}

const demoPaths = ['/demo/transactions'];

test('without `demo` there is no switch and no list', async () => {
  const middleware = await bench.start({ demo: false });
  for (const path of demoPaths) expect([path, (await middleware.ask(path)).status]).toEqual([path, 404]);
  const post = { method: 'POST', body: '{"mode":"error"}' };
  // With neither media type: the route is not there, whatever is sent to it.
  expect((await middleware.ask('/demo/faults', { ...post, headers: { 'content-type': mediaType.batch } })).status).toBe(404);
  expect((await middleware.ask('/demo/faults', { ...post, headers: { 'content-type': mediaType.json } })).status).toBe(404);
  expect((await middleware.ask('/v1/health')).status).toBe(200);
});

test('with `demo` they are there', async () => {
  const middleware = await bench.start({ demo: true });
  for (const path of demoPaths) expect([path, (await middleware.ask(path)).status]).toEqual([path, 200]);
});

test('the list says what arrived and how often it took effect', async () => {
  const middleware = await bench.start({}, { now: () => new Date('2026-11-20T10:00:00.000Z') });
  const content = bench.terminal.makeContent({ product: 'main-residence-certificate' });
  const event = await bench.terminal.seal(content);
  await middleware.deliver([event]);
  await middleware.deliver([event]);
  await middleware.worker.drain();
  const { txId, reference, product } = content;
  const receivedAt = '2026-11-20T10:00:00.000Z';
  expect(await (await middleware.ask('/demo/transactions')).json()).toEqual([
    { txId, reference, product, trust: 'anonymous', receivedAt, copies: 1, state: 'executed', status: 'open' },
  ]);
});

test('a product is known only after the worker opened it', async () => {
  const middleware = await bench.start({}, {});
  const event = await bench.terminal.seal(bench.terminal.makeContent(), { encapsulated: new Uint8Array(3) });
  await middleware.deliver([event]);
  await middleware.worker.drain();
  expect(await (await middleware.ask('/demo/transactions')).json()).toMatchObject([{ product: null, copies: 0, state: 'quarantined' }]);
});

test('a switch that does not exist is refused', async () => {
  const middleware = await bench.start();
  expect(await switchTo(middleware, 'explode')).toBe(400);
  expect((await middleware.ask('/v1/health')).status).toBe(200);
});

test('nonsense: a captive portal for every route of the interface, until it is switched off', async () => {
  const middleware = await bench.start();
  const event = await bench.terminal.seal(bench.terminal.makeContent());
  await switchTo(middleware, 'nonsense');
  for (const response of [
    await deliverUnderFault(middleware, [event]),
    await middleware.ask('/v1/health', { undocumented: true }),
    await middleware.ask(`/v1/tickets/${event.reference}`, { undocumented: true }),
  ]) {
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain('wifi');
  }
  await switchTo(middleware, 'none');
  expect(await (await middleware.ask(`/v1/tickets/${event.reference}`)).json()).toMatchObject({ received: false });
  expect(BatchReply.parse(await (await middleware.deliver([event])).json()).results[0]?.status).toBe('received');
});

test('error: 503, and nothing is taken', async () => {
  const middleware = await bench.start();
  await switchTo(middleware, 'error');
  const event = await bench.terminal.seal(bench.terminal.makeContent());
  expect((await middleware.deliver([event])).status).toBe(503);
  await switchTo(middleware, 'none');
  expect(await (await middleware.ask(`/v1/tickets/${event.reference}`)).json()).toMatchObject({ received: false });
});

test('wrong ids: well-signed receipts about other transactions, and nothing is taken', async () => {
  const middleware = await bench.start();
  await switchTo(middleware, 'wrong_ids');
  const events = [await bench.terminal.seal(bench.terminal.makeContent()), await bench.terminal.seal(bench.terminal.makeContent())];
  const { results, receipts } = BatchReply.parse(await (await middleware.deliver(asDelivery(events))).json());
  expect(results.map((result) => [result.txId === events[0]?.id, result.status])).toEqual([
    [true, 'received'],
    [false, 'received'],
  ]);
  const [receipt] = receipts.map((each) => readReceipt(each, receiptKeysOf(bench.keys)));
  expect(receipt?.head).toMatchObject({ terminal: 'another-terminal', size: 2 });
  for (const event of events) expect(JSON.stringify([results.slice(1), receipts])).not.toContain(event.id);
  await switchTo(middleware, 'none');
  expect(await (await middleware.ask('/demo/transactions')).json()).toEqual([]);
});

test('slow: the answer comes, after the wait', async () => {
  const waits: number[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const wait = async (ms: number) => {
    waits.push(ms);
    await released;
  };
  const middleware = await bench.start({}, { wait });
  await switchTo(middleware, 'slow');
  let answered = false;
  const health = middleware.ask('/v1/health').finally(() => {
    answered = true;
  });
  // A route outside the interface is asked and answered meanwhile.
  expect((await middleware.ask('/demo/transactions')).status).toBe(200);
  expect(answered).toBe(false);
  release();
  expect((await health).status).toBe(200);
  expect(waits).toEqual([slowMs]);
});
