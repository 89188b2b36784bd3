import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { keepFolder } from '../../build/keeper.ts';
import { bundleFolder } from '../../build/paths.ts';
import { readyRuntime, runtimeEnvironment } from '../../build/runtime.ts';
import { type GeneratedCatalogue, generateCatalogue } from '../catalogue/generate-catalogue.ts';
import { ensureDisplay } from '../harness/display.ts';
import { startEdges } from '../harness/edges.ts';
import type { PageClock } from '../harness/page-clock.ts';
import { chooseSandbox } from '../harness/sandbox.ts';
import { type Bench, makeRow, percentile } from './rows.ts';
import { startWatched } from './watched-app.ts';

/**
 * A key pressed on the glass of the real app, with 5,000 products that came down in a bundle: from the press until what is found
 * stands in the page and is laid out. Against the same key where nothing is searched yet (a space in an empty field): what the
 * keyboard and the page cost by themselves.
 */
const products = 5_000;
const seed = 1;
const patienceMs = 120_000;
/** Of each round: words typed to their ends, every third with a letter left out. */
const wordsEachRound = 20;
const longestTyped = 14;

export const bench: Bench = async ({ rounds, say }) => {
  const runtime = await readyRuntime();
  const folder = keepFolder(await mkdtemp(join(tmpdir(), 'loket-bench-')));
  const display = await ensureDisplay();
  const generated = generateCatalogue(products, seed);
  await writeBundle(join(folder, 'bundle'), generated);
  const edges = await startEdges({ dir: join(folder, 'edges'), bundleFolder: join(folder, 'bundle') });
  try {
    const app = await startWatched(
      'app',
      {
        args: [bundleFolder('demo'), '--config', edges.configFile, ...edges.appArgs],
        env: { ...edges.env, ...runtimeEnvironment(runtime) },
        address: /^app:\/\/loket\/kiosk\.html/,
      },
      { folder, runtime, sandbox: chooseSandbox(runtime.executable), display },
    );
    try {
      await openSearch(app.page, generated.words.nl[0] ?? '');
      say(`The ${products} products are in the page.`);
      const floor = await typeText(app.page, ' '.repeat(40));
      const keys: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        for (const text of textsOf(generated.words.nl, round)) keys.push(...(await typeText(app.page, text)));
      }
      const note = `${keys.length} keys; half within ${percentile(keys, 50).toFixed(1)} ms, against ${percentile(floor, 50).toFixed(1)} ms`;
      return [makeRow('catalogue.search_key_p99_ms', 'ms', [percentile(keys, 99)], [percentile(floor, 99)], { noMoreThan: 16 }, note)];
    } finally {
      await app.end();
    }
  } finally {
    await edges.stop();
    await display.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

async function writeBundle(folder: string, { files }: GeneratedCatalogue): Promise<void> {
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), JSON.stringify(content));
  }
}

export function textsOf(names: readonly string[], round: number): string[] {
  return Array.from({ length: wordsEachRound }, (_, at) => {
    const name = names[((round * wordsEachRound + at) * 37) % names.length] ?? '';
    return (at % 3 === 1 ? name.slice(0, 4) + name.slice(5) : name).slice(0, longestTyped);
  });
}

const boxOf = `document.querySelector('input[role="combobox"]')`;

/** Into the catalogue and its field; until this name, which no shipped product has, is found in the end. */
async function openSearch(page: PageClock, name: string): Promise<void> {
  await until(page, `document.documentElement?.dataset.ready === 'true'`);
  for (let tries = 0; ; tries += 1) {
    await until(page, `(document.querySelector('.attract .btn--big')?.click(), document.querySelector('.search__open') !== null)`);
    await until(page, `(document.querySelector('.search__open')?.click(), ${boxOf} !== null)`);
    await typeText(page, name.slice(0, longestTyped));
    if (await found(page)) return;
    // The bundle is not there yet: it is taken between visits. "Stop" and goodbye, and once more.
    if (tries > 20) throw new Error('the catalogue never came');
    await page.evaluate(`window.loket.ask('visit.stop', { why: 'stopped' }).then(() => true)`);
    await until(page, `document.querySelector('.goodbye') !== null`);
    await wait(1_000);
    await until(page, `(document.querySelector('.goodbye .btn')?.click(), document.querySelector('.search__open') !== null)`);
  }
}

async function found(page: PageClock): Promise<boolean> {
  for (let looks = 0; looks < 30; looks += 1) {
    if (await page.evaluate(`document.querySelectorAll('[role="option"]').length > 0`)) return true;
    await wait(200);
  }
  return false;
}

async function until(page: PageClock, condition: string): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await wait(50)) {
    if (await page.evaluate(condition)) return;
  }
  throw new Error(`it never came to this: ${condition}`);
}

/**
 * Presses the keys on the glass one after the other, in a field that is empty. Of each the milliseconds until the page is laid out
 * anew; a frame passes between two of them, as between those of a person.
 */
async function typeText(page: PageClock, text: string): Promise<number[]> {
  const times = await page.evaluate(`(async () => {
    document.querySelector('.search__field .btn').click();
    const times = [];
    for (const letter of ${JSON.stringify([...text])}) {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const key = document.querySelector(\`.keys [data-skbtn="\${letter === ' ' ? '{space}' : letter}"]\`);
      const before = ${boxOf}.value;
      const begun = performance.now();
      key.click();
      await null;
      document.body.getBoundingClientRect();
      times.push(performance.now() - begun);
      if (${boxOf}.value !== before + letter) throw new Error('the key wrote something else');
    }
    return times;
  })()`);
  return z.array(z.number()).parse(times);
}
