import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ActingAs } from '../../contract/file.ts';
import { HandoverReply } from '../../contract/handover.ts';
import type { MiddlewareConfig } from '../config.ts';
import type { Message } from '../profile/messages.ts';
import { switchSource } from '../sources/switches.ts';
import { problemOf } from '../testing/check-reply.ts';
import { type Asking, createFileBench, type FileBench } from '../testing/file-bench.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { makeItem, makeWorld, people } from '../testing/small-world.ts';
import { handoverLifeMs } from './handovers.ts';

let bench: TestBench;
let files: FileBench;

beforeAll(async () => {
  bench = await openTestBench();
  files = createFileBench(bench);
}, 60_000);
afterEach(async () => {
  await files.empty();
  await bench.database.query('DELETE FROM handover');
});
afterAll(() => bench.close());

const mother: ActingAs = { kind: 'person', ssin: people.mother, basis: 'mandate' };
const title = '<b>Nieuw raam</b> & deur';

async function open(changes: Partial<MiddlewareConfig> = {}): Promise<TestMiddleware> {
  const items = (_source: string, subject: Parameters<typeof makeItem>[0]) => ({
    asOf: new Date().toISOString(),
    items: [makeItem(subject, { title: { nl: title }, next: { nl: 'We komen langs.' } })],
  });
  return await files.open(makeWorld({ items }), {}, changes);
}

/** What left the house, in a demo. */
async function sentBy(middleware: TestMiddleware): Promise<Message[]> {
  return (await (await middleware.ask('/demo/messages', { undocumented: true })).json()) as Message[];
}

const ask = async (middleware: TestMiddleware, asking: Asking, way: 'email' | 'phone', more: object = {}) =>
  await files.post(middleware, '/v1/handovers', asking, {
    actingAs: { kind: 'self' },
    source: 'library',
    item: 'd-1',
    way,
    language: 'nl',
    ...more,
  });
const replyOf = async (...asked: Parameters<typeof ask>) => HandoverReply.parse(await (await ask(...asked)).json());

