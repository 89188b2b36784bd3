import { text as readText } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { Agent, fetch, type Response } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  batchLimits,
  bytesInBatch,
  LineNews,
  largestBatchText,
  mediaType,
  Problem,
  priority,
  type TransactionEvent,
} from '../../contract/wire.ts';
import { problemOf, replyOf, verifyReply } from '../testing/check-reply.ts';
import { schemaNamed } from '../testing/documented.ts';
import { asDelivery, createFakeTerminal, type FakeTerminal, type Head, makeGeneration } from '../testing/fake-terminal.ts';
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

async function sealSome(count: number, terminal: FakeTerminal = bench.terminal): Promise<TransactionEvent[]> {
  return asDelivery(await Promise.all(Array.from({ length: count }, () => terminal.seal(terminal.makeContent()))));
}

async function countRows(): Promise<number> {
  const [row] = await bench.database.query('SELECT count(*)::int AS n FROM inbox');
  return Number(row?.n);
}

test('what a terminal makes is what the published document asks', async () => {
  const validate = schemaNamed('TransactionBatch');
  expect(validate(await sealSome(2))).toBe(true);
});

test('a delivery is stored once, under one receipt that its terminal can verify record by record', async () => {
  const middleware = await bench.start({}, { now: () => new Date('2026-11-20T10:00:00.000Z') });
  const events = await sealSome(5);
  const reply = await replyOf(await middleware.deliver(events));
  expect(reply.receipts.length).toBe(1);
  const receipts = verifyReply(bench.keys, events, reply);
  expect(receipts[0]?.head).toMatchObject({
    terminal: 'kiosk-1',
    size: 5,
    receivedAt: '2026-11-20T10:00:00.000Z',
    epoch: reply.news.epoch,
  });
  expect(reply.news).toMatchObject({
    at: '2026-11-20T10:00:00.000Z',
    standing: 'active',
    generations: [{ generation: bench.terminal.generation, linked: 5, backedUp: 0 }],
    slot: null,
  });
  expect(await countRows()).toBe(5);
});

test('receipts are one chain, over all terminals and instances', async () => {
  const instances = [await bench.start(), await bench.start()] as const;
  const other = createFakeTerminal('kiosk-2', bench.keys.sealKey);
  await bench.enrol(other);
  const deliveries: TransactionEvent[][] = [];
  for (let round = 0; round < 3; round++) deliveries.push(await sealSome(2), await sealSome(1, other));
  const replies = await Promise.all(
    deliveries.map(async (events, at) => {
      const terminal = at % 2 === 0 ? bench.terminal : other;
      return verifyReply(bench.keys, events, await replyOf(await instances[at % 2 === 0 ? 0 : 1].deliver(events, terminal)));
    }),
  );
  const [before] = await bench.database.query('SELECT min(log_sequence)::float8 AS first FROM delivery');
  const places = replies.map(([receipt]) => receipt?.head.log.sequence ?? 0).toSorted((one, next) => one - next);
  expect(places).toEqual(places.map((_, at) => Number(before?.first) + at));
});

test('the same delivery again, later and from another instance, gets byte for byte the same receipts', async () => {
  let hour = 10;
  const now = () => new Date(`2026-11-20T${hour}:00:00.000Z`);
  const first = await bench.start({}, { now });
  const second = await bench.start({}, { now });
  const events = await sealSome(3);
  const { news: _, ...reply } = await replyOf(await first.deliver(events));
  hour = 12;
  expect(await replyOf(await second.deliver(events))).toMatchObject(reply);
  expect(await countRows()).toBe(3);
});

