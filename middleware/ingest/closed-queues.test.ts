import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type BatchReply, LineNews, mediaType, type TransactionEvent } from '../../contract/wire.ts';
import { replyOf, verifyReply } from '../testing/check-reply.ts';
import { asDelivery, createFakeTerminal, type FakeTerminal, type Head } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';

let bench: TestBench;
let middleware: TestMiddleware;
let number = 0;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

/** A terminal that keeps and delivers `before` records; its disk is copied then, and it goes on to `after`. */
async function enrolWithCopy(before: number, after: number): Promise<{ original: FakeTerminal; copy: FakeTerminal; head: Head }> {
  middleware = await bench.start({}, { lookAgainMs: 3_600_000, log: { write: () => undefined } });
  const original = createFakeTerminal(`closed-${++number}`, bench.keys.sealKey);
  await bench.enrol(original);
  await deliver(original, await keep(original, before));
  const copy = original.clone();
  if (after > before) await deliver(original, await keep(original, after - before));
  return { original, copy, head: copy.head };
}

async function keep(terminal: FakeTerminal, count: number): Promise<TransactionEvent[]> {
  const events: TransactionEvent[] = [];
  for (let kept = 0; kept < count; kept++) events.push(await terminal.seal(terminal.makeContent()));
  return asDelivery(events);
}

/** Each item’s `held`, and the standing that is told. */
async function deliver(terminal: FakeTerminal, events: TransactionEvent[]): Promise<(boolean | string)[]> {
  const reply: BatchReply = await replyOf(await middleware.deliver(events, terminal));
  verifyReply(bench.keys, events, reply);
  return [...reply.results.map((item) => (item.status === 'received' ? item.held : item.reason)), reply.news.standing];
}

/** As a terminal does whose disk is behind what the middleware has of its queue: it says so, and begins another. */
async function goBack(terminal: FakeTerminal, told: Pick<Head, 'generation'> & { linked: number }): Promise<void> {
  const { generation, sequence, chain } = terminal.head;
  const isOwn = generation === told.generation;
  terminal.beginGeneration();
  await state(terminal, {
    generation: told.generation,
    head: isOwn && sequence > 0 ? { sequence, chain: chain.toString('base64url') } : null,
    missing: isOwn && told.linked > sequence ? [[sequence + 1, told.linked]] : [],
    successor: terminal.generation,
  });
}

async function state(terminal: FakeTerminal, claims: Parameters<FakeTerminal['stateLoss']>[0]): Promise<void> {
  const body = JSON.stringify({ terminal: terminal.id, statement: await terminal.stateLoss(claims) });
  const init = { method: 'POST', body, headers: { 'content-type': mediaType.json }, as: terminal };
  expect((await middleware.ask('/v1/losses', init)).status).toBe(200);
}

async function standingOf(terminal: FakeTerminal): Promise<string> {
  return LineNews.parse(await (await middleware.ask('/v1/line', { as: terminal })).json()).standing;
}

