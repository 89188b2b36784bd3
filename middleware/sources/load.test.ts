import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { benchWorld, makeBenchWorld } from '../back-offices/bench-world.ts';
import { createFileBench, type FileBench } from '../testing/file-bench.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { endOf, readLines, statesOf } from '../testing/read-lines.ts';

let bench: TestBench;
let files: FileBench;

beforeAll(async () => {
  bench = await openTestBench();
  files = createFileBench(bench);
}, 60_000);
afterEach(() => files.empty());
afterAll(() => bench.close());

const people = ['93031499871', '61112899805', '79071699836', '90102499848'];
const atOnce = 20;

test('20 files at one time, of 150 sources of which 10 never answer: each gets all the others, and they are its own', async () => {
  const world = makeBenchWorld();
  // The slow ones last, so that what is read before the dead give up is all that comes.
  const officeOf: typeof world.officeOf = (source) => ({
    ...world.officeOf(source),
    latencyMs: world.officeOf(source).fault === 'none' ? 50 : 0,
  });
  const middleware = await files.open({ ...world, officeOf }, { file: { deadlines: { file: 120_000 } } });
  const sources = world.list.sources.length + 2;
  const streams = await Promise.all(
    Array.from({ length: atOnce }, async (_, at) => {
      const ssin = people[at % people.length] ?? '';
      const lines = readLines(await files.stream(middleware, await files.signIn(ssin)));
      const read = [];
      while (Object.keys(statesOf(read)).length < sources - benchWorld.dead) read.push((await lines.next()) ?? expect.fail('ended early'));
      return { ssin, lines, read };
    }),
  );
  // Every dead source holds a question of everybody still: nobody waited for them.
  expect(files.offices.open()).toBe(atOnce * benchWorld.dead);
  for (const { ssin, read } of streams) {
    expect(new Set(Object.values(statesOf(read)))).toEqual(new Set(['fresh']));
    const subjects = read
      .flatMap((line) => (line.line === 'answer' && 'items' in line.answer ? line.answer.items : []))
      .map(({ subject }) => subject);
    expect(new Set(subjects.map((subject) => JSON.stringify(subject)))).toEqual(new Set([JSON.stringify({ kind: 'person', ssin })]));
  }
  await Promise.all(streams.map(({ lines }) => lines.leave()));
  await expect.poll(() => files.offices.open(), { timeout: 20_000 }).toBe(0);
  // And nothing of it is left in the way of the next one.
  const next = await readLines(await files.stream(middleware, await files.signIn(), { sources: ['kortrijk-library'] })).all();
  expect([statesOf(next), endOf(next)]).toEqual([{ 'kortrijk-library': 'fresh' }, 'complete']);
}, 120_000);
