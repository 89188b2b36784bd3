import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { TransactionContent } from '../../contract/transaction.ts';
import type { TransactionEvent } from '../../contract/wire.ts';
import type { Root } from '../../native/eid/roots.ts';
import { makeDemoKeys } from '../demo-keys.ts';
import { hashNonce } from '../sign-in/challenges.ts';
import { createItemProofs } from '../sources/item-proof.ts';
import type { Database } from '../store/database.ts';
import { createFakeTerminal, makeReference, makeTxId } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { makeSampleEvidence } from '../testing/sample-evidence.ts';
import { storeEvents } from '../testing/store-events.ts';
import type { AttachmentsState } from './attachments.ts';
import { type OpenSealed, prepareOpening } from './open-sealed.ts';
import { releaseHeld } from './release.ts';
import { startWorker, type Worker, type WorkerParts } from './worker.ts';

let bench: TestBench;
let opening: OpenSealed;
const hour = 3_600_000;
const workers: Worker[] = [];
const logged: string[] = [];
let attachments: AttachmentsState = 'waiting';
/** How often cases' attachments were looked at. */
let judged = 0;
/** Comes just after its case was looked at for the first time, unseen. */
let comesThen = false;
let later = 0;

beforeAll(async () => {
  bench = await openTestBench();
  opening = await prepareOpening([bench.keys.sealKey]);
}, 60_000);
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  logged.length = 0;
  attachments = 'waiting';
  judged = 0;
  comesThen = false;
  later = 0;
  await bench.empty();
  bench.terminal.beginGeneration();
});
afterAll(() => bench.close());

function work(
  database: Database = bench.database,
  keys: OpenSealed = opening,
  lookAgainMs = hour,
  roots: readonly Root[] = [],
  more: Pick<WorkerParts, 'judgeItem'> = {},
): Worker {
  const log = { error: (_fields: object, event: string) => logged.push(event) };
  const worker = startWorker({
    database,
    opening: keys,
    roots,
    judgeAttachments: async () => {
      judged += 1;
      const seen = attachments;
      if (comesThen) attachments = 'whole';
      return seen;
    },
    revocations: { find: async () => ({ status: 'unchecked', source: null, asOf: null, revokedAt: null }) },
    now: () => new Date(Date.now() + later),
    log,
    lookAgainMs,
    ...more,
  });
  workers.push(worker);
  return worker;
}

/** Puts records where the ingest puts them. */
async function store(...events: TransactionEvent[]): Promise<void> {
  await storeEvents(bench, events, { knownKeys: [...new Set(events.map(({ keyid }) => keyid))] });
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
  const failing = failingDatabase(bench.database, (sql) => sql.startsWith('UPDATE inbox SET state'));
  await work(failing).drain();
  expect(logged).toContain('record_failed');
  expect(await stateOf(content.txId)).toEqual({ state: 'received', reason: null, copies: 0, sealed: true });
  await work().drain();
  expect(await stateOf(content.txId)).toEqual(executed);
});