async function stored(terminal: FakeTerminal): Promise<unknown> {
  const [row] = await bench.database.query(
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE state = 'held')::int AS held FROM inbox WHERE terminal = $1`,
    [terminal.id],
  );
  return row;
}

test('an image of yesterday states a loss, and the original goes on where it was: both are held, and nothing is dropped', async () => {
  const { original, copy, head } = await enrolWithCopy(3, 5);
  await goBack(copy, { generation: head.generation, linked: 5 });
  expect(await deliver(copy, await keep(copy, 1))).toEqual([false, 'active']);
  expect(await deliver(original, await keep(original, 2))).toEqual([true, true, 'held_forked']);
  expect(await deliver(copy, await keep(copy, 1))).toEqual([true, 'held_forked']);
  expect(await stored(original)).toEqual({ all: 9, held: 3 });
});

test('the original delivers first and goes on after the statement', async () => {
  const { original, copy, head } = await enrolWithCopy(3, 3);
  expect(await deliver(original, await keep(original, 4))).toEqual([false, false, false, false, 'active']);
  await goBack(copy, { generation: head.generation, linked: 7 });
  expect(await standingOf(original)).toBe('active');
  expect(await deliver(original, await keep(original, 1))).toEqual([true, 'held_forked']);
  expect(await stored(original)).toEqual({ all: 8, held: 1 });
});

test('what came before the statement may come again, and what was salvaged up to its head is new and no fork', async () => {
  const { original } = await enrolWithCopy(2, 2);
  const [third, fourth] = [await original.seal(original.makeContent()), await original.seal(original.makeContent())];
  expect(await deliver(original, asDelivery([fourth]))).toEqual([false, 'active']);
  await state(original, { missing: [[3, 3]] });
  expect(await deliver(original, asDelivery([third, fourth]))).toEqual([false, false, 'active']);
  expect(await deliver(original, asDelivery([fourth]))).toEqual([false, 'active']);
  expect(await stored(original)).toEqual({ all: 4, held: 0 });
});

test('a copy that has the key and an empty disk closes a queue that it never knew: seen when the original goes on', async () => {
  const { original, copy, head } = await enrolWithCopy(2, 2);
  copy.beginGeneration();
  await goBack(copy, { generation: head.generation, linked: 2 });
  expect(await deliver(copy, await keep(copy, 1))).toEqual([false, 'active']);
  expect(await deliver(original, await keep(original, 1))).toEqual([true, 'held_forked']);
});

test('two images of different days both state losses: seen when the first goes on', async () => {
  const { copy: older, original, head } = await enrolWithCopy(2, 4);
  const younger = original.clone();
  await deliver(original, await keep(original, 2));
  await goBack(younger, { generation: head.generation, linked: 6 });
  expect(await deliver(younger, await keep(younger, 1))).toEqual([false, 'active']);
  const { generation } = younger;
  await goBack(older, { generation: head.generation, linked: 6 });
  await state(older, { generation, head: null, missing: [] });
  expect(await deliver(younger, await keep(younger, 1))).toEqual([true, 'held_forked']);
});

test('copies that each move on when they hear of the other are seen by what they state about their own queues', async () => {
  const { original, copy, head } = await enrolWithCopy(3, 4);
  await goBack(copy, { generation: head.generation, linked: 4 });
  await deliver(copy, await keep(copy, 1));
  const left = copy.head;
  // The original hears of a queue that it does not know: it leaves its own at its head, which is beyond the copy's.
  await state(original, {
    generation: head.generation,
    head: { sequence: 4, chain: original.head.chain.toString('base64url') },
    missing: [],
  });
  expect([await standingOf(original), await standingOf(copy)]).toEqual(['held_forked', 'held_forked']);
  expect(left.sequence).toBe(1);
});

test('another chain at the place where the queue was closed is another disk', async () => {
  const { original, copy } = await enrolWithCopy(1, 1);
  await copy.lose(1);
  await state(copy, { missing: [[2, 2]] });
  expect(await deliver(original, await keep(original, 1))).toEqual([true, 'held_forked']);

  const { original: another, copy: double } = await enrolWithCopy(1, 2);
  await double.lose(1);
  await state(double, { missing: [[2, 2]] });
  expect(await standingOf(another)).toBe('held_forked');
});

test('the same loss said again, or more of it later, is no fork', async () => {
  const { original } = await enrolWithCopy(1, 1);
  await original.lose(3);
  await state(original, { missing: [[2, 2]] });
  await state(original, { missing: [[3, 4]] });
  await state(original, { missing: [[2, 4]], head: null });
  expect(await standingOf(original)).toBe('active');
});

test('a copy whose key was withdrawn puts its old queue in doubt, and not the terminal that was enrolled anew', async () => {
  const { original, copy, head } = await enrolWithCopy(2, 3);
  const anew = createFakeTerminal(original.id, bench.keys.sealKey);
  await bench.enrol(anew);
  expect(await deliver(anew, await keep(anew, 1))).toEqual([false, 'active']);
  await goBack(copy, { generation: head.generation, linked: 3 });
  expect(await deliver(original, await keep(original, 1))).toEqual([true, 'held_revoked']);
  // The old queue's rest, over the new connection: it is kept, and it is held.
  const rest = await keep(original, 1);
  const reply = await replyOf(await middleware.deliver(rest, anew));
  expect(reply.results.map((item) => item.status === 'received' && item.held)).toEqual([true]);
  expect(await deliver(anew, await keep(anew, 1))).toEqual([false, 'active']);
});

test('what a withdrawn key states shows the copy, and says nothing of the terminal that was enrolled anew', async () => {
  const { original, copy } = await enrolWithCopy(2, 3);
  const anew = createFakeTerminal(original.id, bench.keys.sealKey);
  await bench.enrol(anew);
  await keep(copy, 1);
  await state(copy, {});
  expect(await deliver(original, await keep(original, 1))).toEqual([true, 'held_revoked']);
  expect(await standingOf(anew)).toBe('active');
});