test('a delivery that was longer when it came again gets the stored receipts and a new one', async () => {
  const middleware = await bench.start();
  const some = await bench.terminal.seal(bench.terminal.makeContent());
  const [stored] = (await replyOf(await middleware.deliver(asDelivery([some])))).receipts;
  const more = [some, await bench.terminal.seal(bench.terminal.makeContent()), await bench.terminal.seal(bench.terminal.makeContent())];
  const reply = await replyOf(await middleware.deliver(asDelivery(more)));
  expect(reply.receipts.length).toBe(2);
  expect(reply.receipts[0]).toBe(stored);
  expect(verifyReply(bench.keys, more, reply).map((receipt) => receipt?.head.size)).toEqual([1, 2, 2]);
  expect(reply.news.generations[0]?.linked).toBe(3);
});

test('identical deliveries at the same moment make one row each and agree on the receipts', async () => {
  const instances = [await bench.start({}, { database: bench.beside() }), await bench.start({}, { database: bench.beside() })];
  const events = await sealSome(20);
  const replies = await Promise.all(
    Array.from({ length: 8 }, async (_, at) => replyOf(await (instances[at % 2] as TestMiddleware).deliver(events))),
  );
  for (const reply of replies) expect([reply.results, reply.receipts]).toEqual([replies[0]?.results, replies[0]?.receipts]);
  expect(await countRows()).toBe(20);
});

test('another content under a known id is refused, and the first stays', async () => {
  const middleware = await bench.start();
  const content = bench.terminal.makeContent();
  const first = await bench.terminal.seal(content);
  const received = await replyOf(await middleware.deliver([first]));
  const second = await bench.terminal.seal({ ...content, answers: { what: 'Iets anders' } });
  const third = await bench.terminal.seal(bench.terminal.makeContent());
  const reply = await replyOf(await middleware.deliver(asDelivery([second, third])));
  expect(reply.results[0]).toEqual({ txId: content.txId, status: 'refused', reason: 'different_content' });
  expect(reply.results[1]).toMatchObject({ txId: third.id, status: 'received', held: false });
  expect((await replyOf(await middleware.deliver([first]))).receipts).toEqual(received.receipts);
});

test('one id brought by two queues at the same moment is stored once', async () => {
  const middleware = [await bench.start({}, { database: bench.beside() }), await bench.start({}, { database: bench.beside() })] as const;
  const other = createFakeTerminal('kiosk-2', bench.keys.sealKey);
  await bench.enrol(other);
  for (let round = 0; round < 5; round++) {
    const content = bench.terminal.makeContent();
    const events = [await bench.terminal.seal(content), await other.seal(content)] as const;
    const replies = await Promise.all([middleware[0].deliver([events[0]]), middleware[1].deliver([events[1]], other)]);
    const states = await Promise.all(replies.map(async (reply) => (await replyOf(reply)).results[0]?.status));
    expect(states.toSorted()).toEqual(['received', 'refused']);
  }
});

test('a record sealed to a key that nobody here has is refused and not stored; those around it are', async () => {
  const middleware = await bench.start();
  const sealed = [
    await bench.terminal.seal(bench.terminal.makeContent()),
    await bench.terminal.seal(bench.terminal.makeContent(), { key: { ...bench.keys.sealKey, id: 'seal-of-last-century' } }),
    await bench.terminal.seal(bench.terminal.makeContent()),
  ];
  const reply = await replyOf(await middleware.deliver(asDelivery(sealed)));
  expect(reply.results.map((result) => (result.status === 'refused' ? result.reason : 'received'))).toEqual([
    'received',
    'unknown_key',
    'received',
  ]);
  expect(reply.news.generations[0]?.linked).toBe(1);
  expect(await countRows()).toBe(2);
});

test('accepting opens nothing: bytes that are no ciphertext are received all the same', async () => {
  const middleware = await bench.start();
  const event = await bench.terminal.sealBytes(new Uint8Array(3), bench.terminal.makeContent());
  expect((await replyOf(await middleware.deliver([event]))).results).toMatchObject([{ status: 'received' }]);
});

