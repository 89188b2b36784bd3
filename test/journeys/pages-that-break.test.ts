import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { LaunchedApp } from '../harness/launch.ts';
import { findPinPage, hasPinPage } from '../harness/pin-pad.ts';
import { closeWorld, openStage, signIn } from './stage.ts';

afterAll(closeWorld);

function eventsOf({ dataDir }: LaunchedApp): string[] {
  const lines = readFileSync(join(dataDir, 'loket', 'loket.log'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line)).map(({ event, where }) => (where === undefined ? event : `${event} ${where}`));
}

/** No page of the kiosk's comes from now on; answers what lets those come that were asked for, and all that follow. */
async function holdPages({ app }: LaunchedApp): Promise<() => Promise<void>> {
  const held = await app.evaluateHandle(({ session }) => {
    const { webRequest } = session.fromPartition('kiosk');
    const waiting: (() => void)[] = [];
    webRequest.onBeforeRequest((_details, answer) => void waiting.push(() => answer({})));
    return {
      letGo() {
        webRequest.onBeforeRequest(null);
        for (const come of waiting) come();
      },
    };
  });
  return () => held.evaluate(({ letGo }) => letGo());
}

it('a visit that ends while the page of the one before is wiped is wiped too, and nothing is mistaken for a page that broke', async () => {
  const { app, person } = await openStage();
  await person.see('attract.title');
  const letPagesCome = await holdPages(app);
  const visits = 3;
  // The old page is still there, and what it asks is heard: each visit ends while the page of the one before is awaited.
  await person.page.evaluate(async (count) => {
    // biome-ignore lint/suspicious/noExplicitAny: the page's own words, as its screens use them
    const { ask } = (window as any).loket;
    for (let visit = 0; visit < count; visit += 1) {
      await ask('visit.begin', {});
      await ask('visit.stop', { why: 'stopped' });
      await new Promise((resolve) => setTimeout(resolve));
    }
  }, visits);
  await letPagesCome();
  await expect.poll(() => eventsOf(app).filter((event) => event === 'wiped').length, { timeout: 20_000 }).toBe(visits);
  await person.see('goodbye.title');
  expect(eventsOf(app).filter((event) => event.startsWith('renderer_gone'))).toEqual([]);
});

it('a PIN page that hangs is taken away, and the person can go on', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await person.pressNamed(/Wie keek naar mijn gegevens/);
  const pin = await findPinPage(app.app);
  await pin.evaluate(() => {
    setTimeout(() => {
      for (;;);
    });
  });
  // After 15 seconds in which nothing answers a touch, Chromium says so itself; but Playwright switches its watch off.
  await app.app.evaluate(({ webContents }) => {
    webContents
      .getAllWebContents()
      .find((contents) => contents.getURL().endsWith('pin.html'))
      ?.emit('unresponsive');
  });
  await person.see('pinProblem.cancelled.title');
  await expect.poll(() => hasPinPage(app.app)).toBe(false);
  expect(eventsOf(app)).toContain('renderer_gone pin');
});
