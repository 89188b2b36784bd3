import { afterAll, expect, it } from 'vitest';
import { closeWorld, openStage } from './stage.ts';

afterAll(closeWorld);

it('a defect in the street: the place is pointed at with keys alone, in German, and arrives', async () => {
  const stage = await openStage();
  const { person } = stage;
  const { page } = person;
  await person.see('attract.title');
  await person.press('attract.begin');
  await person.pressNamed(/Probleem op straat melden/);
  await person.choose('Straatlamp brandt niet');
  await person.press('button.next');
  await person.seeQuestion('Waar is dat?');
  await person.pressNamed('Taal: Nederlands');
  await person.pressNamed('Deutsch');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Auf dem Plan zeigen' }).press('Enter');
  const map = page.getByRole('application', { name: 'Plan von Kortrijk' });
  await map.locator('svg text').first().waitFor();
  await map.press('ArrowRight');
  await map.press('Shift+ArrowUp');
  await page.getByText('Die Nadel steckt hier: Vlasblomstraat.').waitFor();
  await page.getByRole('button', { name: 'Diese Stelle nehmen' }).press('Enter');
  await page.getByText('Auf dem Plan gezeigt').waitFor();
  expect(await page.getByRole('textbox').inputValue()).toBe('Vlasblomstraat');
  await person.pressNamed('Weiter');
  await person.seeQuestion('Stimmt das alles?');
  await page.getByText('Auf dem Plan gezeigt').waitFor();
  await person.pressNamed('Meinen Antrag senden');
  await person.seeQuestion('Empfangen');
  await expect
    .poll(async () => (await stage.requests()).map(({ product, status }) => [product, status]))
    .toEqual([['street-defect', 'open']]);
});
