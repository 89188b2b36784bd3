import { hash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FileItem } from '../../contract/file.ts';
import {
  CodeReply,
  ConfirmReply,
  type ContactChannel,
  type ProfileChange,
  ProfileReply,
  type ProfileValue,
  purposeBytes,
} from '../../contract/profile.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { listArrivals } from '../operator/list-arrivals.ts';
import { hashNonce } from '../sign-in/challenges.ts';
import { problemOf } from '../testing/check-reply.ts';
import { createFakeTerminal, type FakeTerminal } from '../testing/fake-terminal.ts';
import { type Asking, createFileBench, type FileBench } from '../testing/file-bench.ts';
import { configure, openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { emptyLog, prove } from '../testing/prove.ts';
import { answersOf, readLines } from '../testing/read-lines.ts';
import { makeSampleEvidence } from '../testing/sample-evidence.ts';
import { makeWorld, people } from '../testing/small-world.ts';
import { codeLifeMs, codesPerDay, codeTries } from './codes.ts';
import { formerContactDays } from './execute-change.ts';
import { purposes } from './purposes.ts';

let bench: TestBench;
let files: FileBench;
let second: FakeTerminal;
const day = 86_400_000;

beforeAll(async () => {
  bench = await openTestBench();
  files = createFileBench(bench);
  second = createFakeTerminal('kiosk-2', bench.keys.sealKey);
  await bench.enrol(second);
}, 60_000);
afterEach(() => files.empty());
afterAll(() => bench.close());

const at = (minutes: number) => new Date(Date.parse('2026-11-20T09:00:00.000Z') + minutes * 60_000).toISOString();
const paper: ProfileValue = { field: 'post', value: 'paper' };
const ebox: ProfileValue = { field: 'post', value: 'ebox' };
const mail: ProfileValue = { field: 'email', value: 'lotte@voorbeeld.example' };
const consentTo = (id: string): ProfileValue => {
  const purpose = purposes.find((each) => each.id === id);
  if (!purpose) throw new Error('no such purpose');
  return { field: 'consent', purpose: id, value: { version: purpose.version, sha256: hash('sha256', purposeBytes(purpose), 'base64url') } };
};

type Record = { set: ProfileValue; basedOn?: string | null } & Partial<Omit<ProfileChange, 'set' | 'basedOn'>>;
type How = {
  when?: string;
  signedIn?: boolean;
  /** The National Register's certificate behind the card, when the terminal asked. */
  revoked?: boolean;
  ssin?: string;
  as?: FakeTerminal;
  changes?: Partial<TransactionContent>;
};

/** Kept by whoever's card it was, received and carried out. Answers the change's name. */
async function change({ set, basedOn = null, ...more }: Record, how: How = {}): Promise<string> {
  const { when = at(0), signedIn = true, revoked = false, ssin = people.self, as = bench.terminal } = how;
  const profile: ProfileChange = { set, basedOn, ...more };
  const blank = as.makeContent({ product: 'profile', profile, answers: {}, submittedAt: when, trust: 'authenticated', ...how.changes });
  const sample = await makeSampleEvidence({ txId: blank.txId, at: new Date(when), nationalNumber: ssin });
  const { signIn, ...evidence } = { ...sample.evidence, signed: null, signatureRevocation: null };
  if (signedIn && signIn !== null)
    await bench.database.query(`INSERT INTO sign_in (terminal, at, outcome, nonce_sha256) VALUES ($1, $2::timestamptz, 'accepted', $3)`, [
      as.id,
      when,
      hashNonce(signIn.nonce),
    ]);
  const registerRevocation = revoked ? { status: 'revoked' as const, source: null, asOf: null } : evidence.registerRevocation;
  const content = { ...blank, evidence: { ...evidence, registerRevocation, signIn } };
  const [, loaded] = await configure(bench.keys);
  const middleware = await bench.start({ testRoots: sample.rootPems }, { now: files.now });
  expect(loaded.roots.length).toBeGreaterThan(0);
  expect((await middleware.deliver([await as.seal(content)], as)).status).toBe(200);
  await middleware.worker.drain();
  await middleware.close();
  return content.txId;
}

async function read(middleware: TestMiddleware, asking: Asking): Promise<ProfileReply> {
  return ProfileReply.parse(await (await files.post(middleware, '/v1/profile', asking)).json());
}

async function profileOf(ssin?: string): Promise<ProfileReply> {
  return await read(await files.open(), await files.signIn(ssin));
}
const valuesOf = ({ entries }: ProfileReply) => entries.map(({ set }) => set);

async function sendCode(middleware: TestMiddleware, asking: Asking, value = 'lotte@voorbeeld.example', channel: ContactChannel = 'email') {
  return CodeReply.parse(await (await files.post(middleware, '/v1/profile/codes', asking, { channel, value, language: 'nl' })).json());
}
async function sentCode(middleware: TestMiddleware): Promise<string> {
  const [message] = (await (await middleware.ask('/demo/messages')).json()) as { text: string }[];
  return /\d{6}/.exec(message?.text ?? '')?.[0] ?? '';
}
async function confirm(middleware: TestMiddleware, asking: Asking, verification: string, code: string) {
  return ConfirmReply.parse(await (await files.post(middleware, '/v1/profile/confirmations', asking, { verification, code })).json());
}
/** The middleware's word that this address was confirmed. */
async function confirmed(value = 'lotte@voorbeeld.example'): Promise<string> {
  const [middleware, asking] = [await files.open(), await files.signIn()];
  const sent = await sendCode(middleware, asking, value);
  if (sent.status !== 'sent') throw new Error(sent.why);
  expect(await confirm(middleware, asking, sent.verification, await sentCode(middleware))).toEqual({ status: 'confirmed' });
  return sent.verification;
}

test('nothing is known, and nothing is agreed to, before somebody says so', async () => {
  const { entries, outcomes, purposes: offered } = await profileOf();
  expect([entries, outcomes, offered.length]).toEqual([[], [], purposes.length]);
});

test('a change is the one effect of its record, and no case', async () => {
  await emptyLog(bench);
  await change({ set: paper });
  expect(await bench.database.query('SELECT count(*)::int AS n FROM cases')).toEqual([{ n: 0 }]);
  expect((await listArrivals(bench.database, 1))[0]).toMatchObject({ product: 'profile', copies: 1, state: 'executed' });
  expect((await prove(bench)).breaks).toEqual([]);
});

test('a change takes effect, and the next one over it', async () => {
  const first = await change({ set: paper });
  expect(await profileOf()).toMatchObject({ entries: [{ set: paper, version: first, changedAt: at(0) }] });
  await change({ set: ebox, basedOn: first }, { when: at(1) });
  expect(valuesOf(await profileOf())).toEqual([ebox]);
  expect(valuesOf(await profileOf(people.mother))).toEqual([]);
});

test('no language is stored: neither in what holds nor in what was changed', async () => {
  await change({ set: paper }, { changes: { language: 'fr' } });
  const rows = await bench.database.query('SELECT value, to_jsonb(c) AS whole FROM profile_change c');
  expect(JSON.stringify(rows)).not.toContain('"fr"');
});

test('two terminals that did not see each other: the later holds, whichever comes first, and the other is told', async () => {
  const first = await change({ set: paper });
  await change({ set: ebox, basedOn: first }, { when: at(20) });
  const late = await change({ set: { field: 'post', value: null }, basedOn: first }, { when: at(10), as: second });
  expect(await profileOf()).toMatchObject({ entries: [{ set: ebox }], outcomes: [{ txId: late, missed: 'newer' }, {}, {}] });
  await change({ set: paper, basedOn: first }, { when: at(30), as: second });
  expect(valuesOf(await profileOf())).toEqual([paper]);
});

test('made in sight of what holds it holds, whatever the clocks say', async () => {
  const first = await change({ set: paper }, { when: at(50) });
  await change({ set: ebox, basedOn: first }, { when: at(0), as: second });
  expect(valuesOf(await profileOf())).toEqual([ebox]);
});

test('of agreeing and withdrawing that did not see each other the withdrawal holds, in either order', async () => {
  const given = consentTo('news-town');
  const none: ProfileValue = { ...given, value: null } as ProfileValue;
  const first = await change({ set: given });
  const withdrawn = await change({ set: none, basedOn: first }, { when: at(1) });
  const late = await change({ set: given, basedOn: first }, { when: at(9), as: second });
  expect(await profileOf()).toMatchObject({ entries: [{ set: none }], outcomes: [{ txId: late, missed: 'newer' }, {}, {}] });
  const again = await change({ set: given, basedOn: withdrawn }, { when: at(20) });
  await change({ set: given, basedOn: again }, { when: at(30) });
  await change({ set: none, basedOn: again }, { when: at(25), as: second });
  expect(valuesOf(await profileOf())).toEqual([none]);
});

test('who only has the card changes nothing, nor who acts for somebody, nor a sign-in that was not accepted here, nor a revoked card', async () => {
  const refused = [
    await change({ set: paper }, { signedIn: false }),
    await change({ set: paper }, { signedIn: false, changes: { trust: 'card_read' } }),
    await change({ set: paper }, { changes: { actingAs: { kind: 'person', ssin: people.mother, basis: 'mandate' } } }),
    await change({ set: paper }, { revoked: true }),
  ];
  const { entries, outcomes } = await profileOf();
  expect(entries).toEqual([]);
  expect(outcomes.map(({ txId, missed }) => [txId, missed]).sort()).toEqual(refused.map((txId) => [txId, 'not_proven']).sort());
  expect(valuesOf(await profileOf(people.mother))).toEqual([]);
});

test('a consent is to the words of now, by their hash', async () => {
  const given = consentTo('news-town');
  const other: ProfileValue = { field: 'consent', purpose: 'news-town', value: { version: 1, sha256: 'A'.repeat(43) } };
  const unknown: ProfileValue = { field: 'consent', purpose: 'nobody-knows', value: { version: 1, sha256: 'A'.repeat(43) } };
  for (const set of [other, unknown]) await change({ set });
  expect(await profileOf()).toMatchObject({ entries: [], outcomes: [{ missed: 'text_unknown' }, { missed: 'text_unknown' }] });
  await change({ set: given });
  expect(valuesOf(await profileOf())).toEqual([given]);
});

test('an address counts with the code that came to it, once, for this person and this address', async () => {
  const verification = await confirmed();
  await change({ set: { field: 'email', value: 'other@voorbeeld.example' }, verification });
  await change({ set: mail, verification }, { ssin: people.mother });
  await change({ set: mail, verification }, { as: second });
  await change({ set: mail });
  expect((await profileOf()).entries).toEqual([]);
  const first = await change({ set: mail, verification });
  expect(await profileOf()).toMatchObject({ entries: [{ set: mail, verifiedAt: expect.any(String) }] });
  const none = await change({ set: { field: 'email', value: null }, basedOn: first });
  await change({ set: mail, basedOn: none, verification });
  expect(valuesOf(await profileOf())).toEqual([{ field: 'email', value: null }]);
});

test('what was confirmed when it was there is put back without another code; nothing else is', async () => {
  const first = await change({ set: mail, verification: await confirmed() });
  const none = await change({ set: { field: 'email', value: null }, basedOn: first }, { when: at(1) });
  await change({ set: { field: 'email', value: 'x@voorbeeld.example' }, basedOn: none, restores: first }, { when: at(2) });
  await change({ set: mail, basedOn: none, restores: none }, { when: at(2) });
  expect(valuesOf(await profileOf())).toEqual([{ field: 'email', value: null }]);
  await change({ set: mail, basedOn: none, restores: first }, { when: at(3) });
  expect(await profileOf()).toMatchObject({ entries: [{ set: mail, verifiedAt: expect.any(String) }] });
  await change({ set: mail, restores: first }, { ssin: people.mother, when: at(4) });
  expect(valuesOf(await profileOf(people.mother))).toEqual([]);
});

test('former addresses are forgotten after a while, what holds is not', async () => {
  const first = await change({ set: mail, verification: await confirmed() });
  await change({
    set: { field: 'email', value: 'nieuw@voorbeeld.example' },
    basedOn: first,
    verification: await confirmed('nieuw@voorbeeld.example'),
  });
  files.later = (formerContactDays + 1) * day;
  await change({ set: paper }, { when: new Date(Date.now() + files.later).toISOString() });
  const rows = JSON.stringify(await bench.database.query('SELECT value FROM profile_change'));
  expect([rows.includes('lotte@'), rows.includes('nieuw@')]).toEqual([false, true]);
});

test('a code: five tries, ten minutes, its own terminal, visit and person', async () => {
  const [middleware, asking] = [await files.open(), await files.signIn()];
  const sent = await sendCode(middleware, asking);
  if (sent.status !== 'sent') throw new Error(sent.why);
  const code = await sentCode(middleware);
  const wrong = code === '000000' ? '000001' : '000000';
  const others = [await files.signIn(), await files.signIn(people.self, second), { ...(await files.signIn(people.mother)) }];
  for (const other of others) expect(await confirm(middleware, other, sent.verification, code)).toEqual({ status: 'over' });
  for (let left = codeTries - 1; left > 0; left--)
    expect(await confirm(middleware, asking, sent.verification, wrong)).toEqual({ status: 'wrong', triesLeft: left });
  expect(await confirm(middleware, asking, sent.verification, wrong)).toEqual({ status: 'over' });
  expect(await confirm(middleware, asking, sent.verification, code)).toEqual({ status: 'over' });
  const next = await sendCode(middleware, asking);
  if (next.status !== 'sent') throw new Error(next.why);
  files.later = codeLifeMs + 1_000;
  const later = { ...(await files.signIn()), visit: asking.visit };
  expect(
    (await files.post(middleware, '/v1/profile/confirmations', later, { verification: next.verification, code: '123456' })).status,
  ).toBe(401);
  const [row] = await bench.database.query('SELECT count(*)::int AS n FROM profile_code WHERE confirmed_at IS NOT NULL');
  expect(row).toEqual({ n: 0 });
});

test('a code that is too old is over, in the same visit with a new grant', async () => {
  const [middleware, asking] = [await files.open(), await files.signIn()];
  const sent = await sendCode(middleware, asking);
  if (sent.status !== 'sent') throw new Error(sent.why);
  const code = await sentCode(middleware);
  await bench.database.query(`UPDATE profile_code SET expires_at = $1::timestamptz`, [files.now().toISOString()]);
  expect(await confirm(middleware, asking, sent.verification, code)).toEqual({ status: 'over' });
});

test('the database holds no code, no address that is being confirmed, and nothing to try codes on', async () => {
  const [middleware, asking] = [await files.open(), await files.signIn()];
  await sendCode(middleware, asking);
  const code = await sentCode(middleware);
  const [row] = await bench.database.query(
    `SELECT encode(said, 'hex') || encode(code, 'hex') || encode(token_sha256, 'hex') AS bytes, to_jsonb(c)::text AS whole FROM profile_code c`,
  );
  expect(String(row?.whole)).not.toMatch(new RegExp(`lotte@|"${code}"`));
  for (const plain of [code, `loket/code/1\0${code}`]) expect(String(row?.bytes)).not.toContain(hash('sha256', plain));
});

test('eight codes a day, however many at once; a message that nobody takes counts for nothing', async () => {
  let seconds = 0;
  const uptime = () => {
    seconds += 60;
    return seconds * 1_000;
  };
  const middleware = await files.open(makeWorld(), { uptime });
  const asking = await files.signIn();
  expect(await sendCode(middleware, asking, 'weigert@voorbeeld.example')).toEqual({ status: 'refused', why: 'not_sent' });
  const replies = await Promise.all(Array.from({ length: codesPerDay + 2 }, async () => await sendCode(middleware, await files.signIn())));
  expect(replies.filter(({ status }) => status === 'sent')).toHaveLength(codesPerDay);
  expect(await sendCode(middleware, await files.signIn())).toEqual({ status: 'refused', why: 'too_many' });
  expect(await sendCode(middleware, await files.signIn(people.mother))).toMatchObject({ status: 'sent' });
  files.later = day + 1_000;
  expect(await sendCode(middleware, await files.signIn())).toMatchObject({ status: 'sent' });
});

test('what is no address, no grant, no code', async () => {
  const [middleware, asking] = [await files.open(), await files.signIn()];
  for (const [channel, value] of [
    ['email', 'lotte@voorbeeld'],
    ['email', 'lotte@voorbeeld.example\nBcc: iedereen@voorbeeld.example'],
    ['email', 'lotte..x@voorbeeld.example'],
    ['phone', '0470123456'],
    ['phone', '+3212'],
    ['phone', '+32000000000'],
    ['phone', '+320470123456'],
  ])
    expect(await problemOf(await files.post(middleware, '/v1/profile/codes', asking, { channel, value, language: 'nl' }))).toEqual([
      400,
      'bad-request',
    ]);
  for (const path of ['/v1/profile', '/v1/profile/codes', '/v1/profile/confirmations'])
    expect(
      await problemOf(
        await files.post(
          middleware,
          path,
          { ...asking, token: 'x' },
          { channel: 'email', value: 'a@b.example', language: 'nl', verification: 'A'.repeat(43), code: '123456' },
        ),
      ),
    ).toEqual([401, 'grant-ended']);
});

test('reading it is a look, and its facts stand in the file', async () => {
  await change({ set: ebox });
  await change({ set: consentTo('news-town') });
  const middleware = await files.open(makeWorld());
  const asking = await files.signIn();
  await read(middleware, asking);
  const [row] = await bench.database.query(`SELECT sources FROM consultation WHERE visit = $1::uuid`, [asking.visit]);
  expect(row).toEqual({ sources: ['profile'] });
  const lines = await readLines(await files.file(middleware, asking, { sources: ['profile'] })).all();
  const items = answersOf(lines).flatMap((answer) => ('items' in answer ? answer.items : [])) as FileItem[];
  expect(items.map((item) => [item.id, item.kind === 'register_data' ? item.value.nl : ''])).toEqual([
    ['consent-news-town', 'U zei ja'],
    ['post', 'My e-Box'],
  ]);
});
