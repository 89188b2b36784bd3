import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ActingAs } from '../../contract/file.ts';
import { mediaType } from '../../contract/wire.ts';
import { grantLifeMs } from '../grants/grants.ts';
import { revokeTerminal } from '../terminals/manage.ts';
import { problemOf } from '../testing/check-reply.ts';
import { createFakeTerminal } from '../testing/fake-terminal.ts';
import { type Asking, createFileBench, type FileBench } from '../testing/file-bench.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { endOf, type LineReader, readLines, statesOf } from '../testing/read-lines.ts';
import { makeItem, makeWorld, people } from '../testing/small-world.ts';

let bench: TestBench;
let files: FileBench;

beforeAll(async () => {
  bench = await openTestBench();
  files = createFileBench(bench);
}, 60_000);
afterEach(() => files.empty());
afterAll(() => bench.close());

const mother: ActingAs = { kind: 'person', ssin: people.mother, basis: 'mandate' };
const often = { log: { write: () => undefined }, file: { paces: { rightMs: 20 } } };

/** Read up to where one source still has not answered. */
async function half(middleware: TestMiddleware, asking: Asking, actingAs: ActingAs = { kind: 'self' }): Promise<LineReader> {
  files.offices.set('permits', { fault: 'dead' });
  const lines = readLines(await files.stream(middleware, asking, { actingAs }));
  for (let i = 0; i < 7; i++) expect(await lines.next()).not.toBeNull();
  expect(files.offices.open()).toBeGreaterThan(0);
  return lines;
}

/** What is read after that: the end alone, and the question that was open is taken back. */
async function expectEnd(lines: LineReader, why: string): Promise<void> {
  const rest = await lines.all();
  expect(statesOf(rest)).toEqual({});
  expect(endOf(rest)).toBe(why);
  await expect.poll(() => files.offices.open()).toBe(0);
}

test('the visit ends in the middle', async () => {
  const middleware = await files.open(makeWorld(), { file: { paces: { rightMs: 3_600_000 } } });
  const asking = await files.signIn();
  const lines = await half(middleware, asking);
  await files.post(middleware, '/v1/grants/end', asking);
  await expectEnd(lines, 'grant_ended');
});

test('the visit ends at another instance', async () => {
  const other = await files.open(makeWorld());
  const middleware = await files.open(makeWorld(), often);
  const asking = await files.signIn();
  const lines = await half(middleware, asking);
  await files.post(other, '/v1/grants/end', asking);
  await expectEnd(lines, 'grant_ended');
});

test('the ten minutes are over in the middle', async () => {
  const middleware = await files.open(makeWorld(), often);
  const lines = await half(middleware, await files.signIn());
  files.later = grantLifeMs;
  await expectEnd(lines, 'grant_ended');
});

test('the terminal is revoked in the middle', async () => {
  const middleware = await files.open(makeWorld(), often);
  const stolen = createFakeTerminal('kiosk-9', bench.keys.sealKey);
  await bench.enrol(stolen);
  const lines = await half(middleware, await files.signIn(people.self, stolen));
  await revokeTerminal(bench.database, 'kiosk-9', files.now());
  await expectEnd(lines, 'grant_ended');
});

test('a mandate is withdrawn in the middle: it ends, and the next is refused', async () => {
  const middleware = await files.open(makeWorld(), often);
  const asking = await files.signIn();
  const lines = await half(middleware, asking, mother);
  files.offices.withdraw(people.self, true);
  await expectEnd(lines, 'mandate_ended');
  expect(await problemOf(await files.file(middleware, asking, { actingAs: mother }))).toEqual([403, 'no-mandate']);
  files.offices.set('permits', { fault: 'none' });
  expect(endOf(await readLines(await files.file(middleware, asking)).all())).toBe('complete');
});

