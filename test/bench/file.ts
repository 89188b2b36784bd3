import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { keepFolder } from '../../build/keeper.ts';
import { bundleFolder } from '../../build/paths.ts';
import { readyRuntime, runtimeEnvironment } from '../../build/runtime.ts';
import { benchWorld } from '../../middleware/back-offices/bench-world.ts';
import { ensureDisplay } from '../harness/display.ts';
import { type Edges, startEdges } from '../harness/edges.ts';
import { chooseSandbox } from '../harness/sandbox.ts';
import { timeOpening, timeScrolling, timeTyping, timeWayBack } from './file/in-page.ts';
import { inspectMain, type MainInspector, type Memory, measureMemory, openMainInspector } from './file/memory.ts';
import { endVisit, type ReadFile, readWholeFile, until } from './file/visit.ts';
import { alternate, type Bench, makeRow, median, percentile, type Row } from './rows.ts';
import { startWatched, type WatchedApp } from './watched-app.ts';

/**
 * A person's file in the real app, from the real middleware: 150 sources of which 10 never answer and 20 take five seconds.
 * By turns a file of 10,000 items and one of 100, each in a visit of its own with card and PIN.
 */
const all = 150;
const answering = all - benchWorld.dead;
/** Items of each source that answers. */
const large = Math.ceil(10_000 / answering);
const small = 1;
const frames = 240;
const typed = ['dossier 7', 'van kortrijk', 'behandelen', '2026'];

type Measured = {
  first: number;
  /** When the first of all sources had answered. */
  firstAnswer: number;
  toPaint: number[];
  wayBack: number[];
  opening: number;
  frames: number[];
  keys: number[];
  grown: Memory;
  before: Memory;
};

export const bench: Bench = async ({ rounds, say }) => {
  const runtime = await readyRuntime();
  const folder = keepFolder(await mkdtemp(join(tmpdir(), 'loket-bench-')));
  const display = await ensureDisplay();
  const edges = await startEdges({
    dir: join(folder, 'edges'),
    backOffices: { scene: 'bench', items: small },
    terminal: { visit: { goodbyeSeconds: 5 } },
  });
  try {
    const app = await startWatched(
      'app',
      {
        args: [inspectMain, bundleFolder('demo'), '--config', edges.configFile, ...edges.appArgs],
        env: { ...edges.env, ...runtimeEnvironment(runtime) },
        address: /^app:\/\/loket\/kiosk\.html/,
      },
      { folder, runtime, sandbox: chooseSandbox(runtime.executable), display },
    );
    try {
      const inspector = await openMainInspector(app);
      const visit = async (items: number) => {
        const measured = await measureVisit(items, { app, edges, inspector, dataDir: join(folder, 'app', 'data') });
        say(`${items * answering} items: the first after ${measured.first.toFixed(0)} ms.`);
        return measured;
      };
      const { one, other } = await alternate(
        rounds,
        () => visit(large),
        () => visit(small),
      );
      inspector.close();
      say(`Load of this machine: ${loadavg()[0]?.toFixed(1)}. Files of ${large * answering} and ${small * answering} items.`);
      return makeRows(one, other);
    } finally {
      await app.end();
    }
  } finally {
    await edges.stop();
    await display.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

const Times = z.array(z.number());
type Parts = { app: WatchedApp; edges: Edges; inspector: MainInspector; dataDir: string };

async function measureVisit(items: number, { app, edges, inspector, dataDir }: Parts): Promise<Measured> {
  const { page } = app;
  await edges.backOffices.hold(items);
  const before = await measureMemory(app.child, inspector);
  const read = await readWholeFile(app, edges, dataDir);
  if (read.items < items * answering) throw new Error(`${read.items} items came`);
  const answered = await edges.backOffices.answerTimes();
  const scrolled = Times.parse(await page.evaluate(timeScrolling(frames)));
  const keys: number[] = [];
  for (const text of typed) keys.push(...Times.parse(await page.evaluate(timeTyping(text))));
  const wayBack: number[] = [];
  for (let times = 0; times < 5; times += 1) wayBack.push(z.number().parse(await page.evaluate(timeWayBack)));
  await page.evaluate(`window.loket.ask('visit.catalogue', {}).then(() => true)`);
  await until(page, `document.querySelector('.search__open') !== null`);
  const opening = z.number().parse(await page.evaluate(timeOpening));
  await endVisit(app, edges);
  const after = await measureMemory(app.child, inspector);
  return {
    ...judgeTimes(read, answered),
    wayBack,
    opening,
    frames: scrolled,
    keys,
    before,
    grown: { main: after.main - before.main, card: after.card - before.card },
  };
}

/** What somebody else's clock cannot be ahead of: all processes are on this machine. */
export function judgeTimes(
  { granted, first, shown }: Pick<ReadFile, 'granted' | 'first' | 'shown'>,
  answered: ReadonlyMap<string, number>,
): Pick<Measured, 'first' | 'firstAnswer' | 'toPaint'> {
  const times = [...answered].filter(([, at]) => at >= granted);
  const toPaint = times.map(([source, at]) => {
    const seen = shown[source];
    if (seen === undefined) throw new Error(`${source} answered and was never shown`);
    return seen - at;
  });
  return { first: first - granted, firstAnswer: Math.min(...times.map(([, at]) => at)) - granted, toPaint };
}

function makeRows(big: readonly Measured[], little: readonly Measured[]): Row[] {
  const of = <F extends keyof Measured>(from: readonly Measured[], figure: F) => from.map((each) => each[figure]);
  const p = (from: readonly Measured[], figure: 'toPaint' | 'frames' | 'keys' | 'wayBack', share: number) =>
    of(from, figure).map((times) => percentile(times, share));
  const sum = ({ main, card }: Memory) => main + card;
  const grown = of(big, 'grown');
  return [
    makeRow(
      'file.first_item_ms',
      'ms',
      of(little, 'first'),
      of(little, 'firstAnswer'),
      { noMoreThan: 300 },
      'against the first answer of all',
    ),
    makeRow(
      'file.answer_to_paint_p99_ms',
      'ms',
      p(little, 'toPaint', 99),
      p(little, 'wayBack', 50),
      { noMoreThan: 100 },
      noteOf(little, big),
    ),
    makeRow('file.paint_10k_vs_100', 'ms', of(big, 'first'), of(little, 'first'), { atMost: 2 }, 'from the grant'),
    makeRow(
      'file.open_10k_vs_100',
      'ms',
      of(big, 'opening'),
      of(little, 'opening'),
      { noMoreThan: 100 },
      'once more, what the visit has read',
    ),
    makeRow('file.scroll_frame_p99_ms', 'ms', p(big, 'frames', 99), p(little, 'frames', 99), { noMoreThan: 32 }),
    makeRow('file.filter_key_p95_ms', 'ms', p(big, 'keys', 95), p(little, 'keys', 95), { noMoreThan: 16 }),
    makeRow(
      'file.memory_returned_mb',
      'MiB',
      grown.map(sum),
      of(big, 'before').map(sum),
      { noMoreThan: 10 },
      `main ${median(grown.map(({ main }) => main)).toFixed(1)}, card ${median(grown.map(({ card }) => card)).toFixed(1)}`,
    ),
  ];
}

function noteOf(little: readonly Measured[], big: readonly Measured[]): string {
  const half = (of: readonly Measured[]) =>
    percentile(
      of.flatMap(({ toPaint }) => toPaint),
      50,
    ).toFixed(0);
  return `half within ${half(little)} ms; of 10,000 items ${half(big)} ms`;
}