test('a full delivery of large records fits', async () => {
  const middleware = await bench.start();
  const { terminal } = bench;
  const events = await Promise.all(Array.from({ length: 100 }, () => terminal.sealBytes(new Uint8Array(2_500), terminal.makeContent())));
  const reply = await replyOf(await middleware.deliver(asDelivery(events)));
  verifyReply(bench.keys, events, reply);
  expect(reply.news.slot).toBe(null);
  expect(await countRows()).toBe(100);
});

test('the largest batch within the limits, with the longest words around it, is read', async () => {
  const terminal = createFakeTerminal('k'.repeat(64), { ...bench.keys.sealKey, id: 's'.repeat(64) });
  await bench.enrol(terminal);
  const middleware = await bench.start();
  const bytes = Math.floor(batchLimits.bytes / batchLimits.records);
  const tagBytes = 16;
  const seal = () => terminal.sealBytes(new Uint8Array(bytes - tagBytes), terminal.makeContent());
  const events = asDelivery(await Promise.all(Array.from({ length: batchLimits.records }, seal)));
  const lengths = events.map(({ data_base64 }) => bytesInBatch({ ciphertext: Buffer.from(data_base64, 'base64') }));
  expect([Math.max(...lengths), JSON.stringify(events).length <= largestBatchText]).toEqual([bytes, true]);
  expect((await replyOf(await middleware.deliver(events, terminal))).results).toHaveLength(100);
});

test('a backlog’s visit goes on after a small delivery too', async () => {
  // The clock stands still: without its visit, the second would have to wait for an appointment.
  const middleware = await bench.start({}, { uptime: () => 0 });
  const headers = { 'content-type': mediaType.batch, [priority.header]: priority.backlog };
  const slots: (number | undefined)[] = [];
  for (let count = 0; count < 10; count++) {
    const body = JSON.stringify(await sealSome(1));
    const reply = await replyOf(await middleware.ask('/v1/transactions', { method: 'POST', body, headers }));
    slots.push(reply.news.slot?.inMs);
  }
  expect(slots.slice(0, 9)).toEqual(Array(9).fill(0));
  expect(slots[9]).toBeGreaterThan(0);
});

test('what is not one queue’s consecutive records, vouched for by its terminal, is taken not at all', async () => {
  const middleware = await bench.start();
  const events = await sealSome(4);
  const [a, b, c, d] = events as [TransactionEvent, TransactionEvent, TransactionEvent, TransactionEvent];
  const changed = (change: Partial<Record<keyof TransactionEvent, unknown>>) => [a, { ...b, ...change }, c, d];
  const stranger = await createFakeTerminal('kiosk-1', bench.keys.sealKey).seal(bench.terminal.makeContent());
  const notTaken: [string, unknown][] = [
    ['a gap', [a, c, d]],
    ['another order', [b, a, c, d]],
    ['one twice', [a, a, b, c, d]],
    ['one id twice', changed({ id: a.id })],
    ['two queues', changed({ generation: makeGeneration() })],
    ['another terminal’s', changed({ source: 'urn:loket:terminal:kiosk-2' })],
    ['nobody’s signature', [a, b, c]],
    ['a signature for another record', [a, b, { ...c, signature: d.signature }]],
    ['a stranger’s signature', [stranger]],
    ['no chain before it', [b, c, d]],
    ['another chain before it', [{ ...a, previous: Buffer.alloc(32, 7).toString('base64url') }, b, c, d]],
    ['changed bytes', changed({ data_base64: Buffer.from('other bytes').toString('base64') })],
    ['a changed reference', changed({ reference: 'KOR-0000-0000' })],
    ['a changed clock', changed({ time: '2031-01-01T00:00:00Z' })],
    ['a changed lane', changed({ lane: Buffer.alloc(16, 1).toString('base64url') })],
    ['a changed key', changed({ keyid: 'another' })],
    ['a sequence from 0', changed({ sequence: 0 })],
    ['capital letters in an id', changed({ id: b.id.toUpperCase() })],
    ['no base64', changed({ data_base64: 'not base64!' })],
    ['text among them', [a, 'text', c, d]],
  ];
  for (const [what, items] of notTaken)
    expect([what, await problemOf(await middleware.deliver(items))]).toEqual([what, [422, 'not-a-delivery']]);
  expect(await countRows()).toBe(0);
  expect((await replyOf(await middleware.deliver(events))).news.standing).toBe('active');
});

