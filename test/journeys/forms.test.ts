import { afterAll, expect, it } from 'vitest';
import { words } from '../harness/person.ts';
import { closeWorld, openStage, type Stage, signIn } from './stage.ts';

afterAll(closeWorld);

/** From the list of products to a product's first question. */
async function begin({ person }: Pick<Stage, 'person'>, typed: string, product: string, question: string): Promise<void> {
  await person.press('catalogue.search');
  await person.see('catalogue.search.title');
  await person.find(typed, product);
  await person.press('product.begin');
  await person.seeQuestion(question);
}

async function type({ person: { page } }: Pick<Stage, 'person'>, box: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: box }).fill(text);
}

it('a change of address: a street of the register, somebody who moves along, an answer that is changed at the end', async () => {
  const stage = await openStage();
  const { person, card } = stage;
  const { page } = person;
  await signIn({ card, person });
  await begin(stage, 'adreswijziging', 'Adreswijziging', 'Waar gaat u wonen?');
  await page.getByRole('textbox', { name: words['address.street'] }).pressSequentially('vlasbl');
  await person.pressNamed(/Vlasblomstraat, 8500 Kortrijk/);
  await person.press('button.next');
  await page.getByRole('alert').getByText('Een adres heeft een straat en een nummer').waitFor();
  await type(stage, words['address.number'], '24');
  await person.press('button.next');
  await person.seeQuestion('Vanaf welke dag woont u daar?');
  const today = new Date();
  await type(stage, words['date.day'], String(today.getDate()));
  await type(stage, words['date.month'], String(today.getMonth() + 1));
  await type(stage, words['date.year'], String(today.getFullYear()));
  await person.press('button.next');
  await person.choose('Ja');
  await person.press('button.next');
  await person.seeQuestion('Wie verhuist er mee?');
  await person.pressNamed('Iemand toevoegen');
  await type(stage, 'Voornaam en naam', 'Nora Proef');
  await type(stage, words['date.day'], '4');
  await type(stage, words['date.month'], '5');
  await type(stage, words['date.year'], '2019');
  await person.press('button.next');
  await page.getByText('Nora Proef, 4 mei 2019').waitFor();
  await person.press('button.next');
  await person.seeQuestion('Woont er nu al iemand op dat adres?');
  await person.choose('Nee');
  await person.press('button.next');
  await type(stage, 'Telefoonnummer', '0470 12 34');
  await person.press('button.next');
  await page.getByRole('alert').getByText('Dit telefoonnummer bestaat niet.').waitFor();
  await type(stage, 'Telefoonnummer', '0470 12 34 56');
  await person.press('button.next');
  await person.see('check.title');
  await person.pressNamed('Wijzig: Verhuist mee');
  await person.press('button.next');
  await person.see('check.title');
  await person.press('check.send');
  await person.see('kept.title.received');
  await expect
    .poll(async () => (await stage.requests()).map(({ product, status }) => [product, status]))
    .toEqual([['change-of-address', 'open']]);
});

it('a parking permit: the paper comes to the desk, and what it costs can be paid with the own phone', async () => {
  const stage = await openStage();
  const { person, card } = stage;
  const { page } = person;
  await signIn({ card, person });
  await begin(stage, 'bewonerskaart', 'Bewonersvergunning voor parkeren', 'Wat is de nummerplaat van de wagen?');
  await type(stage, 'Nummerplaat', '1abc123');
  await person.press('button.next');
  await person.choose('Van mijn werk');
  await person.press('button.next');
  await person.seeQuestion('Hebt u het bewijs van het bedrijf bij u?');
  await person.press('photo.toDesk');
  await person.choose('Tweede kaart: 100 euro per jaar');
  await person.press('button.next');
  await person.choose('Centrum');
  await person.press('button.next');
  const later = new Date(Date.now() + 40 * 86_400_000);
  await type(stage, words['date.day'], String(later.getDate()));
  await type(stage, words['date.month'], String(later.getMonth() + 1));
  await type(stage, words['date.year'], String(later.getFullYear()));
  await person.press('button.next');
  await person.see('check.title');
  await page.getByText('1-ABC-123').waitFor();
  await page.getByText('Dit kost € 100.').waitFor();
  await person.press('check.send');
  await page.getByRole('img', { name: words['pay.qr'] }).waitFor();
  await person.see('kept.title.received');
});
