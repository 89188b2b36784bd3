import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type BatchReply, mediaType, type TransactionEvent } from '../../contract/wire.ts';
import { revokeTerminal } from '../terminals/manage.ts';
import { replyOf, verifyReply } from '../testing/check-reply.ts';
import { asDelivery, createFakeTerminal, type FakeTerminal } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { releaseHeld } from '../worker/release.ts';

let bench: TestBench;
let middleware: TestMiddleware;
let number = 0;
const logged: string[] = [];
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

/** A terminal of its own for each test: its standing stays. */
async function enrolOne(): Promise<FakeTerminal> {
  middleware = await bench.start({}, { lookAgainMs: 3_600_000, log: { write: (line) => logged.push(line) } });
  const terminal = createFakeTerminal(`standing-${++number}`, bench.keys.sealKey);
  await bench.enrol(terminal);
  return terminal;
}

async function keep(terminal: FakeTerminal, count: number): Promise<TransactionEvent[]> {
  const events: TransactionEvent[] = [];
  for (let kept = 0; kept < count; kept++) events.push(await terminal.seal(terminal.makeContent()));
  return asDelivery(events);
}

async function deliver(terminal: FakeTerminal, events: TransactionEvent[]): Promise<BatchReply> {
  const reply = await replyOf(await middleware.deliver(events, terminal));
  verifyReply(bench.keys, events, reply);
  return reply;
}

const heldOf = (reply: BatchReply) => reply.results.map((result) => (result.status === 'received' ? result.held : result.reason));

async function executed(): Promise<string[]> {
  await middleware.worker.drain();
  const rows = await bench.database.query('SELECT tx_id::text FROM cases ORDER BY opened_at');
  return rows.map((row) => String(row.tx_id));
}

const idsOf = (events: TransactionEvent[]) => events.map(({ id }) => id);

test('two copies of one queue: found at the first contact, and from then on both deliver into quarantine', async () => {
  const original = await enrolOne();
  expect((await deliver(original, await keep(original, 3))).news.standing).toBe('active');
  const copy = original.clone();
  const first = await keep(original, 2);
  expect(heldOf(await deliver(original, first))).toEqual([false, false]);
  const second = await keep(copy, 2);
  const found = await deliver(copy, second);
  expect([heldOf(found), found.news.standing]).toEqual([[true, true], 'held_forked']);
  const later = await deliver(original, await keep(original, 1));
  expect([heldOf(later), later.news.standing]).toEqual([[true], 'held_forked']);
  expect(logged.filter((line) => line.includes('queue_forked') && line.includes(original.id)).length).toBe(1);
  // The same again gets the same, and says what it said.
  const again = await deliver(copy, second);
  expect([again.receipts, heldOf(again)]).toEqual([found.receipts, [true, true]]);
  // Nothing of what is held is carried out; what came before the doubt is.
  expect((await executed()).length).toBe(5);
});

test('neighbours that do not meet are a fork, from either side', async () => {
  const original = await enrolOne();
  const copy = original.clone();
  await deliver(original, asDelivery(await keep(original, 2)));
  // Place 3 of the copy goes on from another place 2.
  const [, , third] = [await copy.seal(copy.makeContent()), await copy.seal(copy.makeContent()), await copy.seal(copy.makeContent())];
  expect(heldOf(await deliver(copy, asDelivery([third])))).toEqual([true]);

  const another = await enrolOne();
  const double = another.clone();
  const [a, b, c] = [
    await another.seal(another.makeContent()),
    await another.seal(another.makeContent()),
    await another.seal(another.makeContent()),
  ];
  await deliver(another, asDelivery([c]));
  // Place 2 of the copy, before 3 of the original, which came first.
  await double.seal(double.makeContent());
  expect(heldOf(await deliver(double, asDelivery([await double.seal(double.makeContent())])))).toEqual([true]);
  expect(heldOf(await deliver(another, asDelivery([a, b])))).toEqual([true, true]);
});