test('who cannot be asked about a mandate in the middle withdraws nothing', async () => {
  const middleware = await files.open(makeWorld(), { ...often, file: { deadlines: { file: 800 }, paces: { rightMs: 20 } } });
  const lines = await half(middleware, await files.signIn(), mother);
  files.offices.set('mandates', { fault: 'error' });
  expect(endOf(await lines.all())).toBe('complete');
});

test('the terminal goes away: nobody is asked any longer', async () => {
  const middleware = await files.open();
  const lines = await half(middleware, await files.signIn());
  await lines.leave();
  await expect.poll(() => files.offices.open()).toBe(0);
});

test('the middleware stops: the stream breaks off without an end, and stopping does not wait for the dead', async () => {
  const middleware = await files.open();
  const lines = await half(middleware, await files.signIn());
  const broken = lines.all().then(endOf, () => 'broken off');
  await middleware.close();
  expect(await broken).toBe('broken off');
});

/** Takes the beginning of an answer and then nothing. */
async function readNothing(middleware: TestMiddleware): Promise<{ rest(): Promise<string> }> {
  const slow = createFakeTerminal('kiosk-8', bench.keys.sealKey);
  const identity = await bench.enrol(slow);
  const asking = await files.signIn(people.self, slow);
  const socket = connect({ port: middleware.port, host: 'localhost', ca: bench.keys.tls.root.pem, ...identity });
  socket.on('error', () => undefined);
  const body = JSON.stringify({ terminal: slow.id, visit: asking.visit, actingAs: { kind: 'self' }, sources: [] });
  await new Promise<void>((resolve) => socket.once('secureConnect', resolve));
  socket.write(
    `POST /v1/file HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${mediaType.json}\r\nauthorization: Bearer ${asking.token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  socket.pause();
  return {
    rest: () =>
      new Promise((resolve) => {
        let read = '';
        socket.on('data', (chunk: Buffer) => (read += chunk.toString('latin1')));
        socket.once('close', () => resolve(read));
        socket.resume();
      }),
  };
}

const large = makeWorld({
  ids: Array.from({ length: 12 }, (_, n) => `large-${n}`),
  items: (_source, subject) => ({
    asOf: new Date().toISOString(),
    items: Array.from({ length: 1_500 }, (_, n) => makeItem(subject, { id: `${n}`, title: { nl: 'x'.repeat(1_500) } })),
  }),
});

test('a terminal that reads nothing delays no other, and is sent away', async () => {
  const logged: string[] = [];
  const middleware = await files.open(large, { file: { paces: { stalledMs: 4_000 } }, log: { write: (line) => logged.push(line) } });
  const slow = await readNothing(middleware);
  const other = await readLines(await files.stream(middleware, await files.signIn())).all();
  expect([endOf(other), Object.values(statesOf(other)).filter((state) => state === 'fresh').length]).toEqual(['complete', 15]);
  await expect.poll(() => logged.join(), { timeout: 60_000 }).toContain('file_reader_stalled');
  expect(await slow.rest()).not.toContain('"line":"end"');
}, 90_000);

test('for a reader who does not read, no more is held than may be', async () => {
  const middleware = await files.open(large, { file: { paces: { mostWaiting: 4 * 1024 * 1024 } }, log: { write: () => undefined } });
  const slow = await readNothing(middleware);
  const count = async () => {
    const [row] = await bench.database.query(
      `SELECT sum(asked)::int AS asked, count(*) FILTER (WHERE silent_why = 'too_much')::int AS refused,
         count(*) FILTER (WHERE state = 'fresh')::int AS taken FROM source_state WHERE source LIKE 'large-%'`,
    );
    return row;
  };
  await expect.poll(async () => (await count())?.asked, { timeout: 60_000 }).toBe(12);
  const row = await count();
  await middleware.close();
  expect(Number(row?.refused)).toBeGreaterThan(5);
  expect(Number(row?.taken)).toBeGreaterThan(0);
  expect((await slow.rest()).length).toBeLessThan(12 * 1024 * 1024);
}, 90_000);
