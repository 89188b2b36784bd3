import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Evidence, Revocation } from '../../contract/evidence.ts';
import type { Root } from '../../native/eid/roots.ts';
import type { Target } from '../revocation/find-target.ts';
import type { FoundRevocation } from '../revocation/revocations.ts';
import { makeTxId } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { makeSampleEvidence } from '../testing/sample-evidence.ts';
import { storeEvents } from '../testing/store-events.ts';
import { patienceDays } from './judge-signature.ts';
import { type OpenSealed, prepareOpening } from './open-sealed.ts';
import { startWorker, type Worker } from './worker.ts';

let bench: TestBench;
let opening: OpenSealed;
let worker: Worker | null = null;
let clock: Date;
let asked: string[];
const day = 86_400_000;
const unasked: Revocation = { status: 'unchecked', source: null, asOf: null };

beforeAll(async () => {
  bench = await openTestBench();
  opening = await prepareOpening([bench.keys.sealKey]);
}, 60_000);
afterEach(async () => {
  await worker?.stop();
  worker = null;
  await bench.empty();
  bench.terminal.beginGeneration();
});
afterAll(() => bench.close());

/** `say`: the authority, asked about the person (`isPersonal`) and about who issued that certificate. */
function work(roots: readonly Root[], say: (target: Target) => Promise<Partial<FoundRevocation>>): Worker {
  asked = [];
  clock = new Date();
  worker = startWorker({
    database: bench.database,
    opening,
    roots,
    judgeAttachments: async () => 'whole',
    revocations: {
      find: async (target) => {
        asked.push(target.isPersonal ? 'person' : 'authority');
        return { status: 'good', source: 'ocsp', asOf: clock.toISOString(), revokedAt: null, ...(await say(target)) };
      },
    },
    now: () => clock,
    log: { error: () => undefined },
    lookAgainMs: 3_600_000,
  });
  return worker;
}

/** Somebody signed at a terminal without a line. */
async function signOffline(changes: Partial<Evidence> = {}, lane?: string): Promise<{ txId: string; roots: Root[]; at: Date }> {
  const txId = makeTxId();
  const at = new Date(Date.now() - 60_000);
  const { evidence, roots } = await makeSampleEvidence({ txId, at });
  const signed = { ...evidence, signIn: null, signatureRevocation: unasked, ...changes };
  const content = bench.terminal.makeContent({ txId, trust: 'signed', evidence: signed, submittedAt: at.toISOString() });
  await storeEvents(bench, [await bench.terminal.seal(content, lane === undefined ? {} : { lane })]);
  return { txId, roots, at };
}

async function caseOf(txId: string): Promise<unknown> {
  const [row] = await bench.database.query(
    `SELECT i.state, i.tries, c.status, c.doubts, c.refusal, c.checks->>'signature' AS said
     FROM inbox i LEFT JOIN cases c ON c.tx_id = i.tx_id WHERE i.tx_id = $1::uuid`,
    [txId],
  );
  return row;
}

const waits = { state: 'received', status: null, doubts: null, refusal: null, said: null };
const done = { state: 'executed', tries: 0, refusal: null };

test('good, the person’s and the issuer’s: carried out', async () => {
  const { txId, roots } = await signOffline();
  await work(roots, async () => ({})).drain();
  expect(await caseOf(txId)).toEqual({ ...done, status: 'open', doubts: [], said: 'good' });
  expect(asked.toSorted()).toEqual(['authority', 'person']);
});

test('where somebody was asked already, nobody is asked again', async () => {
  const { txId, roots, at } = await signOffline({
    signatureRevocation: { status: 'good', source: 'ocsp', asOf: new Date().toISOString() },
  });
  await work(roots, async () => ({})).drain();
  expect([asked, at < clock]).toEqual([[], true]);
  expect(await caseOf(txId)).toMatchObject({ status: 'open', said: null });
});

test.each([
  ['the person', true],
  ['the issuer', false],
])('revoked before it was signed, %s: the case is refused, and says why', async (_who, isPersonal) => {
  const { txId, roots, at } = await signOffline();
  const revoked = { status: 'revoked', revokedAt: new Date(at.getTime() - 1) } as const;
  await work(roots, async (target) => (target.isPersonal === isPersonal ? revoked : {})).drain();
  expect(await caseOf(txId)).toEqual({ ...done, status: 'refused', doubts: [], refusal: 'signature_revoked', said: 'revoked' });
});

test('revoked since it was signed, or nobody knows since when: a person looks', async () => {
  for (const since of [60_000, null]) {
    const { txId, roots, at } = await signOffline();
    const revokedAt = since === null ? null : new Date(at.getTime() + since);
    await work(roots, async () => ({ status: 'revoked', revokedAt })).drain();
    expect(await caseOf(txId)).toMatchObject({ status: 'doubted', doubts: ['signature_revoked'], refusal: null });
    await worker?.stop();
  }
});

test.each(['unknown', 'unchecked'] as const)('%s: waits, longer each time, until somebody says; others go on', async (status) => {
  const lane = 'A'.repeat(22);
  const { txId, roots } = await signOffline({}, lane);
  const [behind, other] = [bench.terminal.makeContent(), bench.terminal.makeContent()];
  await storeEvents(bench, [await bench.terminal.seal(behind, { lane }), await bench.terminal.seal(other)]);
  let said: Partial<FoundRevocation> = { status };
  const busy = work(roots, async () => said);
  await busy.drain();
  expect([await caseOf(txId), await caseOf(behind.txId), await caseOf(other.txId)]).toMatchObject([
    { ...waits, tries: 1 },
    { ...waits, tries: 0 },
    { status: 'open' },
  ]);
  await busy.drain();
  expect(asked).toHaveLength(2);
  clock = new Date(clock.getTime() + 61_000);
  await busy.drain();
  expect([await caseOf(txId), asked.length]).toMatchObject([{ ...waits, tries: 2 }, 4]);
  clock = new Date(clock.getTime() + 61_000);
  await busy.drain();
  expect(asked).toHaveLength(4);
  said = {};
  clock = new Date(clock.getTime() + 60_000);
  await busy.drain();
  expect([await caseOf(txId), await caseOf(behind.txId)]).toMatchObject([
    { status: 'open', tries: 2 },
    { status: 'open', tries: 0 },
  ]);
});

test('after days of nothing a person decides', async () => {
  const { txId, roots } = await signOffline();
  const busy = work(roots, async () => ({ status: 'unchecked' }));
  await busy.drain();
  clock = new Date(clock.getTime() + (patienceDays + 1) * day);
  await busy.drain();
  expect(await caseOf(txId)).toMatchObject({ status: 'doubted', doubts: ['revocation_unknown'], said: 'unknown' });
});

test('while somebody is asked, others go on', async () => {
  const { txId, roots } = await signOffline();
  let answer: () => void = () => undefined;
  const silent = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const busy = work(roots, async () => {
    await silent;
    return {};
  });
  const other = bench.terminal.makeContent();
  await storeEvents(bench, [await bench.terminal.seal(other)]);
  const drained = busy.drain();
  await expect.poll(async () => await caseOf(other.txId), { timeout: 20_000 }).toMatchObject({ status: 'open' });
  expect(await caseOf(txId)).toMatchObject(waits);
  answer();
  await drained;
  expect(await caseOf(txId)).toMatchObject({ status: 'open' });
});
