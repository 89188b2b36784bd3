import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LineNews, mediaType, type TransactionEvent } from '../../contract/wire.ts';
import { problemOf, replyOf } from '../testing/check-reply.ts';
import { asDelivery, createFakeTerminal, type FakeTerminal, makeGeneration } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';

let bench: TestBench;
let middleware: TestMiddleware;
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

async function linkedAfter(events: TransactionEvent[]): Promise<number | undefined> {
  const reply = await replyOf(await middleware.deliver(asDelivery(events)));
  return reply.news.generations.find(({ generation }) => generation === events[0]?.generation)?.linked;
}

async function linkedNow(generation: string): Promise<number | undefined> {
  const news = LineNews.parse(await (await middleware.ask('/v1/line')).json());
  return news.generations.find((each) => each.generation === generation)?.linked;
}

const state = (statement: string, terminal = 'kiosk-1', as?: FakeTerminal) =>
  middleware.ask('/v1/losses', {
    method: 'POST',
    body: JSON.stringify({ terminal, statement }),
    headers: { 'content-type': mediaType.json },
    ...(as === undefined ? {} : { as }),
  });

test('a live record may come before older ones; what is linked moves on when the gap is filled', async () => {
  middleware = await bench.start();
  const [a, b, c, d, e, f] = (await keep(6)) as [TransactionEvent, ...TransactionEvent[]];
  expect(await linkedAfter([a])).toBe(1);
  expect(await linkedAfter([f as TransactionEvent])).toBe(1);
  expect(await linkedAfter([d as TransactionEvent])).toBe(1);
  expect(await linkedAfter([b, c] as TransactionEvent[])).toBe(4);
  expect(await linkedAfter([e as TransactionEvent])).toBe(6);
});

test('what a terminal states as lost is waited for no longer, and what is intact still comes', async () => {
  middleware = await bench.start();
  const { generation } = bench.terminal;
  const before = await keep(2);
  await bench.terminal.lose(3);
  const behind = await keep(2);
  expect(await linkedAfter(before)).toBe(2);
  expect(await linkedAfter(behind)).toBe(2);
  const successor = makeGeneration();
  const statement = await bench.terminal.stateLoss({
    missing: [
      [3, 4],
      [5, 5],
    ],
    successor,
  });
  const answer = await state(statement);
  expect([answer.status, await answer.json()]).toEqual([200, { recorded: true }]);
  expect(await linkedNow(generation)).toBe(7);
  expect((await state(statement)).status).toBe(200);
  expect(await bench.database.query('SELECT successor FROM queue')).toEqual([{ successor }]);
  expect(await bench.database.query('SELECT (SELECT count(*)::int FROM loss) AS l, (SELECT count(*)::int FROM missing) AS m')).toEqual([
    { l: 1, m: 2 },
  ]);
});

test('what the terminal could not read yesterday and can today still comes', async () => {
  middleware = await bench.start();
  const [a, b, c] = (await keep(3)) as [TransactionEvent, TransactionEvent, TransactionEvent];
  expect(await linkedAfter([a])).toBe(1);
  await state(await bench.terminal.stateLoss({ missing: [[2, 3]] }));
  const reply = await replyOf(await middleware.deliver(asDelivery([b, c])));
  expect(reply.results.map((item) => item.status === 'received' && item.held)).toEqual([false, false]);
  expect([reply.news.standing, await linkedNow(bench.terminal.generation)]).toEqual(['active', 3]);
});

test('a second loss in the same queue is another statement', async () => {
  middleware = await bench.start();
  const { generation } = bench.terminal;
  await bench.terminal.lose(3);
  await state(await bench.terminal.stateLoss({ missing: [[1, 1]] }));
  expect(await linkedNow(generation)).toBe(1);
  await state(await bench.terminal.stateLoss({ missing: [[2, 3]] }));
  expect(await linkedNow(generation)).toBe(3);
});

test('a loss without any head closes a queue that nobody here has heard of', async () => {
  middleware = await bench.start();
  expect((await state(await bench.terminal.stateLoss({ head: null, missing: [] }))).status).toBe(200);
  expect(await linkedNow(bench.terminal.generation)).toBe(0);
});

test('what is no statement of this terminal is not written down', async () => {
  let uptime = 0;
  middleware = await bench.start({}, { uptime: () => (uptime += 10_000) });
  const good = await bench.terminal.stateLoss({ missing: [[1, 1]] });
  const stranger = createFakeTerminal('kiosk-1', bench.keys.sealKey);
  const [header, payload, signature] = good.split('.') as [string, string, string];
  const bad: string[] = [
    'no jws',
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.more`,
    // The same bytes in another spelling, which no database takes as text.
    `${header}.${payload}.${signature}\0`,
    `${header}.${payload}.${signature}=`,
    `${header}.${Buffer.from('{}').toString('base64url')}.${signature}`,
    `${Buffer.from('{"alg":"none","typ":"loket-loss"}').toString('base64url')}.${payload}.`,
    `${Buffer.from('{"alg":"ES256","typ":"loket-receipt"}').toString('base64url')}.${payload}.${signature}`,
    await stranger.stateLoss({ missing: [[1, 1]] }),
    await bench.terminal.stateLoss({ terminal: 'kiosk-2', missing: [[1, 1]] }),
    await bench.terminal.stateLoss({ missing: [[2, 1]] }),
    await bench.terminal.stateLoss({ missing: [[1, 1]] }, 'loket-other'),
  ];
  for (const statement of bad)
    expect([statement.slice(0, 20), await problemOf(await state(statement))]).toEqual([statement.slice(0, 20), [400, 'bad-request']]);
  expect(await bench.database.query('SELECT 1 FROM loss')).toEqual([]);
  const other = createFakeTerminal('kiosk-2', bench.keys.sealKey);
  await bench.enrol(other);
  expect(await problemOf(await state(good, 'kiosk-1', other))).toEqual([403, 'unknown-terminal']);
  expect(await problemOf(await state(good, 'kiosk-2', other))).toEqual([400, 'bad-request']);
});

test('the most that a statement can hold is taken', async () => {
  middleware = await bench.start();
  const missing = Array.from({ length: 10_000 }, (_, at): [number, number] => [2 * at + 1, 2 * at + 1]);
  expect((await state(await bench.terminal.stateLoss({ missing }))).status).toBe(200);
  expect(await linkedNow(bench.terminal.generation)).toBe(1);
});