test('a record at which the program fails does not hold up the ones behind it', async () => {
  const [poison, next] = [bench.terminal.makeContent(), bench.terminal.makeContent()];
  await store(await bench.terminal.seal(poison), await bench.terminal.seal(next));
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
  const [moved, elsewhere, wrongKey, broken, noJson, noUtf8, misfit, otherTx, otherRef, nul, nulName, half] = [
    await terminal.seal(content(), { boundTo: { sequence: 9999 } }),
    await terminal.seal(content(), { boundTo: { terminal: 'kiosk-2' } }),
    await terminal.seal(content(), { key: { ...otherKeys.sealKey, id: bench.keys.sealKey.id } }),
    await terminal.seal(content(), { encapsulated: Buffer.from('no point on the curve') }),
    await terminal.sealBytes(new TextEncoder().encode('no json'), fresh()),
    await terminal.sealBytes(new Uint8Array([0x7b, 0xff, 0xfe]), fresh()),
    await sealJson(incomplete, incomplete),
    await sealJson(content(), fresh()),
    await terminal.makeContent(),
    content(),
    content(),
    content(),
  ] as const;
  const otherReference = await sealJson(otherRef, { txId: otherRef.txId, reference: 'KOR-0000-0000' });
  const withNul = await sealJson({ ...nul, answers: { what: 'a\u0000b' } }, nul);
  const withNulName = await sealJson({ ...nulName, answers: { 'a\u0000b': 'x' } }, nulName);
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
    [withNulName, 'not_storable'],
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

test('a record of a lane waits for the earlier ones of it, whatever holds them; others go on', async () => {
  const { terminal } = bench;
  const [lane, otherLane] = [Buffer.alloc(16, 1).toString('base64url'), Buffer.alloc(16, 2).toString('base64url')];
  const contents = Array.from({ length: 5 }, () => terminal.makeContent());
  const [a, b, c, d, e] = contents as [TransactionContent, TransactionContent, TransactionContent, TransactionContent, TransactionContent];
  const first = await terminal.seal(a, { lane, boundTo: { sequence: 9999 } });
  const second = await terminal.seal(b, { lane });
  const beside = await terminal.seal(c, { lane: otherLane });
  const third = await terminal.seal(d, { lane });
  await store(first, second, beside, third);
  await work().drain();
  expect(await Promise.all([a, b, c, d].map(async ({ txId }) => (await stateOf(txId)).state))).toEqual([
    'quarantined',
    'received',
    'executed',
    'received',
  ]);
  // Another queue of the same terminal, after a loss: by arrival.
  terminal.beginGeneration();
  await store(await terminal.seal(e, { lane }));
  await work().drain();
  expect((await stateOf(e.txId)).state).toBe('received');
  // Tried again by a person: still not to be opened, and still in the way.
  expect(await releaseHeld(bench.database, [a.txId], 'an operator')).toBe(1);
  await work().drain();
  expect(await Promise.all([a, b].map(async ({ txId }) => (await stateOf(txId)).state))).toEqual(['quarantined', 'received']);
  await bench.database.query(`UPDATE inbox SET lane = 'set aside' WHERE tx_id = $1::uuid`, [a.txId]);
  await work().drain();
  expect(await bench.database.query('SELECT tx_id::text FROM cases ORDER BY opened_at, tx_id')).toHaveLength(4);
  const order = (await bench.database.query(`SELECT tx_id::text FROM inbox WHERE lane = $1 ORDER BY settled_at`, [lane])).map(
    (row) => row.tx_id,
  );
  expect(order).toEqual([b.txId, d.txId, e.txId]);
});

test('a lane is a terminal’s own: another’s of the same name waits for nothing', async () => {
  const lane = Buffer.alloc(16, 5).toString('base64url');
  const other = createFakeTerminal('kiosk-8', bench.keys.sealKey);
  await bench.enrol(other);
  const [stuck, free] = [bench.terminal.makeContent(), other.makeContent()];
  await store(await bench.terminal.seal(stuck, { lane, boundTo: { sequence: 9999 } }));
  await storeEvents(bench, [await other.seal(free, { lane })], { terminal: other });
  await work().drain();
  expect([(await stateOf(stuck.txId)).state, (await stateOf(free.txId)).state]).toEqual(['quarantined', 'executed']);
});

test('what grew is counted before it is worked through', async () => {
  await store(await bench.terminal.seal(bench.terminal.makeContent()));
  await bench.database.query(
    `INSERT INTO inbox (tx_id, delivery, leaf, terminal, generation, sequence, reference, lane, key_id, encapsulated, ciphertext,
       kept_at, record, chain, held, state, settled_at)
     SELECT gen_random_uuid(), 1, 0, 'k', gen_random_uuid()::text, 1, '', gen_random_uuid()::text, 'k', '',
       decode(repeat('ab', 2000), 'hex'), '', '', '', false, 'executed', now() FROM generate_series(1, 1000)`,
  );
  const asked: string[] = [];
  const noting: Database = {
    ...bench.database,
    query(sql, values) {
      asked.push(sql);
      return bench.database.query(sql, values);
    },
    transaction(job) {
      asked.push('a record');
      return bench.database.transaction(job);
    },
  };
  await work(noting).drain();
  expect(asked.filter((sql) => sql === 'a record' || sql.startsWith('ANALYZE')).slice(0, 2)).toEqual([
    'ANALYZE inbox, delivery',
    'a record',
  ]);
});

test('within a queue the terminal’s numbers are the order, in whatever order they arrived', async () => {
  const { terminal } = bench;
  const lane = Buffer.alloc(16, 3).toString('base64url');
  const [older, newer] = [await terminal.seal(terminal.makeContent(), { lane }), await terminal.seal(terminal.makeContent(), { lane })];
  await store(newer);
  await store(older);
  const opened: string[] = [];
  const noting: OpenSealed = {
    keyIds: opening.keyIds,
    open(sealed) {
      opened.push(sealed.txId);
      return opening.open(sealed);
    },
  };
  await work(bench.database, noting).drain();
  expect(opened).toEqual([older.id, newer.id]);
});

test('what is held is not carried out, nor what comes behind it in its lane, until a person releases it', async () => {
  const { terminal } = bench;
  const lane = Buffer.alloc(16, 4).toString('base64url');
  const [held, behind] = [await terminal.seal(terminal.makeContent(), { lane }), await terminal.seal(terminal.makeContent(), { lane })];
  await storeEvents(bench, [held], { standing: 'held_revoked' });
  await store(behind);
  const worker = work();
  await worker.drain();
  expect([(await stateOf(held.id)).state, (await stateOf(behind.id)).state]).toEqual(['held', 'received']);
  await releaseHeld(bench.database, [held.id], 'an operator');
  await worker.drain();
  expect([await stateOf(held.id), await stateOf(behind.id)]).toEqual([executed, executed]);
});

const attachment = {
  id: makeTxId(),
  name: 'foto.jpg',
  mediaType: 'image/jpeg' as const,
  bytes: 10,
  sha256: 'A'.repeat(43),
  key: 'B'.repeat(43),
};

/** As an upload leaves it when its last piece came. */
async function arrive(id: string): Promise<void> {
  await bench.database.query(
    `INSERT INTO attachment (id, terminal, length, sha256, received, state, touched_at, news)
     VALUES ($1::uuid, 'kiosk-1', 1, '', 1, 'whole', now(), true) ON CONFLICT (id) DO UPDATE SET news = true`,
    [id],
  );
}

const statusOf = async ({ txId }: TransactionContent) =>
  (await bench.database.query('SELECT status, doubts FROM cases WHERE tx_id = $1::uuid', [txId]))[0];

test('a case with attachments waits for them, and goes on or is looked at when they are there', async () => {
  const contents = [bench.terminal.makeContent({ attachments: [attachment] }), bench.terminal.makeContent({ attachments: [attachment] })];
  const [whole, broken] = contents as [TransactionContent, TransactionContent];
  await store(await bench.terminal.seal(whole));
  const worker = work();
  await worker.drain();
  expect(await statusOf(whole)).toEqual({ status: 'awaiting_attachment', doubts: [] });
  await arrive(attachment.id);
  await worker.drain();
  expect(await statusOf(whole)).toEqual({ status: 'awaiting_attachment', doubts: [] });
  attachments = 'whole';
  await arrive(attachment.id);
  await worker.drain();
  expect(await statusOf(whole)).toEqual({ status: 'open', doubts: [] });
  attachments = 'waiting';
  await store(await bench.terminal.seal(broken));
  await worker.drain();
  attachments = 'broken';
  await arrive(attachment.id);
  await worker.drain();
  expect(await statusOf(broken)).toEqual({ status: 'doubted', doubts: ['attachment_broken'] });
  // The effect is there once, whatever it waits for.
  expect(await stateOf(broken.txId)).toEqual(executed);
});

test('what came in the moment in which its case was opened is found', async () => {
  const content = bench.terminal.makeContent({ attachments: [attachment] });
  comesThen = true;
  await store(await bench.terminal.seal(content));
  await work().drain();
  expect(await statusOf(content)).toEqual({ status: 'open', doubts: [] });
});

test('whatever came unseen is found within the hour', async () => {
  const content = bench.terminal.makeContent({ attachments: [attachment] });
  await store(await bench.terminal.seal(content));
  const worker = work();
  await worker.drain();
  attachments = 'whole';
  later = hour - 60_000;
  await worker.drain();
  expect(await statusOf(content)).toEqual({ status: 'awaiting_attachment', doubts: [] });
  later = hour + 60_000;
  await worker.drain();
  expect(await statusOf(content)).toEqual({ status: 'open', doubts: [] });
});

test('a thousand cases that wait cost nothing at each look: what came is looked at, and no other', async () => {
  const ids = Array.from({ length: 1000 }, makeTxId);
  await bench.database.query(
    `WITH stored AS (
       INSERT INTO inbox (tx_id, delivery, leaf, terminal, generation, sequence, reference, lane, key_id, encapsulated, ciphertext,
         kept_at, record, chain, held, state, settled_at)
       SELECT id, 1, 0, 'kiosk-1', id::text, 1, 'KTR-0000-0000', id::text, 'k', '', '', '', '', '', false, 'executed', now()
       FROM unnest($1::uuid[]) AS id RETURNING tx_id),
     opened AS (
       INSERT INTO cases (tx_id, product, content, opened_at, status, doubts, trust, checks, look_at)
       SELECT tx_id, 'p', jsonb_build_object('attachments', '[]'::jsonb), now(), 'awaiting_attachment', '{}', 'anonymous', '{}', now() + interval '1 hour'
       FROM stored RETURNING tx_id, case_id)
     INSERT INTO awaited SELECT tx_id, case_id FROM opened`,
    [ids],
  );
  let [asked, rows] = [0, 0];
  const counted = async (answer: Promise<Record<string, unknown>[]>) => {
    asked += 1;
    rows += (await answer).length;
    return await answer;
  };
  const counting: Database = {
    ...bench.database,
    query: (sql, values) => counted(bench.database.query(sql, values)),
    transaction: (job) => bench.database.transaction((queries) => job({ query: (sql, values) => counted(queries.query(sql, values)) })),
  };
  const worker = work(counting);
  await worker.drain();
  expect(judged).toBe(0);
  attachments = 'whole';
  for (const id of ids.slice(0, 10)) {
    [asked, rows] = [0, 0];
    await arrive(id);
    await worker.drain();
    // Its news, its case, the row of that; statistics, what waits in the inbox, what is due: nothing of the others.
    expect([asked <= 14, rows <= 6]).toEqual([true, true]);
  }
  expect(judged).toBe(10);
  expect(await bench.database.query(`SELECT status, count(*)::int AS n FROM cases GROUP BY status ORDER BY n`)).toEqual([
    { status: 'open', n: 10 },
    { status: 'awaiting_attachment', n: 990 },
  ]);
});

test('what a record claims beyond its evidence is a case that a person looks at, with what was verified', async () => {
  const content = bench.terminal.makeContent({ trust: 'signed' });
  await store(await bench.terminal.seal(content));
  await work().drain();
  expect(await stateOf(content.txId)).toEqual(executed);
  const [row] = await bench.database.query('SELECT status, doubts, trust, content FROM cases');
  expect(row).toMatchObject({ status: 'doubted', doubts: ['trust_not_proven'], trust: 'anonymous', content: { trust: 'signed' } });
});

test('a sign-in counts when its challenge was given to this terminal and accepted, and a document for one request only', async () => {
  const { evidence: all, roots } = await makeSampleEvidence({ txId: makeTxId() });
  const evidence = { ...all, chip: null };
  const seal = async () => {
    const content = bench.terminal.makeContent({ trust: 'signed', evidence, submittedAt: new Date().toISOString() });
    await store(await bench.terminal.seal(content));
    return content.txId;
  };
  const caseOf = async (txId: string) =>
    (await bench.database.query(`SELECT trust, checks->>'signIn' AS sign_in, doubts FROM cases WHERE tx_id = $1::uuid`, [txId]))[0];
  const accept = (terminal: string, outcome: string) =>
    bench.database.query('INSERT INTO sign_in (terminal, at, outcome, nonce_sha256) VALUES ($1, now(), $2, $3)', [
      terminal,
      outcome,
      hashNonce(evidence.signIn?.nonce ?? ''),
    ]);
  await accept('kiosk-2', 'accepted');
  await accept('kiosk-1', 'revoked');
  const first = await seal();
  const worker = work(bench.database, opening, hour, roots);
  await worker.drain();
  expect(await caseOf(first)).toEqual({ trust: 'signed', sign_in: 'not_proven', doubts: [] });
  await accept('kiosk-1', 'accepted');
  const second = await seal();
  await worker.drain();
  expect(await caseOf(second)).toEqual({ trust: 'signed', sign_in: 'proven', doubts: ['document_used_before'] });
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

test('a request on an item that nobody read of this person’s file is a case that a person looks at', async () => {
  const { judge: judgeItem } = createItemProofs(Buffer.alloc(32));
  const answersItem = { source: 'library', id: 'd-1', proof: 'A'.repeat(22) };
  const event = await bench.terminal.seal({ ...bench.terminal.makeContent(), answersItem });
  await store(event);
  await work(bench.database, opening, hour, [], { judgeItem }).drain();
  expect(await bench.database.query('SELECT status, doubts FROM cases')).toEqual([{ status: 'doubted', doubts: ['item_not_theirs'] }]);
});
