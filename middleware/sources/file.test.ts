import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ActingAs, RolesReply } from '../../contract/file.ts';
import { mediaType } from '../../contract/wire.ts';
import { grantLifeMs } from '../grants/grants.ts';
import { type Database, DatabaseUnavailable } from '../store/database.ts';
import { revokeTerminal } from '../terminals/manage.ts';
import { problemOf } from '../testing/check-reply.ts';
import { createFakeTerminal, type FakeTerminal } from '../testing/fake-terminal.ts';
import { createFileBench, type FileBench } from '../testing/file-bench.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { answersOf, endOf, readLines, statesOf } from '../testing/read-lines.ts';
import { makeItem, makeWorld, people } from '../testing/small-world.ts';
import { createItemProofs } from './item-proof.ts';
import { switchSource } from './switches.ts';

let bench: TestBench;
let files: FileBench;
let second: FakeTerminal;

beforeAll(async () => {
  bench = await openTestBench();
  files = createFileBench(bench);
  second = createFakeTerminal('kiosk-2', bench.keys.sealKey);
  await bench.enrol(second);
}, 60_000);
afterEach(() => files.empty());
afterAll(() => bench.close());

const mother: ActingAs = { kind: 'person', ssin: people.mother, basis: 'mandate' };
const own = { loket: 'fresh', consultations: 'fresh', profile: 'fresh' };

test('one line for the sources, one for each answer, one for the end', async () => {
  const middleware = await files.open();
  const response = await files.file(middleware, await files.signIn());
  expect([response.status, response.headers.get('content-type')]).toEqual([200, mediaType.lines]);
  const lines = await readLines(response).all();
  expect(lines[0]).toMatchObject({ line: 'sources', subject: { kind: 'person', ssin: people.self } });
  expect(statesOf(lines)).toEqual({ library: 'fresh', permits: 'fresh', parking: 'fresh', taxes: 'not_connected', ...own });
  expect(endOf(lines)).toBe('complete');
});

test('each item goes with the middleware’s word about it, whatever its source said there', async () => {
  const items = [makeItem({ kind: 'person', ssin: people.self }, { id: 'd-1', proof: 'A'.repeat(22) })];
  const middleware = await files.open(makeWorld({ items: () => ({ asOf: files.now().toISOString(), items }) }));
  const answers = answersOf(await readLines(await files.file(middleware, await files.signIn())).all());
  const { prove } = createItemProofs(Buffer.from(bench.keys.keys.operatorKey, 'base64url'));
  const library = answers.find(({ source }) => source === 'library');
  const [item] = library && 'items' in library ? library.items : [];
  expect([item?.id, item?.proof]).toEqual(['d-1', item && prove('library', item)]);
});

test('an answer leaves when it is there: one that never answers delays nobody', async () => {
  const middleware = await files.open(makeWorld(), { file: { deadlines: { file: 2_000 } } });
  files.offices.set('permits', { fault: 'dead' });
  const lines = readLines(await files.stream(middleware, await files.signIn()));
  const first = [];
  for (let i = 0; i < 7; i++) first.push(await lines.next());
  // The dead one holds its question still, and the others are here.
  expect(files.offices.open()).toBe(1);
  expect(Object.keys(statesOf(first.flatMap((line) => line ?? []))).sort()).toEqual([
    'consultations',
    'library',
    'loket',
    'parking',
    'profile',
    'taxes',
  ]);
  expect(statesOf(await lines.all())).toEqual({ permits: 'silent: no_answer' });
});

test('somebody asks once more: those sources and no others', async () => {
  const middleware = await files.open();
  const lines = await readLines(await files.file(middleware, await files.signIn(), { sources: ['library', 'nobody-knows-it'] })).all();
  expect(statesOf(lines)).toEqual({ library: 'fresh' });
  expect(files.offices.asked('permits')).toBe(0);
});

test('a source that was switched off is not asked, by any instance', async () => {
  const middleware = await files.open();
  await switchSource(bench.database, { source: 'library', off: true });
  const lines = await readLines(await files.file(middleware, await files.signIn())).all();
  expect(statesOf(lines)).toMatchObject({ library: 'switched_off', permits: 'fresh' });
  expect(files.offices.asked('library')).toBe(0);
});

test('roles: enterprises, children, mandates; who says nothing is named', async () => {
  const middleware = await files.open();
  files.offices.set('mandates', { fault: 'error' });
  const reply = RolesReply.parse(await (await files.post(middleware, '/v1/roles', await files.signIn())).json());
  expect(reply.roles.map(({ name, as, until }) => [name, as.kind, until])).toEqual([
    ['Proefwerk BV', 'enterprise', null],
    ['Noor Quaghebier', 'person', '2034-04-10'],
  ]);
  expect(reply.silent.map(({ id }) => id)).toEqual(['mandates']);
});

test('a file is read in the name of somebody else, and not of whom nobody named', async () => {
  const middleware = await files.open();
  const asking = await files.signIn();
  const lines = await readLines(await files.file(middleware, asking, { actingAs: mother })).all();
  expect(lines[0]).toMatchObject({ subject: { kind: 'person', ssin: people.mother } });
  expect(statesOf(lines).library).toBe('fresh');
  // Whoever knows nothing of mandates is not asked for whom somebody may act.
  expect(['mandates', 'represented', 'enterprises'].map((source) => files.offices.asked(source) > 0)).toEqual([true, false, false]);
  for (const actingAs of [
    { kind: 'person', ssin: people.mother, basis: 'parent' },
    { kind: 'person', ssin: '64021599807', basis: 'mandate' },
    { kind: 'enterprise', enterpriseNumber: people.enterprise, role: 'bediende' },
  ] satisfies ActingAs[])
    expect(await problemOf(await files.file(middleware, asking, { actingAs }))).toEqual([403, 'no-mandate']);
  files.offices.set('mandates', { fault: 'error' });
  expect(await problemOf(await files.file(middleware, asking, { actingAs: mother }))).toEqual([503, 'unavailable']);
});

