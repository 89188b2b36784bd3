import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ActingAs, FileItem } from '../../contract/file.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { hashNonce } from '../sign-in/challenges.ts';
import { createFileBench, type FileBench } from '../testing/file-bench.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { answersOf, readLines } from '../testing/read-lines.ts';
import { makeSampleEvidence, type SampleEvidence } from '../testing/sample-evidence.ts';
import { makeWorld, people } from '../testing/small-world.ts';

let bench: TestBench;
let files: FileBench;
const mother: ActingAs = { kind: 'person', ssin: people.mother, basis: 'mandate' };
const day = 86_400_000;

beforeAll(async () => {
  bench = await openTestBench();
  files = createFileBench(bench);
}, 60_000);
beforeEach(() => bench.database.query('DELETE FROM sign_in'));
afterEach(() => files.empty());
afterAll(() => bench.close());

type Sent = { content: TransactionContent; sample: SampleEvidence };

/** A request in the mother's name, of somebody whose PIN was right unless `signedIn` is false. */
async function request({ signedIn = true, actingAs = mother } = {}): Promise<Sent> {
  const blank = bench.terminal.makeContent({ product: 'resident-parking-permit', actingAs, submittedAt: files.now().toISOString() });
  const sample = await makeSampleEvidence({ txId: blank.txId, nationalNumber: people.self });
  const evidence = { ...sample.evidence, signed: null, signatureRevocation: null, ...(!signedIn && { signIn: null }) };
  return { content: { ...blank, trust: signedIn ? 'authenticated' : 'card_read', provisional: !signedIn, person: null, evidence }, sample };
}

async function deliver({ content, sample }: Sent, world = makeWorld()): Promise<TestMiddleware> {
  const nonce = content.evidence?.signIn?.nonce;
  if (nonce !== undefined)
    await bench.database.query(`INSERT INTO sign_in (terminal, at, outcome, nonce_sha256) VALUES ('kiosk-1', now(), 'accepted', $1)`, [
      hashNonce(nonce),
    ]);
  const middleware = await files.open(world, {}, { testRoots: sample.rootPems });
  expect((await middleware.deliver([await bench.terminal.seal(content)])).status).toBe(200);
  await middleware.worker.drain();
  return middleware;
}

const caseOf = async ({ content }: Sent) =>
  (await bench.database.query('SELECT status, refusal, doubts FROM cases WHERE tx_id = $1::uuid', [content.txId]))[0] ?? null;

async function dossiersOf(middleware: TestMiddleware, as?: ActingAs): Promise<FileItem[]> {
  const asked = { sources: ['loket'], ...(as && { actingAs: as }) };
  const lines = await readLines(await files.file(middleware, await files.signIn(people.self), asked)).all();
  return answersOf(lines).flatMap((answer) => ('items' in answer ? answer.items : []));
}

const withdrawn = () => makeWorld({ roles: () => [] });
/** As a back office that is down: no answer that could be read. */
const silent = () => makeWorld({ roles: () => [{ as: mother, name: '', seat: null, until: null }] });

test('with a mandate that holds when it is carried out it is a case like any other', async () => {
  const sent = await request();
  const middleware = await deliver(sent);
  expect(await caseOf(sent)).toEqual({ status: 'open', refusal: null, doubts: [] });
  expect(await dossiersOf(middleware, mother)).toMatchObject([{ number: sent.content.reference, phase: 'in_treatment' }]);
  // It is no business of the sender's own.
  expect(await dossiersOf(middleware)).toEqual([]);
});

test('a mandate that was withdrawn before it is carried out: a refusal with its reason, in the sender’s file, and nothing dropped', async () => {
  const sent = await request();
  const middleware = await deliver(sent, withdrawn());
  expect(await caseOf(sent)).toEqual({ status: 'refused', refusal: 'mandate_ended', doubts: [] });
  const [item] = await dossiersOf(middleware);
  expect(item).toMatchObject({
    number: sent.content.reference,
    phase: 'finished',
    next: { nl: expect.stringContaining('volmacht was voorbij') },
  });
});

test('a source of mandates that says nothing: it waits and is asked again; after days a person looks', async () => {
  const sent = await request();
  const middleware = await deliver(sent, silent());
  expect(await caseOf(sent)).toBeNull();
  const state = await bench.database.query('SELECT state, tries FROM inbox WHERE tx_id = $1::uuid', [sent.content.txId]);
  expect(state).toEqual([{ state: 'received', tries: 1 }]);
  files.later = 8 * day;
  await middleware.worker.drain();
  expect(await caseOf(sent)).toEqual({ status: 'doubted', refusal: null, doubts: ['mandate_unknown'] });
});

test('it waits for nobody else: another request behind it is carried out', async () => {
  const sent = await request();
  const own = await request({ actingAs: { kind: 'self' } });
  const nonce = own.content.evidence?.signIn?.nonce ?? '';
  await bench.database.query(`INSERT INTO sign_in (terminal, at, outcome, nonce_sha256) VALUES ('kiosk-1', now(), 'accepted', $1)`, [
    hashNonce(nonce),
  ]);
  const middleware = await files.open(silent(), {}, { testRoots: [...sent.sample.rootPems, ...own.sample.rootPems] });
  expect((await middleware.deliver([await bench.terminal.seal(sent.content), await bench.terminal.seal(own.content)])).status).toBe(200);
  await middleware.worker.drain();
  expect(await caseOf(own)).toMatchObject({ status: 'open' });
});

test('in another’s name without a PIN, or in a name that is of another kind than the source knows: never carried out as it stands', async () => {
  const claimed = await request({ signedIn: false });
  const middleware = await deliver(claimed);
  expect(await caseOf(claimed)).toEqual({ status: 'doubted', refusal: null, doubts: ['acting_not_proven'] });
  // A found card puts nothing into another person's file.
  expect(await dossiersOf(middleware, mother)).toEqual([]);
  const parent = await request({ actingAs: { kind: 'person', ssin: people.mother, basis: 'parent' } });
  await deliver(parent);
  expect(await caseOf(parent)).toMatchObject({ status: 'refused', refusal: 'mandate_ended' });
});
