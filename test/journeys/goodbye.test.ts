import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { words } from '../harness/person.ts';
import { closeWorld, fillCertificate, fillDefect, makeFolder, openApp, openStage, openWorld, seeWiped, signIn } from './stage.ts';

afterAll(closeWorld);

/** The references on the page, each with the name of the code that is drawn beside it. */
async function readTickets(page: Page): Promise<{ reference: string; code: string }[]> {
  const items = await page
    .getByRole('listitem')
    .filter({ has: page.locator('.qr') })
    .all();
  return Promise.all(
    items.map(async (item) => ({
      reference: (await item.textContent()) ?? '',
      code: (await item.getByRole('img').getAttribute('aria-label')) ?? '',
    })),
  );
}

it('the goodbye keeps the code on the glass while somebody still writes, in their language, and then forgets it', async () => {
  const { edges, card } = await openWorld();
  const configFile = join(makeFolder(), 'terminal.json');
  const config = JSON.parse(readFileSync(edges.configFile, 'utf8'));
  writeFileSync(configFile, JSON.stringify({ ...config, visit: { ...config.visit, goodbyeSeconds: 30 } }));
  const { app, person } = await openApp(edges, { configFile });
  const { page } = person;
  const timer = page.getByRole('timer');
  const late = /\b([1-9]|1[0-5]) second/;
  const anew = /\b(1[6-9]|2\d|30) second/;
  await signIn({ card, person });
  await fillCertificate(person);
  await person.press('check.send');
  await person.see('kept.title.received');
  const reference = (await page.locator('.reference strong').textContent()) ?? '';
  await person.press('kept.close');
  await seeWiped({ app });
  await person.see('goodbye.card.title');
  await page.getByText(words['goodbye.timeCard']).waitFor();
  card.remove();
  await person.see('goodbye.title');
  const ticket = [{ reference, code: words['goodbye.qr'].replace('{reference}', reference) }];
  expect(await readTickets(page)).toEqual(ticket);
  await timer.filter({ hasText: late }).waitFor();
  await person.press('goodbye.stay');
  await timer.filter({ hasText: anew }).waitFor();
  await timer.filter({ hasText: late }).waitFor();
  await person.pressNamed('Taal: Nederlands');
  await person.pressNamed('Français');
  await page.getByRole('heading', { level: 1, name: 'Au revoir' }).waitFor();
  await timer.filter({ hasText: anew }).waitFor();
  expect((await readTickets(page)).map((one) => one.reference)).toEqual([reference]);
  await person.see('attract.title', 40_000);
  expect(await page.content()).not.toContain(reference);
});

it('what was kept before a card turned out to be a copy is still there to take along', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person }, 'wannes-clone');
  await fillDefect(person);
  await person.press('check.send');
  await person.see('kept.title.received');
  const reference = (await person.page.locator('.reference strong').textContent()) ?? '';
  await person.press('kept.more');
  await person.pressNamed(/Adreswijziging/);
  await person.see('refused.not_genuine.title');
  await person.press('button.stop');
  await seeWiped({ app });
  await person.see('goodbye.card.title');
  expect((await readTickets(person.page)).map((ticket) => ticket.reference)).toEqual([reference]);
  expect(await person.page.content()).not.toMatch(/Wannes|Zandkapelstraat/);
  card.remove();
  await person.see('goodbye.title');
  expect((await readTickets(person.page)).map((ticket) => ticket.reference)).toEqual([reference]);
});
