import { createHash } from 'node:crypto';
import { text as readText } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { compactVerify, importJWK } from 'jose';
import { Agent, fetch, type Response } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { BatchReply, type ItemResult, mediaType, Problem, ReceiptClaims, type TransactionEvent } from '../../contract/wire.ts';
import { schemaNamed } from '../testing/documented.ts';
import { makeTxId } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

async function sealSome(count: number): Promise<TransactionEvent[]> {
  const { terminal } = bench;
  return await Promise.all(Array.from({ length: count }, () => terminal.seal(terminal.makeContent())));
}

async function sealOne(): Promise<TransactionEvent> {
  return await bench.terminal.seal(bench.terminal.makeContent());
}

async function resultsOf(response: Response): Promise<ItemResult[]> {
  expect(response.status).toBe(200);
  return BatchReply.parse(await response.json()).results;
}

async function problemOf(response: Response): Promise<[number, string]> {
  expect(response.headers.get('content-type')).toContain(mediaType.problem);
  const problem = Problem.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return [response.status, problem.type.replace('urn:loket:problem:', '')];
}

async function countRows(): Promise<number> {
  const [row] = await bench.database.query('SELECT count(*)::int AS n FROM inbox');
  return Number(row?.n);
}

test('what a terminal makes is what the published document asks', async () => {
  const validate = schemaNamed('TransactionBatch');
  expect(validate(await sealSome(2))).toBe(true);
});

test('each item is stored once and gets a receipt that its terminal can verify', async () => {
  const middleware = await bench.start({}, { now: () => new Date('2026-11-20T10:00:00.000Z') });
  const events = await sealSome(3);
  const results = await resultsOf(await middleware.deliver(events));
  expect(results.map((result) => result.txId)).toEqual(events.map((event) => event.id));
  const key = await importJWK({ ...bench.keys.receiptKey.publicJwk }, 'ES256');
  for (const [index, result] of results.entries()) {
    if (result.status !== 'received') throw new Error('not received');
    const { payload, protectedHeader } = await compactVerify(result.receipt, key);
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: bench.keys.receiptKey.id, typ: 'loket-receipt' });
    const event = events[index];
    expect(ReceiptClaims.parse(JSON.parse(new TextDecoder().decode(payload)))).toEqual({
      txId: event?.id,
      reference: event?.reference,
      terminal: 'kiosk-1',
      sha256: createHash('sha256')
        .update(Buffer.from(event?.data_base64 ?? '', 'base64'))
        .digest('base64url'),
      receivedAt: '2026-11-20T10:00:00.000Z',
    });
  }
  expect(await countRows()).toBe(3);
});

test('the same batch again, later and from another instance, gets byte for byte the same answer', async () => {
  let hour = 10;
  const now = () => new Date(`2026-11-20T${hour}:00:00.000Z`);
  const first = await bench.start({}, { now });
  const second = await bench.start({}, { now });
  const events = await sealSome(2);
  const answer = await (await first.deliver(events)).text();
  hour = 12;
  expect(await (await second.deliver(events)).text()).toBe(answer);
  expect(await countRows()).toBe(2);
});

test('identical batches at the same moment make one row each and agree on the receipts', async () => {
  const instances = [await bench.start(), await bench.start()];
  const events = await sealSome(20);
  const backwards = [...events].reverse();
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => (instances[index % 2] as TestMiddleware).deliver(index % 3 === 0 ? backwards : events)),
  );
  const receipts = await Promise.all(
    answers.map(async (answer) => {
      const results = await resultsOf(answer);
      return new Map(results.map((result) => [result.txId, result.status === 'received' ? result.receipt : result.reason]));
    }),
  );
  const [one] = receipts;
  expect(one?.size).toBe(20);
  for (const other of receipts) for (const [txId, receipt] of one ?? []) expect(other.get(txId)).toBe(receipt);
  expect(await countRows()).toBe(20);
});

test.skipIf(!process.env.DATABASE_URL)(
  'batches in another order never wait for each other for ever (PostgreSQL only: PGlite has one door)',
  async () => {
    const [small, big] = [makeTxId(), makeTxId()].sort();
    const insert = `INSERT INTO inbox (tx_id, terminal, sequence, reference, key_id, encapsulated, ciphertext, sha256, kept_at, received_at, receipt)
    VALUES ($1::uuid, 'kiosk-1', 1, 'KOR-0000-0000', 'k', '', '', '', '', now(), '')`;
    const middleware = await bench.start();
    const event = await sealOne();
    let delivery: Promise<Response> | undefined;
    // Another batch, halfway: it has the first record and is about to store the second.
    await bench.beside().transaction(async (queries) => {
      await queries.query(insert, [small ?? '']);
      delivery = middleware.deliver([
        { ...event, id: big },
        { ...event, id: small },
      ]);
      await vi.waitUntil(async () => {
        const rows = await bench.database.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO inbox%' AND pid <> pg_backend_pid()`,
        );
        return rows.length > 0;
      }, 20_000);
      await queries.query(insert, [big ?? '']);
    });
    expect((await resultsOf(await (delivery as Promise<Response>))).map((result) => result.status)).toEqual(['refused', 'refused']);
  },
);

