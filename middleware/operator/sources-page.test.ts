import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { addOperator, changePassword, type Role } from '../operators/accounts.ts';
import { createFakeBrowser, type FakeBrowser } from '../testing/fake-browser.ts';
import { createFileBench, type FileBench } from '../testing/file-bench.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { readLines, statesOf } from '../testing/read-lines.ts';
import { makeWorld, people } from '../testing/small-world.ts';

let bench: TestBench;
let files: FileBench;
const password = 'brug over de Leie';
const quiet = { log: { write: () => undefined } };

beforeAll(async () => {
  bench = await openTestBench();
  files = createFileBench(bench);
}, 60_000);
afterEach(() => files.empty());
afterAll(() => bench.close());

async function someone(middleware: TestMiddleware, role: Role): Promise<FakeBrowser> {
  await addOperator(bench.database, { name: `the-${role}`, role });
  await changePassword(bench.database, `the-${role}`, password);
  const browser = createFakeBrowser(middleware);
  expect((await browser.signIn(`the-${role}`, password)).status).toBe(303);
  return browser;
}

const states = async (middleware: TestMiddleware) => statesOf(await readLines(await files.file(middleware, await files.signIn())).all());
const rowOf = (page: string, source: string) => page.split('<tr').find((row) => row.includes(`>${source}</span>`)) ?? '';

test('each source with its state, how often it was silent, and what gave somebody else’s data first', async () => {
  const middleware = await files.open(makeWorld(), quiet);
  files.offices.set('parking', { fault: 'another' });
  files.offices.set('permits', { fault: 'garbage' });
  await states(middleware);
  files.offices.set('permits', { fault: 'twice' });
  await states(middleware);
  const page = await (await (await someone(middleware, 'viewer')).get('/operator/sources')).text();
  expect(page.indexOf('>parking</span>')).toBeLessThan(page.indexOf('>library</span>'));
  expect(rowOf(page, 'parking')).toMatch(/Gaf gegevens van iemand anders.*2 keer gegevens van een andere burger.*2 van 2 keer/s);
  expect(rowOf(page, 'permits')).toMatch(/Antwoordt<.*1 keer hetzelfde gegeven dubbel.*1 van 2 keer/s);
  expect(rowOf(page, 'library')).toMatch(/Antwoordt<.*0 van 2 keer/s);
  expect(rowOf(page, 'taxes')).toMatch(/Niet aangesloten.*nog niet gevraagd/s);
  // A viewer sees, and switches nothing.
  expect(page).not.toContain('action="/operator/sources/');
  for (const number of [people.self, '64021599807']) expect(page).not.toContain(number);
});

test('an operator switches a source off and on again; it is written down', async () => {
  const middleware = await files.open(makeWorld(), quiet);
  const browser = await someone(middleware, 'operator');
  expect((await browser.submit('/operator/sources/switch', { source: 'library', off: 'yes' })).status).toBe(303);
  expect((await states(middleware)).library).toBe('switched_off');
  expect(rowOf(await (await browser.get('/operator/sources?lang=fr')).text(), 'library')).toMatch(/Désactivée.*Activer/s);
  await browser.submit('/operator/sources/switch', { source: 'library', off: 'no' });
  expect((await states(middleware)).library).toBe('fresh');
  expect(
    await bench.database.query(`SELECT operator, act, subject FROM operator_act WHERE act LIKE 'switch%' ORDER BY place LIMIT 2`),
  ).toEqual([
    { operator: 'the-operator', act: 'switch_source_off', subject: 'library' },
    { operator: 'the-operator', act: 'switch_source_on', subject: 'library' },
  ]);
  files.offices.set('library', { fault: 'another' });
  await states(middleware);
  const alarmed = async () => rowOf(await (await browser.get('/operator/sources?lang=nl')).text(), 'library').includes('role="alert"');
  expect(await alarmed()).toBe(true);
  await browser.submit('/operator/sources/switch', { source: 'library', off: 'yes' });
  expect(await alarmed()).toBe(true);
  await browser.submit('/operator/sources/switch', { source: 'library', off: 'no' });
  expect(await alarmed()).toBe(false);
  for (const form of [
    { source: 'nobody', off: 'yes' },
    { source: 'library', off: 'maybe' },
    { source: '<b>', off: 'yes' },
  ])
    expect((await browser.submit('/operator/sources/switch', form as Record<string, string>)).status).toBe(422);
});

test('in a demo a source can be made to fail; in earnest there is no such page', async () => {
  const middleware = await files.open(makeWorld(), quiet);
  const browser = await someone(middleware, 'operator');
  expect(await (await browser.get('/operator/sources')).text()).toContain('/operator/sources/spoil');
  expect((await browser.submit('/operator/sources/spoil', { source: 'library', fault: 'error', latency: '10' })).status).toBe(303);
  expect((await states(middleware)).library).toBe('silent: failed');
  expect((await browser.submit('/operator/sources/spoil', { source: 'library', fault: 'explode' })).status).toBe(422);
  await middleware.close();
  await bench.database.query(`DELETE FROM operator WHERE name = 'demo'`);
  const earnest = await files.open(makeWorld(), quiet, { demo: false });
  const other = createFakeBrowser(earnest);
  await other.signIn('the-operator', password);
  expect(await (await other.get('/operator/sources')).text()).not.toContain('spoil');
  expect((await other.submit('/operator/sources/spoil', { source: 'library', fault: 'error' })).status).toBe(404);
});