test('a terminal’s own signature does not make a queue of what is none', async () => {
  const middleware = await bench.start();
  const { terminal, keys } = bench;
  const goingOnFrom = (head: Partial<Head>) => createFakeTerminal(terminal.id, keys.sealKey, terminal.keys, { ...terminal.head, ...head });
  const first = await terminal.seal(terminal.makeContent());
  const skipping = goingOnFrom({ sequence: 2 });
  const changing = goingOnFrom({ generation: makeGeneration() });
  const elsewhere = await changing.seal(terminal.makeContent());
  const back = goingOnFrom({ ...changing.head, generation: terminal.generation });
  const beginning = goingOnFrom({ sequence: 0, generation: makeGeneration() });
  const { txId, ...content } = terminal.makeContent();
  const loud = await terminal.seal({ ...content, txId: txId.toUpperCase() });
  const twice = [await terminal.seal({ ...content, txId }), await terminal.seal({ ...content, txId })];
  const signed: [string, TransactionEvent[]][] = [
    ['a gap', [first, await skipping.seal(terminal.makeContent())]],
    ['two queues', [first, elsewhere, await back.seal(terminal.makeContent())]],
    ['a beginning that is none', [await beginning.seal(terminal.makeContent())]],
    ['capital letters in an id', [loud]],
    ['one id twice', twice],
  ];
  for (const [what, events] of signed)
    expect([what, await problemOf(await middleware.deliver(asDelivery(events)))]).toEqual([what, [422, 'not-a-delivery']]);
  expect(await countRows()).toBe(0);
});

test('a terminal whose clock is absurd is received as any other', async () => {
  const middleware = await bench.start();
  for (const keptAt of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z']) {
    const event = await bench.terminal.seal(bench.terminal.makeContent(), { keptAt });
    expect((await replyOf(await middleware.deliver([event]))).results).toMatchObject([{ status: 'received' }]);
  }
});

test('without a certificate of this middleware’s, nothing is taken or told', async () => {
  const middleware = await bench.start();
  const events = await sealSome(1);
  const post = { method: 'POST', body: JSON.stringify(events), headers: { 'content-type': mediaType.batch }, as: null };
  expect(await problemOf(await middleware.ask('/v1/transactions', post))).toEqual([401, 'no-certificate']);
  expect(await problemOf(await middleware.ask('/v1/line', { as: null }))).toEqual([401, 'no-certificate']);
  expect(await countRows()).toBe(0);
});

test('a terminal cannot deliver under another’s name', async () => {
  const middleware = await bench.start();
  const other = createFakeTerminal('kiosk-2', bench.keys.sealKey);
  await bench.enrol(other);
  expect(await problemOf(await middleware.deliver(await sealSome(1), other))).toEqual([422, 'not-a-delivery']);
  // Nor with its own queue under its own name but another's signature.
  expect(await problemOf(await middleware.deliver(await sealSome(1, createFakeTerminal('kiosk-2', bench.keys.sealKey)), other))).toEqual([
    422,
    'not-a-delivery',
  ]);
});

test('a line tells what a delivery tells', async () => {
  const middleware = await bench.start();
  const events = await sealSome(2);
  const { at: _, ...told } = (await replyOf(await middleware.deliver(events))).news;
  expect(LineNews.parse(await (await middleware.ask('/v1/line')).json())).toMatchObject(told);
});

