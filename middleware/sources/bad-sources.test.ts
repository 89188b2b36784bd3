import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { itemLimits, type Subject } from '../../contract/file.ts';
import type { Fault } from '../back-offices/control.ts';
import { createFileBench, type FileBench } from '../testing/file-bench.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { answersOf, endOf, readLines, statesOf } from '../testing/read-lines.ts';
import { makeItem, makeWorld } from '../testing/small-world.ts';
import { mostConnections } from './ask.ts';

let bench: TestBench;
let files: FileBench;

beforeAll(async () => {
  bench = await openTestBench();
  files = createFileBench(bench);
}, 60_000);
afterEach(() => files.empty());
afterAll(() => bench.close());

const quiet = { log: { write: () => undefined } };
/** Time enough for those that answer, on a busy machine too. */
const quick = { ...quiet, file: { deadlines: { file: 20_000 } } };
/** For those that never do. */
const impatient = { ...quiet, file: { deadlines: { file: 4_000 } } };
const read = async (middleware: TestMiddleware) => await readLines(await files.file(middleware, await files.signIn())).all();
const others = { permits: 'fresh', parking: 'fresh' };

const faults: [Fault, string][] = [
  ['dead', 'silent: no_answer'],
  ['error', 'silent: failed'],
  ['half', 'silent: failed'],
  ['garbage', 'silent: unreadable'],
  ['huge', 'silent: too_much'],
  ['another', 'silent: not_yours'],
  ['future', 'stale'],
];

test.each(faults)('a source that is %s: %s, and the others are as they are', async (fault, state) => {
  const middleware = await files.open(makeWorld(), fault === 'dead' ? impatient : quick);
  files.offices.set('library', { fault });
  const lines = await read(middleware);
  expect(statesOf(lines)).toMatchObject({ library: state, ...others });
  expect(endOf(lines)).toBe('complete');
  // Nothing is held any longer: what was too much was not read to its end.
  await expect.poll(() => files.offices.open()).toBe(0);
});

test('somebody else’s item: nothing of that answer is passed on, and staff are told', async () => {
  const middleware = await files.open(makeWorld(), quick);
  files.offices.set('library', { fault: 'another' });
  const lines = await read(middleware);
  expect(JSON.stringify(lines)).not.toContain('64021599807');
  expect(answersOf(lines).find(({ source }) => source === 'library')).toEqual({ source: 'library', state: 'silent', why: 'not_yours' });
  await middleware.close();
  const [row] = await bench.database.query(
    `SELECT alarms::int, silent::int, alarm_at IS NOT NULL AS at FROM source_state WHERE source = 'library'`,
  );
  expect(row).toEqual({ alarms: 1, silent: 1, at: true });
});

test('a clock that is ahead: nothing is of the future, and it is not called fresh', async () => {
  const middleware = await files.open(makeWorld(), quick);
  files.offices.set('library', { fault: 'future' });
  const answer = answersOf(await read(middleware)).find(({ source }) => source === 'library');
  expect(answer).toMatchObject({ state: 'stale' });
  expect(Date.parse(answer?.state === 'stale' ? answer.asOf : '')).toBeLessThanOrEqual(Date.now());
});

test('the same item twice is there once, and is counted', async () => {
  const middleware = await files.open(makeWorld(), quick);
  files.offices.set('library', { fault: 'twice' });
  const answer = answersOf(await read(middleware)).find(({ source }) => source === 'library');
  expect(answer).toMatchObject({ state: 'fresh', items: [{ id: 'd-1' }] });
  await middleware.close();
  const rows = await bench.database.query('SELECT source, repeats::int FROM source_state WHERE repeats > 0');
  expect(rows).toEqual([{ source: 'library', repeats: 1 }]);
});

test('HTML in a title comes through as the text that it is', async () => {
  const middleware = await files.open(makeWorld(), quick);
  files.offices.set('library', { fault: 'markup' });
  const answer = answersOf(await read(middleware)).find(({ source }) => source === 'library');
  expect(answer).toMatchObject({ items: [{ title: { nl: '<img src=x onerror="alert(1)"><b>Uw boete</b>' } }] });
});

test('older than it promises is stale, with its age', async () => {
  const asOf = new Date(Date.now() - 61 * 60_000).toISOString();
  const middleware = await files.open(makeWorld({ items: (_source, subject) => ({ asOf, items: [makeItem(subject)] }) }), quick);
  expect(answersOf(await read(middleware)).find(({ source }) => source === 'library')).toMatchObject({ state: 'stale', asOf });
});

const now = () => new Date().toISOString();
const wrong: [string, string, (subject: Subject) => object][] = [
  [
    'an item of no known kind',
    'unreadable',
    (subject) => ({ asOf: now(), items: [makeItem(subject), makeItem(subject, { id: 'x', kind: 'verdict' })] }),
  ],
  ['an item without a subject', 'unreadable', (subject) => ({ asOf: now(), items: [makeItem(subject, { subject: undefined })] })],
  ['an item without words', 'unreadable', (subject) => ({ asOf: now(), items: [makeItem(subject, { title: {} })] })],
  ['a day that is none', 'unreadable', (subject) => ({ asOf: now(), items: [makeItem(subject, { on: '2026-02-30' })] })],
  ['no moment', 'unreadable', (subject) => ({ items: [makeItem(subject)] })],
  ['a list', 'unreadable', (subject) => [makeItem(subject)]],
  [
    'more items than one may have',
    'too_much',
    (subject) => ({ asOf: now(), items: Array.from({ length: itemLimits.perSource + 1 }, (_, n) => makeItem(subject, { id: `${n}` })) }),
  ],
  ['an item that fills a line', 'too_much', (subject) => ({ asOf: now(), items: [makeItem(subject, hugeConsultation)] })],
  [
    'somebody else’s item that is also broken',
    'not_yours',
    () => ({ asOf: now(), items: [{ subject: { kind: 'person', ssin: '64021599807' } }] }),
  ],
];
const long = '€'.repeat(2_000);
const field = { nl: long, fr: long, de: long, en: long };
const hugeConsultation = {
  kind: 'consultation',
  by: field,
  purpose: field,
  fields: Array.from({ length: 50 }, () => field),
  at: '2026-11-20T09:00:00Z',
};

