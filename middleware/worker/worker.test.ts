import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { TransactionContent } from '../../contract/transaction.ts';
import type { TransactionEvent } from '../../contract/wire.ts';
import { makeDemoKeys } from '../demo-keys.ts';
import type { Database } from '../store/database.ts';
import { createInbox } from '../store/inbox.ts';
import { makeReference, makeTxId } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { type OpenSealed, prepareOpening } from './open-sealed.ts';
import { startWorker, type Worker } from './worker.ts';

let bench: TestBench;
let opening: OpenSealed;
const hour = 3_600_000;
const workers: Worker[] = [];
const logged: string[] = [];

beforeAll(async () => {
  bench = await openTestBench();
  opening = await prepareOpening([bench.keys.sealKey]);
}, 60_000);
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  logged.length = 0;
  await bench.empty();
});
afterAll(() => bench.close());

function work(database: Database = bench.database, keys: OpenSealed = opening, lookAgainMs = hour): Worker {
  const log = { error: (_fields: object, event: string) => logged.push(event) };
  const worker = startWorker({ database, opening: keys, now: () => new Date(), log, lookAgainMs });
  workers.push(worker);
  return worker;
}

/** Puts records where the ingest puts them. */
async function store(...events: TransactionEvent[]): Promise<void> {
  await createInbox(bench.database).add(
    events.map((event) => {
      const ciphertext = Buffer.from(event.data_base64, 'base64');
      return {
        receivedAt: new Date(),
        receipt: 'not looked at here',
        record: {
          txId: event.id,
          terminal: 'kiosk-1',
          sequence: event.sequence,
          reference: event.reference,
          keyId: event.keyid,
          encapsulated: Buffer.from(event.encapsulated, 'base64'),
          ciphertext,
          sha256: createHash('sha256').update(ciphertext).digest(),
          keptAt: event.time,
        },
      };
    }),
  );
}

async function stateOf(txId: string): Promise<{ state: unknown; reason: unknown; copies: unknown; sealed: unknown }> {
  const [row] = await bench.database.query(
    `SELECT state, quarantine_reason AS reason, (SELECT count(*)::int FROM cases c WHERE c.tx_id = i.tx_id) AS copies,
            length(ciphertext) > 0 AS sealed FROM inbox i WHERE tx_id = $1::uuid`,
    [txId],
  );
  return { state: row?.state, reason: row?.reason, copies: row?.copies, sealed: row?.sealed };
}

async function sealJson(value: unknown, envelope: { txId: string; reference: string }): Promise<TransactionEvent> {
  return await bench.terminal.sealBytes(new TextEncoder().encode(JSON.stringify(value)), envelope);
}

const executed = { state: 'executed', reason: null, copies: 1, sealed: true };

test('a record is opened and becomes one case with the content that was sealed', async () => {
  const content = bench.terminal.makeContent({ product: 'main-residence-certificate' });
  // A field that this version does not know: a newer terminal's. It must not get lost.
  const event = await sealJson({ ...content, later: { added: ['field'] } }, content);
  await store(event);
  await work().drain();
  expect(await stateOf(content.txId)).toEqual(executed);
  const [row] = await bench.database.query('SELECT product, content FROM cases WHERE tx_id = $1::uuid', [content.txId]);
  expect(row).toEqual({ product: 'main-residence-certificate', content: { ...content, later: { added: ['field'] } } });
});

test('two workers at once carry out each record once', async () => {
  const contents = Array.from({ length: 30 }, () => bench.terminal.makeContent());
  await store(...(await Promise.all(contents.map((content) => bench.terminal.seal(content)))));
  const opened: string[] = [];
  const counting: OpenSealed = {
    keyIds: opening.keyIds,
    open(sealed) {
      opened.push(sealed.txId);
      return opening.open(sealed);
    },
  };
  const [one, other] = [work(bench.database, counting), work(bench.beside(), counting)];
  await Promise.all([one.drain(), other.drain(), one.drain()]);
  for (const content of contents) expect(await stateOf(content.txId)).toEqual(executed);
  // Nor did they both work at one: what one has in hand, the other passes over.
  expect(opened.toSorted()).toEqual(contents.map((content) => content.txId).toSorted());
  expect(logged).toEqual([]);
});

test('a record whose effect is already there is not carried out again', async () => {
  const content = bench.terminal.makeContent();
  await store(await bench.terminal.seal(content));
  const [worker] = [work()];
  await worker.drain();
  // As after a restore of half a backup: the inbox says "received", the case exists.
  await bench.database.query(`UPDATE inbox SET state = 'received', settled_at = NULL WHERE tx_id = $1::uuid`, [content.txId]);
  await worker.drain();
  expect(await stateOf(content.txId)).toEqual(executed);
});

test('effect and inbox row are one: when the second fails, the first did not happen', async () => {
  const content = bench.terminal.makeContent();
  await store(await bench.terminal.seal(content));
  const failing = failingDatabase(bench.database, (sql) => sql.startsWith("UPDATE inbox SET state = 'executed'"));
  await work(failing).drain();
  expect(logged).toContain('record_failed');
  expect(await stateOf(content.txId)).toEqual({ state: 'received', reason: null, copies: 0, sealed: true });
  await work().drain();
  expect(await stateOf(content.txId)).toEqual(executed);
});