test('another content under a known id is refused, and the first stays', async () => {
  const middleware = await bench.start();
  const content = bench.terminal.makeContent();
  const first = await bench.terminal.seal(content);
  const [received] = await resultsOf(await middleware.deliver([first]));
  const second = await bench.terminal.seal({ ...content, answers: { what: 'Iets anders' } });
  expect(await resultsOf(await middleware.deliver([second]))).toEqual([
    { txId: content.txId, status: 'refused', reason: 'different_content' },
  ]);
  expect(await resultsOf(await middleware.deliver([first]))).toEqual([received]);
});

test('the same sealed bytes in another envelope are another content', async () => {
  const middleware = await bench.start();
  const event = await sealOne();
  await resultsOf(await middleware.deliver([event]));
  const others: Partial<TransactionEvent>[] = [
    { sequence: event.sequence + 1 },
    { reference: 'KOR-0000-0000' },
    { encapsulated: Buffer.alloc(65, 4).toString('base64') },
    { source: 'urn:loket:terminal:kiosk-2' },
  ];
  for (const change of others)
    expect(await resultsOf(await middleware.deliver([{ ...event, ...change }]))).toEqual([
      { txId: event.id, status: 'refused', reason: 'different_content' },
    ]);
  // The terminal's clock may have been set right in between.
  expect(await resultsOf(await middleware.deliver([{ ...event, time: '2031-01-01T00:00:00Z' }]))).toMatchObject([{ status: 'received' }]);
});

test('one id twice in a batch: the first counts, the same again is received, another is refused', async () => {
  const middleware = await bench.start();
  const content = bench.terminal.makeContent();
  const event = await bench.terminal.seal(content);
  const other = await bench.terminal.seal(content);
  const [a, b, c] = await resultsOf(await middleware.deliver([event, event, other]));
  expect(b).toEqual(a);
  expect(a?.status).toBe('received');
  expect(c).toEqual({ txId: content.txId, status: 'refused', reason: 'different_content' });
});

test('a bad item never hurts the others', async () => {
  const middleware = await bench.start();
  const [good, alsoGood] = await sealSome(2);
  const base = await sealOne();
  const named = [
    { ...base, id: makeTxId(), sequence: 0 },
    { ...base, id: makeTxId(), data_base64: 'not base64!' },
    { ...base, id: makeTxId(), type: 'be.loket.other' },
    { ...base, id: makeTxId(), reference: 'KOR-IIII-OOOO' },
    { ...base, id: makeTxId(), source: 'urn:loket:terminal:kiosk-2' },
    { ...base, id: makeTxId().toUpperCase() },
    { id: makeTxId() },
  ];
  const nameless = [null, 7, 'text', [], { ...base, id: 'no-uuid' }];
  const results = await resultsOf(await middleware.deliver([nameless[0], good, ...named, ...nameless, alsoGood]));
  expect(results.map((result) => [result.txId, result.status])).toEqual([
    [good?.id, 'received'],
    ...named.map((item) => [item.id, 'refused']),
    [alsoGood?.id, 'received'],
  ]);
  for (const result of results) if (result.status === 'refused') expect(result.reason).toBe('invalid');
  expect(await countRows()).toBe(2);
});

test('a record sealed to a key that nobody here has is refused and not stored', async () => {
  const middleware = await bench.start();
  const event = { ...(await sealOne()), keyid: 'seal-of-last-century\u0000' };
  expect(await resultsOf(await middleware.deliver([event]))).toEqual([{ txId: event.id, status: 'refused', reason: 'unknown_key' }]);
  expect(await countRows()).toBe(0);
});

test('accepting opens nothing: bytes that are no ciphertext are received all the same', async () => {
  const middleware = await bench.start();
  const event = { ...(await sealOne()), data_base64: Buffer.from('not sealed').toString('base64') };
  expect(await resultsOf(await middleware.deliver([event]))).toMatchObject([{ txId: event.id, status: 'received' }]);
});

test('a terminal whose clock is absurd is received as any other', async () => {
  const middleware = await bench.start();
  const [a, b] = await sealSome(2);
  const batch = [
    { ...a, time: '0000-01-01T00:00:00Z' },
    { ...b, time: '9999-12-31T23:59:59.999999999Z' },
  ];
  expect((await resultsOf(await middleware.deliver(batch))).map((result) => result.status)).toEqual(['received', 'received']);
});

test('a full batch of large records fits', async () => {
  const middleware = await bench.start();
  const plain = new Uint8Array(2_500);
  const events = await Promise.all(
    Array.from({ length: 100 }, () =>
      bench.terminal.sealBytes(plain, { txId: makeTxId(), reference: bench.terminal.makeContent().reference }),
    ),
  );
  expect((await resultsOf(await middleware.deliver(events))).every((result) => result.status === 'received')).toBe(true);
  expect(await countRows()).toBe(100);
});

test('a terminal that is not known is refused, and nothing is taken', async () => {
  const middleware = await bench.start();
  const event = { ...(await sealOne()), source: 'urn:loket:terminal:kiosk-9' };
  expect(await problemOf(await middleware.deliver([event]))).toEqual([403, 'unknown-terminal']);
  expect(await countRows()).toBe(0);
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
    [post(`["${secret}"]`), 422, 'nothing-readable'],
    [post(`[{"__proto__":{"id":"x"}}]`), 400, 'bad-request'],
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

test('it answers that it is well', async () => {
  const middleware = await bench.start();
  const response = await middleware.ask('/v1/health');
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});
