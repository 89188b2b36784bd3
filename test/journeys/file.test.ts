import { afterAll, expect, it } from 'vitest';
import { findPinPage, typePin } from '../harness/pin-pad.ts';
import { closeWorld, openStage, type Stage, signIn } from './stage.ts';

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
  await person.page.getByText(/^We vroegen het aan \d+ diensten/).waitFor();
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

it('nothing of it is left when the visit ends', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openFile({ app, person });
  const title = await person.page.locator('.item__title').first().textContent();
  await person.press('button.stop');
  await person.page.locator('.items').waitFor({ state: 'detached' });
  expect(await person.page.content()).not.toContain(title ?? 'nothing');
});
