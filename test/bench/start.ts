import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { keepFolder } from '../../build/keeper.ts';
import { bundleFolder, root } from '../../build/paths.ts';
import { readyRuntime, runtimeEnvironment } from '../../build/runtime.ts';
import { ensureDisplay } from '../harness/display.ts';
import { startEdges } from '../harness/edges.ts';
import type { PageClock } from '../harness/page-clock.ts';
import { measureSettledPss } from '../harness/process-tree.ts';
import { chooseSandbox } from '../harness/sandbox.ts';
import { alternate, type Bench, makeRow } from './rows.ts';
import { type Subject, startWatched } from './watched-app.ts';

/**
 * What the app costs above an empty window of the same Electron: milliseconds from starting the process until a person can
 * press something, and memory at rest. Same switches, same sandbox, same kind of folder for both; the app without its dock.
 */
type Measured = { ms: number; mebibytes: number };
type Timed = Subject & { takeTime: (page: PageClock) => Promise<number> };

export const bench: Bench = async ({ module, testRoots, rounds, say }) => {
  const runtime = await readyRuntime();
  const sandbox = chooseSandbox(runtime.executable);
  if (sandbox.notice !== null) say(sandbox.notice);
  const folder = keepFolder(await mkdtemp(join(tmpdir(), 'loket-bench-')));
  const display = await ensureDisplay();
  const edges = await startEdges({ dir: join(folder, 'edges'), module, testRoots });

  async function measure(name: 'app' | 'empty', subject: Timed): Promise<Measured> {
    const started = await startWatched(name, subject, { folder, runtime, sandbox, display });
    try {
      const ms = (await subject.takeTime(started.page)) - started.begun;
      started.page.close();
      const mebibytes = started.child.pid === undefined ? 0 : await measureSettledPss(started.child.pid);
      return { ms, mebibytes };
    } finally {
      await started.end();
    }
  }

  try {
    const app: Timed = {
      args: [bundleFolder('demo'), '--config', edges.configFile, ...edges.appArgs],
      env: { ...edges.env, ...runtimeEnvironment(runtime) },
      address: /^app:\/\/loket\/kiosk\.html/,
      takeTime: waitUntilInteractive,
    };
    const empty: Timed = {
      args: [join(root, 'test/bench/empty-window')],
      env: {},
      address: /empty-window\/index\.html/,
      takeTime: readFirstPaint,
    };
    const measured = await alternate(
      rounds,
      () => measure('app', app),
      () => measure('empty', empty),
    );
    const pick = (figure: keyof Measured) =>
      [measured.one.map((each) => each[figure]), measured.other.map((each) => each[figure])] as const;
    return [
      makeRow('start.interactive_vs_empty_window', 'ms', ...pick('ms')),
      makeRow('start.pss_vs_empty_window', 'MiB', ...pick('mebibytes')),
    ];
  } finally {
    await edges.stop();
    await display.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

const now = 'performance.timeOrigin + performance.now()';

/** The first screen has been drawn, and after that a click was handled by the page: the later of the two counts. */
async function waitUntilInteractive(page: PageClock): Promise<number> {
  // The document may not have its first element yet.
  await page.evaluate(`new Promise((resolve) => {
    const look = () => document.documentElement?.dataset.ready === 'true' && resolve(true);
    new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
    look();
  })`);
  // At the very edge of the page, where there is nothing to press.
  const handled = page.evaluate(
    `new Promise((resolve) => addEventListener('click', () => resolve(${now}), { capture: true, once: true }))`,
  );
  await page.click(2, 2);
  return z.number().parse(await handled);
}

async function readFirstPaint(page: PageClock): Promise<number> {
  const paint = await page.evaluate(`new Promise((resolve) => {
    const take = (list) => list.getEntriesByName('first-contentful-paint').forEach((entry) => resolve(performance.timeOrigin + entry.startTime));
    new PerformanceObserver(take).observe({ type: 'paint', buffered: true });
  })`);
  return z.number().parse(paint);
}