test('a record at which the program fails does not hold up the ones behind it', async () => {
  const [poison, next] = [bench.terminal.makeContent(), bench.terminal.makeContent()];
  await store(await bench.terminal.seal(poison));
  await store(await bench.terminal.seal(next));
  const failing: OpenSealed = {
    keyIds: opening.keyIds,
    open: (sealed) => (sealed.txId === poison.txId ? Promise.reject(new Error('a mistake of ours')) : opening.open(sealed)),
  };
  await work(bench.database, failing).drain();
  expect((await stateOf(poison.txId)).state).toBe('received');
  expect(await stateOf(next.txId)).toEqual(executed);
});

test('what cannot be opened or does not fit goes to quarantine with its reason, sealed bytes kept', async () => {
  const { terminal } = bench;
  const otherKeys = await makeDemoKeys(`${bench.folder}/other`);
  const content = (): TransactionContent => terminal.makeContent();
  const fresh = () => ({ txId: makeTxId(), reference: makeReference() });
  const { answers: _, ...incomplete } = content();
  const [moved, elsewhere, wrongKey, broken, noJson, noUtf8, misfit, otherTx, otherRef, nul, half] = [
    await terminal.seal(content(), { boundTo: { sequence: 9999 } }),
    await terminal.seal(content(), { boundTo: { terminal: 'kiosk-2' } }),
    { ...(await terminal.seal(content(), { key: otherKeys.sealKey, boundTo: {} })), keyid: bench.keys.sealKey.id },
    { ...(await terminal.seal(content())), encapsulated: Buffer.from('no point on the curve').toString('base64') },
    await terminal.sealBytes(new TextEncoder().encode('no json'), fresh()),
    await terminal.sealBytes(new Uint8Array([0x7b, 0xff, 0xfe]), fresh()),
    await sealJson(incomplete, incomplete),
    await sealJson(content(), fresh()),
    await terminal.makeContent(),
    content(),
    content(),
  ] as const;
  const otherReference = await sealJson(otherRef, { txId: otherRef.txId, reference: 'KOR-0000-0000' });
  const withNul = await sealJson({ ...nul, answers: { what: 'a\u0000b' } }, nul);
  const withHalf = await terminal.sealBytes(
    new TextEncoder().encode(JSON.stringify({ ...half, answers: { what: 'HALF' } }).replace('HALF', '\\ud83d')),
    half,
  );
  const good = content();
  const expected: [TransactionEvent, string][] = [
    [moved, 'cannot_open'],
    [elsewhere, 'cannot_open'],
    [wrongKey, 'cannot_open'],
    [broken, 'cannot_open'],
    [noJson, 'not_json'],
    [noUtf8, 'not_json'],
    [misfit, 'wrong_shape'],
    [otherTx, 'not_this_envelope'],
    [otherReference, 'not_this_envelope'],
    [withNul, 'not_storable'],
    [withHalf, 'not_storable'],
  ];
  await store(...expected.map(([event]) => event), await terminal.seal(good));
  await work().drain();
  for (const [event, reason] of expected)
    expect([reason, await stateOf(event.id)]).toEqual([reason, { state: 'quarantined', reason, copies: 0, sealed: true }]);
  expect(await stateOf(good.txId)).toEqual(executed);
  expect(logged).toEqual([]);
});

test('a record of a key that is not here waits for an instance that has it', async () => {
  const later = await makeDemoKeys(`${bench.folder}/later`);
  const content = bench.terminal.makeContent();
  await store(await bench.terminal.seal(content, { key: later.sealKey }));
  await work().drain();
  expect((await stateOf(content.txId)).state).toBe('received');
  expect(logged).toEqual([]);
  await work(bench.database, await prepareOpening([bench.keys.sealKey, later.sealKey])).drain();
  expect(await stateOf(content.txId)).toEqual(executed);
});

test('the ingest wakes the worker', async () => {
  const middleware = await bench.start({}, { lookAgainMs: hour });
  await middleware.worker.drain();
  const content = bench.terminal.makeContent();
  await middleware.deliver([await bench.terminal.seal(content)]);
  await becomesExecuted(content.txId);
});

test('what another instance stored and left is found by looking again', async () => {
  const worker = work(bench.database, opening, 20);
  await worker.drain();
  const content = bench.terminal.makeContent();
  await store(await bench.terminal.seal(content));
  await becomesExecuted(content.txId);
});

async function becomesExecuted(txId: string): Promise<void> {
  await vi.waitUntil(async () => (await stateOf(txId)).state === 'executed', { timeout: 20_000, interval: 20 });
  expect(await stateOf(txId)).toEqual(executed);
}

/** A database that fails inside transactions at the statements chosen. */
function failingDatabase(database: Database, fails: (sql: string) => boolean): Database {
  return {
    ...database,
    transaction: (job) =>
      database.transaction((queries) =>
        job({ query: (sql, values) => (fails(sql) ? Promise.reject(new Error('made to fail')) : queries.query(sql, values)) }),
      ),
  };
}