async function tokenOf(middleware: TestMiddleware): Promise<string> {
  const reply = await replyOf(middleware, await files.signIn(), 'phone');
  if (reply.status !== 'ready') throw new Error(reply.status);
  return reply.token;
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const look = (middleware: TestMiddleware, token: string) => middleware.ask(`/m/${token}`, { undocumented: true });
const press = (middleware: TestMiddleware, token: string) =>
  middleware.ask(`/m/${token}`, { method: 'POST', headers: form, body: '', undocumented: true });

async function verify(value: string | null, verifiedAt: string | null): Promise<void> {
  await bench.database.query(
    `INSERT INTO profile_entry (holder, thing, value, version, made_at, verified_at)
     VALUES ($1, 'email', $2::text::jsonb, gen_random_uuid(), now(), $3::timestamptz)`,
    [people.self, JSON.stringify({ field: 'email', value }), verifiedAt],
  );
}

test('for the own telephone: a page that opens once, as plain text, and not by looking at its address', async () => {
  const middleware = await open();
  const token = await tokenOf(middleware);
  const first = await (await look(middleware, token)).text();
  expect(first).not.toContain('raam');
  const page = await press(middleware, token);
  const text = await page.text();
  expect(text).toContain('&lt;b&gt;Nieuw raam&lt;/b&gt; &amp; deur');
  expect(text).toContain('We komen langs.');
  expect(text).not.toContain(people.self);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect((await press(middleware, token)).status).toBe(410);
});

test('of two telephones that come at once, one gets it', async () => {
  const middleware = await open();
  const token = await tokenOf(middleware);
  const all = await Promise.all([press(middleware, token), press(middleware, token), press(middleware, token)]);
  expect(all.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
});

test('its time is short, and nobody guesses one', async () => {
  const middleware = await open();
  const token = await tokenOf(middleware);
  files.later = handoverLifeMs;
  expect((await press(middleware, token)).status).toBe(410);
  for (const guess of ['A'.repeat(43), 'x', '..%2f..', `${token}A`]) expect((await press(middleware, guess)).status, guess).toBe(410);
});

test('a stolen database tells nothing of it', async () => {
  const middleware = await open();
  await tokenOf(middleware);
  const [row] = await bench.database.query(`SELECT encode(page, 'escape') AS page, encode(token_sha256, 'hex') AS hash FROM handover`);
  expect(JSON.stringify(row)).not.toMatch(/raam|library|komen/);
});

test('by e-mail: to the address that was verified, which is told masked', async () => {
  await verify('lotte@voorbeeld.example', new Date().toISOString());
  const middleware = await open();
  const reply = await replyOf(middleware, await files.signIn(), 'email');
  const sent = await sentBy(middleware);
  expect(reply).toEqual({ status: 'sent', to: 'l•••@voorbeeld.example' });
  expect(sent).toMatchObject([{ channel: 'email', to: 'lotte@voorbeeld.example', subject: 'Uit uw map, van het loket' }]);
  expect(sent[0]?.text).toContain(title);
  expect(sent[0]?.text).toContain('We komen langs.');
});

test('by e-mail: words of a source make no line that passes for another’s', async () => {
  await verify('lotte@voorbeeld.example', new Date().toISOString());
  const words = { title: { nl: 'Raam\r\nBron: het rijk' }, next: { nl: 'Kom langs.\u2028Bron: het rijk\nContact: 0900' } };
  const items = (_source: string, subject: Parameters<typeof makeItem>[0]) => ({
    asOf: new Date().toISOString(),
    items: [makeItem(subject, words)],
  });
  const middleware = await files.open(makeWorld({ items }));
  await ask(middleware, await files.signIn(), 'email');
  const [message] = await sentBy(middleware);
  const lines = message?.text.split(/[\n\r\u2028]/) ?? [];
  expect(lines.filter((line) => /^(Bron|Contact):/.test(line))).toEqual([expect.stringMatching(/^Bron: Bron library/)]);
});

test.each([
  ['none', null],
  ['one that nobody verified', 'lotte@voorbeeld.example'],
])('by e-mail with no address to go to: %s', async (_what, address) => {
  if (address !== null) await verify(address, null);
  const middleware = await open();
  expect(await replyOf(middleware, await files.signIn(), 'email')).toEqual({ status: 'refused', why: 'no_address' });
  expect(await sentBy(middleware)).toEqual([]);
});

test('a message that is not taken was not sent', async () => {
  await verify('lotte@voorbeeld.example', new Date().toISOString());
  const middleware = await open({ demo: false });
  expect(await replyOf(middleware, await files.signIn(), 'email')).toEqual({ status: 'refused', why: 'not_sent' });
});

test.each([
  ['an item that it does not have', { item: 'd-2' }],
  ['a source that there is not', { source: 'nobody' }],
  ['a source that is not connected', { source: 'taxes' }],
])('%s is gone', async (_what, more) => {
  expect(await replyOf(await open(), await files.signIn(), 'phone', more)).toEqual({ status: 'refused', why: 'gone' });
});

test('what its source says about somebody else goes nowhere', async () => {
  const middleware = await open();
  files.offices.set('library', { fault: 'another' });
  for (const item of ['d-1', 'x'])
    expect(await replyOf(middleware, await files.signIn(), 'phone', { item })).toEqual({ status: 'refused', why: 'gone' });
});

test('in another’s name only with a mandate, and to the own address', async () => {
  await verify('lotte@voorbeeld.example', new Date().toISOString());
  const middleware = await open();
  expect(await replyOf(middleware, await files.signIn(), 'email', { actingAs: mother })).toMatchObject({ status: 'sent' });
  files.offices.withdraw(people.self, true);
  const refused = await ask(middleware, await files.signIn(), 'email', { actingAs: mother });
  expect(await problemOf(refused)).toEqual([403, 'no-mandate']);
  expect(await sentBy(middleware)).toHaveLength(1);
});

test('needs the grant of this visit', async () => {
  const middleware = await open();
  const { token } = await files.signIn();
  const other = await ask(middleware, { ...(await files.signIn()), token }, 'phone');
  expect(other.status).toBe(401);
});

test('is a look at somebody’s data, and is written down', async () => {
  const middleware = await open();
  const asking = await files.signIn();
  await ask(middleware, asking, 'phone', { actingAs: mother });
  const looks = await bench.database.query('SELECT subject, looked_by, sources FROM consultation WHERE visit = $1::uuid', [asking.visit]);
  expect(looks).toEqual([{ subject: people.mother, looked_by: people.self, sources: ['library'] }]);
});

test('who cannot be asked about a mandate gives nobody one', async () => {
  const middleware = await open();
  files.offices.set('mandates', { fault: 'error' });
  const refused = await ask(middleware, await files.signIn(), 'phone', { actingAs: mother });
  expect(await problemOf(refused)).toEqual([503, 'unavailable']);
});

test('a source that was switched off is not asked', async () => {
  const middleware = await open();
  await switchSource(bench.database, { source: 'library', off: true });
  expect(await replyOf(middleware, await files.signIn(), 'phone')).toEqual({ status: 'refused', why: 'gone' });
  expect(files.offices.asked('library')).toBe(0);
});

test('one household cannot try codes without end, by looking nor by pressing', async () => {
  for (const visit of [look, press]) {
    const middleware = await open();
    const statuses: number[] = [];
    while (statuses.length < 200 && statuses.at(-1) !== 429) statuses.push((await visit(middleware, 'A'.repeat(43))).status);
    expect(statuses.at(-1)).toBe(429);
  }
});

test('what is asked again may be as old as its source says: a day, a month, a year', async () => {
  const world = makeWorld();
  const list = {
    ...world.list,
    sources: world.list.sources.map((source, at) => ({ ...source, freshFor: [1_440, 43_200, 525_600][at] ?? 60 })),
  };
  const middleware = await files.open({ ...world, list });
  for (const source of ['library', 'permits', 'parking'])
    expect([source, await replyOf(middleware, await files.signIn(), 'phone', { source })]).toMatchObject([source, { status: 'ready' }]);
});

test('a source that answers about somebody else is an alarm here too', async () => {
  const middleware = await files.open(
    makeWorld({ items: () => ({ asOf: new Date().toISOString(), items: [makeItem({ kind: 'person', ssin: people.mother })] }) }),
  );
  expect(await replyOf(middleware, await files.signIn(), 'phone')).toEqual({ status: 'refused', why: 'gone' });
  await middleware.close();
  expect(await bench.database.query('SELECT source, alarms::int FROM source_state WHERE alarms > 0')).toEqual([
    { source: 'library', alarms: 1 },
  ]);
});