test.each(wrong)('%s: %s', async (_name, why, items) => {
  const world = makeWorld();
  const answer = (source: string, subject: Subject) => (source === 'library' ? items(subject) : world.answer(source, subject));
  const middleware = await files.open({ ...world, answer: answer as typeof world.answer }, quick);
  expect(statesOf(await read(middleware))).toMatchObject({ library: `silent: ${why}`, ...others });
});

test('many items come in lines that a terminal can hold', async () => {
  const items = (count: number, subject: Subject, words = 'x') =>
    Array.from({ length: count }, (_, n) => makeItem(subject, { id: `${n}`, title: { nl: words } }));
  const world = makeWorld({
    ids: ['many', 'long'],
    items: (source, subject) => ({ asOf: now(), items: source === 'many' ? items(450, subject) : items(200, subject, long) }),
  });
  const middleware = await files.open(world, quick);
  const response = await files.stream(middleware, await files.signIn());
  const text = await response.text();
  for (const line of text.split('\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(itemLimits.line);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const of = (source: string) => lines.flatMap(({ answer }) => (answer?.source === source ? [answer] : []));
  expect(of('many').map(({ items, more }) => [items.length, more])).toEqual([
    [200, true],
    [200, true],
    [50, false],
  ]);
  expect(of('long').length).toBeGreaterThan(1);
  expect(of('long').flatMap(({ items }) => items)).toHaveLength(200);
});

test('a whole file has an end as well: what a terminal would not hold is not sent', async () => {
  const six = Array.from({ length: 6 }, (_, n) => `many-${n}`);
  const items = (subject: Subject) => Array.from({ length: 9_000 }, (_, n) => makeItem(subject, { id: `${n}` }));
  const middleware = await files.open(
    makeWorld({ ids: six, items: (_source, subject) => ({ asOf: now(), items: items(subject) }) }),
    quick,
  );
  const response = await files.stream(middleware, await files.signIn());
  const states = Object.values(statesOf(await readLines(response).all()));
  expect(states.filter((state) => state === 'silent: too_much')).toHaveLength(1);
  expect(states.filter((state) => state === 'fresh')).toHaveLength(5 + 3);
}, 90_000);

/** A source of its own making, which is wrong already as HTTP. */
async function strange(listener: RequestListener): Promise<TestMiddleware> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { list } = makeWorld({ ids: ['strange'] });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return await files.open(makeWorld(), impatient, { sources: { list, base } });
}

const json = { 'content-type': 'application/json' };
const strangers: [string, string, RequestListener][] = [
  ['packs its answer', 'unreadable', (_q, a) => a.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('{}'))],
  ['answers a page', 'unreadable', (_q, a) => a.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hallo')],
  ['sends elsewhere', 'failed', (_q, a) => a.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['says that it will be huge', 'too_much', (_q, a) => a.writeHead(200, { ...json, 'content-length': 9_000_000_000 }).flushHeaders()],
  ['is no HTTP', 'failed', (q) => q.socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
  ['hangs up', 'failed', (q) => q.socket.destroy()],
  ['has no end of headers', 'failed', (q) => q.socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(40_000)}`)],
  ['drips', 'no_answer', (_q, a) => void a.writeHead(200, json).write('{')],
  ['is not UTF-8', 'unreadable', (_q, a) => a.writeHead(200, json).end(Buffer.from([0x22, 0xff, 0x22]))],
];

test.each(strangers)('a source that %s: %s', async (_name, why, listener) => {
  expect(statesOf(await read(await strange(listener)))).toMatchObject({ strange: `silent: ${why}` });
});

test('nobody there: it failed, and that at once', async () => {
  const { list } = makeWorld({ ids: ['nobody'] });
  const middleware = await files.open(makeWorld(), quick, { sources: { list, base: 'http://127.0.0.1:1' } });
  expect(statesOf(await read(middleware))).toMatchObject({ nobody: 'silent: failed' });
});

test('one source holds so many connections, and keeps none of another’s', async () => {
  const middleware = await files.open(makeWorld(), quick);
  files.offices.set('library', { fault: 'dead' });
  const askings = await Promise.all(Array.from({ length: mostConnections + 6 }, () => files.signIn()));
  const streams = await Promise.all(askings.map(async (asking) => readLines(await files.stream(middleware, asking))));
  await expect.poll(() => files.offices.asked('permits'), { timeout: 20_000 }).toBe(askings.length);
  await expect.poll(() => files.offices.open(), { timeout: 20_000 }).toBe(mostConnections);
  await Promise.all(streams.map((stream) => stream.leave()));
  await expect.poll(() => files.offices.open(), { timeout: 20_000 }).toBe(0);
});