test('a grant is for one terminal, one visit, ten minutes, and its bearer', async () => {
  const middleware = await files.open();
  const asking = await files.signIn();
  const refused = [401, 'grant-ended'];
  for (const wrong of [
    { ...asking, as: second },
    { ...asking, visit: randomUUID() },
    { ...asking, token: 'x' },
    { ...asking, token: Buffer.alloc(32).toString('base64url') },
  ])
    for (const path of ['/v1/roles', '/v1/file'])
      expect(await problemOf(await files.post(middleware, path, wrong, { actingAs: { kind: 'self' }, sources: [] }))).toEqual(refused);
  files.later = grantLifeMs - 1_000;
  expect((await files.file(middleware, asking)).status).toBe(200);
  files.later = grantLifeMs + 1_000;
  expect(await problemOf(await files.file(middleware, asking))).toEqual(refused);
  expect(files.offices.asked('library')).toBe(1);
});

test('a grant whose row was moved to another terminal opens nothing; those that are over are swept', async () => {
  const middleware = await files.open();
  const asking = await files.signIn();
  await bench.database.query(`UPDATE person_grant SET terminal = 'kiosk-2'`);
  expect(await problemOf(await files.file(middleware, { ...asking, as: second }))).toEqual([401, 'grant-ended']);
  files.later = grantLifeMs;
  await files.signIn();
  expect(await bench.database.query('SELECT count(*)::int AS n FROM person_grant')).toEqual([{ n: 1 }]);
});

test('the visit ends: its grants are gone, twice is once', async () => {
  const middleware = await files.open();
  const [asking, other] = [await files.signIn(), await files.signIn()];
  for (let i = 0; i < 2; i++) expect(await (await files.post(middleware, '/v1/grants/end', asking)).json()).toEqual({ ended: true });
  expect(await problemOf(await files.file(middleware, asking))).toEqual([401, 'grant-ended']);
  expect((await files.file(middleware, other)).status).toBe(200);
});

test('the same person at two terminals: each by its own grant, and one visit that ends leaves the other', async () => {
  const middleware = await files.open();
  files.offices.set('permits', { latencyMs: 400 });
  const [one, other] = [await files.signIn(), await files.signIn(people.self, second)];
  const [ended, read] = [readLines(await files.stream(middleware, one)), readLines(await files.stream(middleware, other))];
  await files.post(middleware, '/v1/grants/end', one);
  expect(endOf(await ended.all())).toBe('grant_ended');
  const lines = await read.all();
  expect([statesOf(lines).permits, endOf(lines)]).toEqual(['fresh', 'complete']);
});

test('a reading that cannot be written down is none; nobody without a certificate, or held, gets one', async () => {
  const asking = await files.signIn();
  const away: Database['query'] = (sql, values) =>
    sql.includes('INTO consultation') ? Promise.reject(new DatabaseUnavailable('it went away')) : bench.database.query(sql, values);
  const middleware = await files.open(makeWorld(), { database: { ...bench.database, query: away }, log: { write: () => undefined } });
  expect(await problemOf(await files.file(middleware, asking))).toEqual([503, 'unavailable']);
  const body = JSON.stringify({ terminal: 'kiosk-1', visit: asking.visit, actingAs: { kind: 'self' }, sources: [] });
  const headers = { 'content-type': mediaType.json, authorization: `Bearer ${asking.token}` };
  const stranger = await middleware.ask('/v1/file', { method: 'POST', body, headers, as: null });
  expect(await problemOf(stranger)).toEqual([401, 'no-certificate']);
  const held = createFakeTerminal('kiosk-3', bench.keys.sealKey);
  await bench.enrol(held);
  await revokeTerminal(bench.database, 'kiosk-3', files.now());
  expect(await problemOf(await files.file(middleware, await files.signIn(people.self, held)))).toEqual([403, 'held-terminal']);
  expect(files.offices.asked('library')).toBe(0);
});

test('too many files at once from one terminal', async () => {
  const middleware = await files.open(makeWorld({ ids: [] }));
  const asking = await files.signIn();
  const answers = [];
  for (let i = 0; i < 31; i++) answers.push((await files.file(middleware, asking)).status);
  expect([answers.slice(0, 30).every((status) => status === 200), answers.at(-1)]).toEqual([true, 429]);
});

test('no number stands in an address or in the log', async () => {
  const logged: string[] = [];
  const middleware = await files.open(makeWorld(), { log: { write: (line) => logged.push(line) } });
  const asking = await files.signIn();
  files.offices.set('library', { fault: 'another' });
  files.offices.set('permits', { fault: 'garbage' });
  await (await files.file(middleware, asking, { actingAs: mother })).text();
  await (await files.post(middleware, '/v1/roles', asking)).text();
  const said = `${logged.join('')} ${[...files.offices.addresses].join(' ')}`;
  expect(said).toContain('source_not_yours');
  for (const secret of [people.self, people.mother, people.child, asking.token, asking.visit]) expect(said).not.toContain(secret);
});
