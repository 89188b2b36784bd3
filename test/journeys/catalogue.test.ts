import { afterAll, expect, it } from 'vitest';
import { words } from '../harness/person.ts';
import { closeWorld, openStage, signIn } from './stage.ts';

afterAll(closeWorld);

it('somebody types "verhuis" with a mistake, and begins the change of address', async () => {
  const { card, person } = await openStage();
  const { page } = person;
  await signIn({ card, person });
  await person.press('catalogue.search');
  await person.see('catalogue.search.title');
  await person.typeOnGlass('verhius');
  const first = page.getByRole('option').first();
  await first.getByText('Adreswijziging').waitFor();
  await first.click();
  await person.seeQuestion('Adreswijziging');
  await page.getByText(words['product.costs']).waitFor();
  await person.press('product.begin');
  await page.getByText(/stap 1/i).waitFor();
});

it('who lives in another town is sent there, with its name and a code; a portal is a code too', async () => {
  const { card, person } = await openStage();
  const { page } = person;
  await signIn({ card, person }, 'amaru');
  await person.pressNamed(/Attest van hoofdverblijfplaats/);
  await person.seeQuestion('Attest van hoofdverblijfplaats');
  await page.getByRole('heading', { name: 'Dit doet Menen, waar u woont' }).waitFor();
  await page.getByText('menen.be').waitFor();
  expect(await page.getByRole('button', { name: words['product.begin'] }).count()).toBe(0);
  await person.press('button.back');
  await person.see('catalogue.title');
  await person.pressNamed('MyMinfin');
  await page.getByRole('img', { name: words['product.phone.qr'] }).waitFor();
  expect(page.url()).toBe('app://loket/kiosk.html');
});