test('a backlog that comes too early is told when it may, before its body is looked at', async () => {
  const middleware = await bench.start({}, { uptime: () => 0 });
  const backlog = { [priority.header]: priority.backlog };
  const post = (body: string, headers: Record<string, string>) =>
    middleware.ask('/v1/transactions', { method: 'POST', body, headers: { 'content-type': mediaType.batch, ...headers } });
  // As many as one terminal may have under way.
  for (let beside = 0; beside < 2; beside += 1) expect((await post('[]', backlog)).status).toBe(422);
  const refused = await post('[]', backlog);
  expect(refused.status).toBe(429);
  const problem = Problem.parse(await refused.json());
  expect(problem.inMs).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBe(Math.ceil((problem.inMs ?? 0) / 1000));
  // An appointment is kept, and told again to who asks.
  const news = LineNews.parse(await (await middleware.ask('/v1/line', { headers: backlog })).json());
  expect(news.slot).toEqual({ inMs: problem.inMs });
  // What somebody waits for goes in between.
  expect((await middleware.deliver(await sealSome(1))).status).toBe(200);
});

test('rubbish is refused as a problem that repeats nothing of it', async () => {
  const middleware = await bench.start();
  const secret = 'Vandenzilver';
  const post = (body: string, headers: Record<string, string> = {}) =>
    middleware.ask('/v1/transactions', { method: 'POST', body, headers: { 'content-type': mediaType.batch, ...headers } });
  const cases: [Promise<Response>, number, string][] = [
    [post(`{"${secret}`), 400, 'bad-request'],
    [post(''), 400, 'bad-request'],
    [post(`{"${secret}":1}`), 422, 'not-a-batch'],
    [post('[]'), 422, 'not-a-batch'],
    [post(JSON.stringify(Array(101).fill({}))), 422, 'not-a-batch'],
    [post(`["${secret}"]`), 422, 'not-a-delivery'],
    [post(`[{"__proto__":{"id":"x"}}]`), 422, 'not-a-delivery'],
    [post(`[{"\\u005f_proto__":{"id":"x"}}]`), 422, 'not-a-delivery'],
    [post(JSON.stringify([secret.repeat(40_000)])), 413, 'too-large'],
    [post('[]', { 'content-type': 'application/json' }), 415, 'media-type'],
    [post('[]', { 'content-type': 'text/plain' }), 415, 'media-type'],
    [post('[]', { 'content-encoding': 'gzip' }), 415, 'media-type'],
  ];
  for (const [asked, status, type] of cases) {
    const response = await asked;
    expect(await response.clone().text()).not.toContain(secret.slice(0, 6));
    expect(await problemOf(response)).toEqual([status, type]);
  }
  expect(await countRows()).toBe(0);
});

test('what is not there is a problem too', async () => {
  const middleware = await bench.start();
  expect(await problemOf(await middleware.ask('/v1/nothing'))).toEqual([404, 'not-found']);
  expect(await problemOf(await middleware.ask('/%zz'))).toEqual([400, 'bad-request']);
});

test('what is not even HTTP gets a problem, and the line is closed', async () => {
  const middleware = await bench.start();
  const socket = connect({ port: middleware.port, host: 'localhost', servername: 'localhost', ca: bench.keys.tls.root.pem });
  socket.write('hello there\r\n\r\n');
  const answer = await readText(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain(mediaType.problem);
  expect(Problem.parse(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).status).toBe(400);
});

test('nobody speaks to it whose root is another, or without TLS', async () => {
  const middleware = await bench.start();
  const stranger = new Agent();
  await expect(fetch(`${middleware.url}/v1/health`, { dispatcher: stranger })).rejects.toThrow();
  await expect(fetch(`http://localhost:${middleware.port}/v1/health`)).rejects.toThrow();
  await stranger.close();
});

test('it answers that it is well, to anybody', async () => {
  const middleware = await bench.start();
  const response = await middleware.ask('/v1/health', { as: null });
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});
