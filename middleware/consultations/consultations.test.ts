import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Consultation } from '../../contract/consultation.ts';
import type { FileItem, Subject } from '../../contract/file.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { publishBundle } from '../bundles/publish.ts';
import { listArrivals } from '../operator/list-arrivals.ts';
import { writeAct } from '../operators/accounts.ts';
import { hashNonce } from '../sign-in/challenges.ts';
import { createFileBench, type FileBench } from '../testing/file-bench.ts';
import { configure, openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { emptyLog, prove } from '../testing/prove.ts';
import { answersOf, readLines } from '../testing/read-lines.ts';
import { makeSampleEvidence, type SampleEvidence } from '../testing/sample-evidence.ts';
import { makeWorld, people } from '../testing/small-world.ts';
import { writeReading } from './write-reading.ts';

let bench: TestBench;
let files: FileBench;
/** Of somebody new for each test: what was looked at stays for good. */
let nth = 0;
let ssin = '';

beforeAll(async () => {
  bench = await openTestBench();
  files = createFileBench(bench);
}, 60_000);
beforeEach(() => {
  nth += 1;
  const nine = `8504${String(nth).padStart(2, '0')}998`;
  ssin = nine + String(97 - (Number(nine) % 97)).padStart(2, '0');
});
afterEach(() => files.empty());
afterAll(() => bench.close());

const self = (number = ssin): Subject => ({ kind: 'person', ssin: number });

function makeConsultation(changes: Partial<Consultation> = {}): Consultation {
  return {
    terminal: 'kiosk-1',
    visit: randomUUID(),
    at: '2026-11-20T08:59:00.000Z',
    role: 'citizen',
    by: ssin,
    subject: self(),
    actingAs: { kind: 'self' },
    purpose: 'own_file',
    sources: ['library'],
    kinds: ['loan', 'message'],
    ...changes,
  };
}

/** A record of a look, with the sign-in of whoever's card it was. */
async function record(
  consultation: Consultation,
  { signedIn = true, card = ssin } = {},
): Promise<{ content: TransactionContent; sample: SampleEvidence }> {
  const blank = bench.terminal.makeContent({ product: 'consultation', consultation, answers: {}, submittedAt: consultation.at });
  const sample = await makeSampleEvidence({ txId: blank.txId, at: new Date(consultation.at), nationalNumber: card });
  const evidence = { ...sample.evidence, signed: null, signatureRevocation: null, ...(!signedIn && { signIn: null }) };
  return { content: { ...blank, trust: signedIn ? 'authenticated' : 'card_read', provisional: !signedIn, evidence }, sample };
}

/** As a middleware that believes these cards, and gave out these challenges to `kiosk-1`. */
async function deliver(records: readonly { content: TransactionContent; sample: SampleEvidence }[]): Promise<TestMiddleware> {
  for (const { content } of records) {
    const nonce = content.evidence?.signIn?.nonce;
    if (nonce !== undefined)
      await bench.database.query(`INSERT INTO sign_in (terminal, at, outcome, nonce_sha256) VALUES ('kiosk-1', now(), 'accepted', $1)`, [
        hashNonce(nonce),
      ]);
  }
  const testRoots = records.flatMap(({ sample }) => sample.rootPems);
  const middleware = await files.open(makeWorld(), {}, { testRoots });
  const events = [];
  for (const { content } of records) events.push(await bench.terminal.seal(content));
  expect((await middleware.deliver(events)).status).toBe(200);
  await middleware.worker.drain();
  return middleware;
}

async function itemsOf(middleware: TestMiddleware, source: string, number = ssin): Promise<FileItem[]> {
  const lines = await readLines(await files.file(middleware, await files.signIn(number), { sources: [source] })).all();
  return answersOf(lines).flatMap((answer) => ('items' in answer ? answer.items : []));
}

const doubtsOf = async () =>
  (await bench.database.query('SELECT doubts FROM consultation WHERE subject = $1 AND tx_id IS NOT NULL ORDER BY place', [ssin])).map(
    (row) => row.doubts,
  );

test('a look that a terminal wrote down is no case: it is kept, and its subject reads it', async () => {
  await emptyLog(bench);
  const look = await record(makeConsultation());
  const middleware = await deliver([look]);
  expect(await bench.database.query('SELECT count(*)::int AS n FROM cases')).toEqual([{ n: 0 }]);
  expect(await doubtsOf()).toEqual([[]]);
  const [item] = (await itemsOf(middleware, 'consultations')).filter(({ id }) => id.startsWith('look-')).slice(-1);
  expect(item).toMatchObject({
    kind: 'consultation',
    subject: self(),
    title: { nl: 'U bekeek uw gegevens aan kiosk-1.' },
    by: { nl: 'uzelf, aan kiosk-1' },
    purpose: { nl: 'de map bekijken' },
    fields: [{ nl: 'ontleningen' }, { nl: 'berichten' }],
  });
  expect(item?.next).toBeUndefined();
  expect((await prove(bench)).breaks).toEqual([]);
  expect((await listArrivals(bench.database, 1))[0]).toMatchObject({ product: 'consultation', copies: 1, state: 'executed' });
});

test('what the sign-in does not bear is kept, and marked', async () => {
  const another = '64021599807';
  const looks = [
    await record(makeConsultation(), { signedIn: false }),
    await record(makeConsultation({ by: another })),
    await record(makeConsultation({ terminal: 'kiosk-7' })),
    await record(makeConsultation({ actingAs: { kind: 'person', ssin: another, basis: 'mandate' } })),
    await record(makeConsultation({ role: 'clerk', by: 'staff-12', purpose: 'desk' })),
    await record(makeConsultation({ role: 'suggestions', by: null, purpose: 'suggestions' })),
  ];
  const middleware = await deliver(looks);
  expect(await doubtsOf()).toEqual([['not_signed_in'], ['somebody_else'], ['other_terminal'], ['other_subject'], ['not_signed_in'], []]);
  const items = (await itemsOf(middleware, 'consultations')).filter(({ on }) => on === '2026-11-20');
  expect(items.map(({ next }) => next !== undefined).filter(Boolean)).toHaveLength(5);
  // Nobody learns another's number from it.
  expect(JSON.stringify(items)).not.toContain(another);
  expect(items.map((item) => (item.kind === 'consultation' ? item.by.nl : ''))).toContain('een medewerker van het loket, aan kiosk-1');
});

test('a sign-in that was given to another terminal bears nothing', async () => {
  const look = await record(makeConsultation());
  await deliver([look]);
  await bench.database.query(`UPDATE sign_in SET terminal = 'kiosk-2'`);
  const again = await record(makeConsultation());
  await bench.database.query(`DELETE FROM sign_in WHERE terminal = 'kiosk-1'`);
  const nonce = again.content.evidence?.signIn?.nonce ?? '';
  const middleware = await files.open(makeWorld(), {}, { testRoots: again.sample.rootPems });
  await bench.database.query(`INSERT INTO sign_in (terminal, at, outcome, nonce_sha256) VALUES ('kiosk-2', now(), 'accepted', $1)`, [
    hashNonce(nonce),
  ]);
  expect((await middleware.deliver([await bench.terminal.seal(again.content)])).status).toBe(200);
  await middleware.worker.drain();
  expect((await doubtsOf()).at(-1)).toEqual(['not_signed_in']);
});

test('nobody changes or deletes one', async () => {
  const look = await record(makeConsultation());
  await deliver([look]);
  for (const sql of [`UPDATE consultation SET role = 'clerk'`, 'DELETE FROM consultation', 'TRUNCATE consultation'])
    await expect(bench.database.query(sql)).rejects.toThrow('neither changed nor deleted');
  expect(await doubtsOf()).toHaveLength(1);
});

test('what a terminal says nothing of shows all the same; what it says is there once', async () => {
  const middleware = await files.open();
  const asking = await files.signIn(ssin);
  await (await files.file(middleware, asking)).text();
  const seen = await itemsOf(middleware, 'consultations');
  // The reading before, and the one that is being answered.
  expect(seen.map((item) => (item.kind === 'consultation' ? [item.by.nl, item.fields[0]?.nl] : []))).toEqual([
    ['uzelf, aan kiosk-1', '1 bron gevraagd'],
    ['uzelf, aan kiosk-1', expect.stringMatching(/^\d bronnen gevraagd$/)],
  ]);
  const fieldsAfter = async (...told: Partial<Consultation>[]) => {
    const looks = await Promise.all(told.map((changes) => record(makeConsultation({ visit: asking.visit, ...changes }))));
    const items = await itemsOf(await deliver(looks), 'consultations');
    const said = items.map((item) => (item.kind === 'consultation' ? item.fields.map(({ nl }) => nl).join(', ') : ''));
    return said.filter((fields) => fields !== '1 bron gevraagd').sort();
  };
  const asked = ['library', 'permits', 'parking', 'taxes', 'consultations', 'loket', 'profile'];
  // Who tells of the roles alone hides no reading by it.
  expect(await fieldsAfter({ sources: [], kinds: ['roles'] })).toContainEqual(expect.stringMatching(/^\d bronnen gevraagd$/));
  expect(await fieldsAfter({ sources: asked, kinds: [] })).toEqual([`${asked.length} bronnen gevraagd`, 'voor wie u mag handelen']);
  expect(await fieldsAfter({})).toEqual(['ontleningen, berichten', 'voor wie u mag handelen']);
});

test('a look that began and was told in full later is one, unless the later word is in doubt or says of more than was asked', async () => {
  const [visit, at] = [randomUUID(), '2026-11-20T08:59:00.000Z'];
  const began = await record(makeConsultation({ visit, at, kinds: [] }));
  const doubted = await record(makeConsultation({ visit, at, terminal: 'kiosk-7', kinds: ['message'] }));
  const wider = await record(makeConsultation({ visit, at, sources: ['library', 'permits'], kinds: ['permit'] }));
  const later = await record(makeConsultation({ visit, at: '2026-11-20T08:59:30.000Z', kinds: ['loan'] }));
  const items = await itemsOf(await deliver([began, doubted, wider, later]), 'consultations');
  expect(items.filter(({ on }) => on === '2026-11-20')).toHaveLength(4);
});

test('for whom somebody may act is said only after that was written down', async () => {
  const middleware = await files.open();
  const asking = await files.signIn(ssin);
  expect((await files.post(middleware, '/v1/roles', asking)).status).toBe(200);
  const [item] = (await itemsOf(middleware, 'consultations')).filter(({ title }) => title.nl?.includes('voor wie'));
  expect(item).toMatchObject({
    title: { nl: 'U vroeg aan kiosk-1 voor wie u mag handelen.' },
    fields: [{ nl: 'voor wie u mag handelen' }],
  });
});

test('the terminal’s own rules are told as what they are', async () => {
  const look = await record(
    makeConsultation({ role: 'suggestions', by: null, purpose: 'suggestions', kinds: ['birth_date', 'address', 'roles', 'loan'] }),
  );
  const [item] = (await itemsOf(await deliver([look]), 'consultations')).filter(({ on }) => on === '2026-11-20');
  expect(item).toMatchObject({
    title: { nl: 'kiosk-1 zocht zelf voorstellen voor u. Geen mens keek mee.' },
    by: { nl: 'de terminal zelf, geen mens, aan kiosk-1' },
    fields: [{ nl: 'uw geboortedatum' }, { nl: 'uw adres' }, { nl: 'voor wie u mag handelen' }, { nl: 'ontleningen' }],
  });
  expect(item?.next).toBeUndefined();
});

test('a mother reads that somebody with her mandate looked, and not who', async () => {
  const middleware = await files.open();
  const asking = await files.signIn(people.self);
  await (await files.file(middleware, asking, { actingAs: { kind: 'person', ssin: people.mother, basis: 'mandate' } })).text();
  const items = await itemsOf(middleware, 'consultations', people.mother);
  expect(items.map((item) => (item.kind === 'consultation' ? item.by.nl : ''))).toContain('iemand met uw volmacht, aan kiosk-1');
  expect(JSON.stringify(items)).not.toContain(people.self);
});

test('a person’s own requests: whose the card proves, and nobody’s who merely says so', async () => {
  const request = async (claimed: string, card = ssin) => {
    const blank = bench.terminal.makeContent({ product: 'main-residence-certificate' });
    const sample = await makeSampleEvidence({ txId: blank.txId, nationalNumber: card });
    const evidence = { ...sample.evidence, signed: null, signatureRevocation: null, signIn: null };
    const person = { nationalNumber: claimed };
    return { content: { ...blank, trust: 'card_read' as const, person, evidence, submittedAt: new Date().toISOString() }, sample };
  };
  const [mine, claimed, forged] = [await request(ssin), await request(ssin, '64021599807'), await request(ssin)];
  // A card of this number that the National Register did not sign.
  forged.content.evidence.card.identitySignature = claimed.content.evidence.card.identitySignature;
  const middleware = await deliver([mine, claimed, forged]);
  const items = await itemsOf(middleware, 'loket');
  expect(items).toMatchObject([{ kind: 'dossier', phase: 'in_treatment', number: mine.content.reference, subject: self() }]);
  const concepts = JSON.stringify([
    {
      id: 'main-residence-certificate',
      productNumber: '9001',
      name: { 'nl-BE-x-formal': 'Bewijs van woonst', fr: 'Certificat de résidence' },
    },
    { id: 'broken' },
  ]);
  const published = {
    name: 'catalogue/concepts.json',
    sha256: createHash('sha256').update(concepts).digest('base64url'),
    content: Buffer.from(concepts),
  };
  const [, keys] = await configure(bench.keys);
  await publishBundle({ database: bench.database, keys: keys.bundleKeys, now: files.now }, [published]);
  const named = { title: { nl: 'Bewijs van woonst', fr: 'Certificat de résidence' } };
  expect(await itemsOf(middleware, 'loket')).toMatchObject([named]);
  await bench.database.query(`UPDATE cases SET status = 'refused', refusal = 'signature_revoked', doubts = '{}' WHERE holder = $1`, [ssin]);
  expect(await itemsOf(middleware, 'loket')).toMatchObject([{ phase: 'finished', status: { nl: 'Niet aanvaard' } }]);
});

test('a day is the one that it was in Belgium, late in the evening too', async () => {
  const [late, next] = ['2026-06-30T22:30:00Z', '2026-07-01'];
  const blank = bench.terminal.makeContent();
  const sample = await makeSampleEvidence({ txId: blank.txId, nationalNumber: ssin });
  const content = { ...blank, evidence: { ...sample.evidence, signed: null, signatureRevocation: null, signIn: null } };
  const middleware = await deliver([{ content, sample }]);
  await bench.database.query('UPDATE cases SET opened_at = $1::timestamptz', [late]);
  await bench.database.query(
    `INSERT INTO profile_entry (holder, thing, value, version, made_at)
     VALUES ($1, 'post', '{"field":"post","value":"paper"}', gen_random_uuid(), $2::timestamptz)`,
    [ssin, late],
  );
  await writeAct(bench.database, { at: new Date(late), operator: 'the-operator', act: 'release_held', subject: `record ${blank.txId}` });
  const looked = {
    terminal: 'kiosk-1',
    visit: randomUUID(),
    by: ssin,
    subject: self(),
    actingAs: { kind: 'self' as const },
    sources: ['late'],
  };
  await writeReading(bench.database, { ...looked, at: new Date(late) });
  for (const source of ['loket', 'profile'])
    expect([source, (await itemsOf(middleware, source)).map(({ on }) => on)]).toEqual([source, [next]]);
  const days = (await itemsOf(middleware, 'consultations')).filter(
    (item) => item.kind === 'consultation' && item.at === '2026-06-30T22:30:00.000Z',
  );
  expect(days.map(({ on }) => on)).toEqual([next, next]);
});

test('what staff decided about a request is among the looks', async () => {
  const blank = bench.terminal.makeContent();
  const sample = await makeSampleEvidence({ txId: blank.txId, nationalNumber: ssin });
  const content = { ...blank, evidence: { ...sample.evidence, signed: null, signatureRevocation: null, signIn: null } };
  const middleware = await deliver([{ content, sample }]);
  await writeAct(bench.database, { at: new Date(), operator: 'the-operator', act: 'release_held', subject: `record ${blank.txId}` });
  const items = await itemsOf(middleware, 'consultations');
  expect(items.find(({ id }) => id.startsWith('decision-'))).toMatchObject({
    by: { nl: 'een bediener van de middleware' },
    number: blank.reference,
  });
});