test('a terminal enrolled anew begins another queue and is believed again; the forked one stays in doubt', async () => {
  const original = await enrolOne();
  const copy = original.clone();
  await deliver(original, await keep(original, 1));
  await deliver(copy, await keep(copy, 1));
  const anew = createFakeTerminal(original.id, bench.keys.sealKey);
  await bench.enrol(anew);
  const fresh = await deliver(anew, await keep(anew, 1));
  expect([heldOf(fresh), fresh.news.standing]).toEqual([[false], 'active']);
  // What still waited in the old queue is signed with the old key, and comes over the new connection.
  const waited = await keep(original, 1);
  const reply = await replyOf(await middleware.deliver(waited, anew));
  expect([heldOf(reply), reply.news.standing]).toEqual([[true], 'active']);
  // The copy has its old certificate, which is worth nothing any more.
  const gone = await deliver(copy, await keep(copy, 1));
  expect([heldOf(gone), gone.news.standing]).toEqual([[true], 'held_revoked']);
});

test('who has a withdrawn key puts nothing in doubt of the terminal that was enrolled anew, and fills no place of its queue', async () => {
  const old = await enrolOne();
  await deliver(old, await keep(old, 1));
  const anew = createFakeTerminal(old.id, bench.keys.sealKey);
  await bench.enrol(anew);
  await deliver(anew, await keep(anew, 2));
  const { generation } = anew;
  const linkedOf = ({ news }: BatchReply) => news.generations.find((each) => each.generation === generation)?.linked;
  const intruder = createFakeTerminal(old.id, bench.keys.sealKey, old.keys, { generation, sequence: 2, chain: Buffer.alloc(32) });
  const intruding = await keep(intruder, 3);
  expect((await middleware.deliver(intruding, old)).status).toBe(422);
  expect((await middleware.deliver(intruding, anew)).status).toBe(422);
  const statement = await old.stateLoss({ generation, head: null, missing: [[1, 1_000_000]] });
  const losing = { method: 'POST', headers: { 'content-type': mediaType.json }, body: JSON.stringify({ terminal: old.id, statement }) };
  for (const as of [old, anew]) expect((await middleware.ask('/v1/losses', { ...losing, as })).status).toBe(400);
  const reply = await deliver(anew, await keep(anew, 1));
  expect([heldOf(reply), reply.news.standing, linkedOf(reply)]).toEqual([[false], 'active', 3]);
  // Of its own queue it may still speak, and who came after it may speak of both.
  const before = await anew.stateLoss({ generation: old.generation, head: null, missing: [[2, 2]] });
  for (const own of [await old.stateLoss({ missing: [[3, 3]] }), before]) {
    const body = JSON.stringify({ terminal: old.id, statement: own });
    expect((await middleware.ask('/v1/losses', { ...losing, body, as: anew })).status).toBe(200);
  }
});

test('a revoked terminal delivers into quarantine; released by a person, it is carried out once, and its receipt stays', async () => {
  const terminal = await enrolOne();
  await revokeTerminal(bench.database, terminal.id, new Date());
  const events = await keep(terminal, 2);
  const reply = await deliver(terminal, events);
  expect([heldOf(reply), reply.news.standing, reply.news.generations[0]?.linked]).toEqual([[true, true], 'held_revoked', 2]);
  expect(await executed()).toEqual([]);
  const [status] = [await middleware.ask(`/v1/tickets/${events[0]?.reference}`, { as: null })];
  expect(await status?.json()).toMatchObject({ received: true });
  expect(await releaseHeld(bench.database, idsOf(events), 'an operator')).toBe(2);
  expect(await releaseHeld(bench.database, idsOf(events), 'another')).toBe(0);
  expect((await executed()).toSorted()).toEqual(idsOf(events).toSorted());
  expect((await deliver(terminal, events)).receipts).toEqual(reply.receipts);
});

test('both records of a forked place can be released: two people asked two things', async () => {
  const original = await enrolOne();
  const copy = original.clone();
  const [one, other] = [await keep(original, 1), await keep(copy, 1)];
  await deliver(original, one);
  await deliver(copy, other);
  await releaseHeld(bench.database, idsOf(other), 'an operator');
  expect((await executed()).toSorted()).toEqual([...idsOf(one), ...idsOf(other)].toSorted());
});

test('an expired certificate delivers into quarantine too', async () => {
  const terminal = await enrolOne();
  middleware = await bench.start({}, { now: () => new Date(Date.now() + 100 * 86_400_000), lookAgainMs: 3_600_000 });
  const reply = await deliver(terminal, await keep(terminal, 1));
  expect([heldOf(reply), reply.news.standing]).toEqual([[true], 'held_expired']);
});
