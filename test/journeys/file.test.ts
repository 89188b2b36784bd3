import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { words } from '../harness/person.ts';
import { findPinPage, typePin } from '../harness/pin-pad.ts';
import { closeWorld, openStage, type Stage, seeWiped, signIn } from './stage.ts';

afterAll(closeWorld);

async function openFile({ app, person }: Pick<Stage, 'app' | 'person'>): Promise<void> {
  await person.pressNamed(/^Mijn map bekijken/);
  await typePin(await findPinPage(app.app), '1234');
  await person.page.locator('.item').first().waitFor();
}

it('after the PIN, one page shows what all sources hold, and names those that say nothing', async () => {
  const { app, card, person, arrivals } = await openStage();
  await signIn({ card, person });
  await openFile({ app, person });
  await person.page.getByText(/de \d+ diensten/).waitFor();
  await person.page.locator('.item__action').first().waitFor();
  await person.press('file.whoIsMissing');
  await person.see('file.missing.title');
  await person.press('file.back');
  // A look at somebody's data is written down before the first of it is shown.
  await expect.poll(async () => (await arrivals()).map(({ product }) => product)).toContain('consultation');
});

it('the card pulled covers it, and the same card goes on with what is there', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openFile({ app, person });
  card.remove();
  await person.see('cardOut.title');
  expect(await person.page.locator('.item').count()).toBe(0);
  card.insert('lotte');
  await person.page.locator('.item').first().waitFor();
});

it('sources that lie, break or say too much are named; the others are as they are, and nobody else is ever drawn', async () => {
  const { app, card, person, edges } = await openStage();
  const faults = {
    another: 'library',
    garbage: 'sports',
    huge: 'taxes',
    twice: 'population',
    markup: 'parking',
    future: 'building',
  } as const;
  for (const [fault, source] of Object.entries(faults)) await edges.backOffices.set(`kortrijk-${source}`, { fault });
  onTestFinished(async () => {
    for (const source of Object.values(faults)) await edges.backOffices.set(`kortrijk-${source}`, { fault: 'none' });
  });
  await signIn({ card, person });
  await openFile({ app, person });
  await person.press('file.whoIsMissing', {});
  await person.see('file.missing.title');
  const missing = person.page.locator('.rows');
  for (const word of ['file.missing.not_yours', 'file.missing.unreadable', 'file.missing.too_much'] as const)
    await missing.getByText(words[word]).first().waitFor();
  await person.press('file.back');
  expect(await person.page.locator('.items img').count()).toBe(0);
  expect(await person.page.content()).not.toContain('64021599807');
});

it('in somebody’s name: the page says so, and shows what is theirs', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openFile({ app, person });
  await person.press('file.otherRoles');
  await person.see('roles.title');
  await person.page.locator('.product').nth(1).click();
  await person.page.locator('.who__acting').waitFor();
  await person.page.locator('.item').first().waitFor();
});

it('what is to be paid can be paid with the own phone', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openFile({ app, person });
  await person.press('file.search');
  await person.typeOnGlass('gezinsbel');
  await person.page.getByRole('button', { name: /Gezinsbelasting(?!, vorig)/ }).click();
  await person.page.getByRole('img', { name: words['pay.qr'] }).waitFor();
  await person.page.getByText(/Rekening BE68 5390 0754 7034 van/).waitFor();
});

it('one thing of it goes along, on paper and on the own telephone, begins the product that answers it, and is where that was left to', async () => {
  const { app, card, person, edges } = await openStage();
  await signIn({ card, person });
  await openFile({ app, person });
  await person.press('file.search');
  await person.typeOnGlass('gezinssamen');
  await person.page.getByRole('button', { name: /Attest van gezinssamenstelling/ }).click();

  await person.press('file.take.print');
  await person.page.getByText(words['file.take.printed']).waitFor();
  const paper = join(edges.dir, 'paper');
  const [sheet = ''] = readdirSync(paper);
  expect(readFileSync(join(paper, sheet)).subarray(0, 5).toString()).toBe('%PDF-');
  expect(sheet).toMatch(/^[0-9a-f-]{36}\.pdf$/);

  await person.press('file.take.phone');
  await person.page.getByRole('img', { name: words['file.take.qr'] }).waitFor();
  const url = await person.page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const { loket } = window as unknown as {
          loket: { onKioskView(told: (view: unknown) => void): void; ask(word: string, input: object): void };
        };
        loket.onKioskView((view) => resolve((view as { screen: { taking: { url: string } } }).screen.taking.url));
        loket.ask('screen.ready', {});
      }),
  );
  const { pathname } = new URL(url);
  expect(pathname).toMatch(/^\/m\/[\w-]{43}$/);
  // Looking at the address opens nothing.
  expect((await edges.middleware.get(pathname)).text).not.toContain('gezinssamenstelling');
  const opened = await edges.middleware.press(pathname);
  expect([opened.status, opened.text.includes('Attest van gezinssamenstelling')]).toEqual([200, true]);
  expect((await edges.middleware.press(pathname)).status).toBe(410);

  await person.press('file.start');
  await person.page.locator('.item, .take').first().waitFor({ state: 'detached' });
  await person.page.locator('.question').first().waitFor();
  await person.press('button.back');
  await person.page.getByRole('heading', { name: /Attest van gezinssamenstelling/ }).waitFor();
  await person.press('file.back');
  await person.page.locator('.item').first().waitFor();
});

it('nothing of it is left when the visit ends', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openFile({ app, person });
  const title = await person.page.locator('.item__title').first().textContent();
  await person.press('button.stop');
  await seeWiped({ app });
  await person.page.locator('.items').waitFor({ state: 'detached' });
  expect(await person.page.content()).not.toContain(title ?? 'nothing');
});
