import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { Edges } from '../../harness/edges.ts';
import type { PageClock } from '../../harness/page-clock.ts';
import type { WatchedApp } from '../watched-app.ts';
import { watchFile } from './in-page.ts';

const patienceMs = 60_000;
const pinPage = /^app:\/\/loket\/pin\.html/;
const persona = 'lotte';

const Seen = z.object({ first: z.number(), shown: z.record(z.string(), z.number()), items: z.int() });
/** `granted`: when the terminal had the grant; the others when it was on the glass. All by the system's clock, ms. */
export type ReadFile = z.infer<typeof Seen> & { granted: number };

/** Card, "that is me", the file, the PIN; until the middleware says that the reading is complete. */
export async function readWholeFile(app: WatchedApp, edges: Edges, dataDir: string): Promise<ReadFile> {
  const { page } = app;
  await until(page, `document.querySelector('.attract') !== null && document.documentElement.dataset.ready === 'true'`);
  edges.card?.insert(persona);
  await until(page, `(document.querySelector('.feet .btn--go')?.click(), document.querySelector('.search__open') !== null)`);
  await page.evaluate(watchFile);
  const asked = Date.now();
  await page.evaluate(`(document.querySelector('.btn.product').click(), true)`);
  await typePin(app);
  await until(page, 'window.benchFile.ended');
  await until(page, 'window.benchFile.first !== null');
  return { ...Seen.parse(await page.evaluate('window.benchFile')), granted: grantedAt(dataDir, asked) };
}

/** "Stop", and the card out; until nobody's visit is on the glass. */
export async function endVisit({ page }: WatchedApp, edges: Edges): Promise<void> {
  await page.evaluate(`window.loket.ask('visit.stop', { why: 'stopped' }).then(() => true)`);
  await until(page, `!('benchFile' in window) && document.querySelector('.goodbye') !== null`);
  edges.card?.remove();
  await until(page, `document.querySelector('.attract') !== null`);
}

export async function until(page: PageClock, condition: string): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await wait(50)) {
    if (await page.evaluate(condition)) return;
  }
  throw new Error(`it never came to this: ${condition}`);
}

async function typePin(app: WatchedApp): Promise<void> {
  const pin = await app.openPage(pinPage);
  const go = `document.querySelector('.feet .btn--go')`;
  await until(pin, `document.querySelector('.pad__key') !== null`);
  for (const [at, digit] of [...'1234'].entries()) {
    await pin.evaluate(`([...document.querySelectorAll('.pad__key')].find((key) => key.textContent === '${digit}').click(), true)`);
    await until(pin, at < 3 ? 'true' : `${go} !== null && !${go}.disabled`);
  }
  await pin.evaluate(`(${go}.click(), true)`);
  pin.close();
}

const Line = z.looseObject({
  at: z.iso.datetime().transform((text) => Date.parse(text)),
  event: z.string(),
  problem: z.string().nullish(),
});

/** The app notes each sign-in when its outcome is there. */
function grantedAt(dataDir: string, since: number): number {
  const lines = readFileSync(join(dataDir, 'loket', 'loket.log'), 'utf8')
    .trim()
    .split('\n');
  const found = lines.map((line) => Line.parse(JSON.parse(line))).find(({ at, event }) => event === 'sign_in' && at >= since);
  if (found === undefined || found.problem !== null) throw new Error('the log tells of no sign-in');
  return found.at;
}
