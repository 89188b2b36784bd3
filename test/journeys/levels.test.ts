import { afterAll, expect, it } from 'vitest';
import { FormDefinition } from '../../contract/form.ts';
import { bundledForms } from '../../electron/forms/bundled-forms.ts';
import { cardHolders } from '../../middleware/back-offices/card-holders.ts';
import { fillForm } from '../harness/fill-form.ts';
import { words } from '../harness/person.ts';
import { findPinPage, typePin } from '../harness/pin-pad.ts';
import { closeWorld, openStage, type Stage, signIn } from './stage.ts';

afterAll(closeWorld);

const lotte = cardHolders[0]?.ssin ?? '';
const certificate = bundledForms.map((raw) => FormDefinition.parse(raw)).find(({ id }) => id === 'main-residence-certificate');
if (!certificate) throw new Error('no certificate');
const form = certificate;

/** Signed in, and acting for the mother who gave a mandate. */
async function actForMother({ app, person }: Pick<Stage, 'app' | 'person'>): Promise<void> {
  await person.pressNamed(/^Mijn map bekijken/);
  await typePin(await findPinPage(app.app), '1234');
  await person.page.locator('.item').first().waitFor();
  await person.press('file.otherRoles');
  await person.see('roles.title');
  await person.pressNamed(/U hebt een volmacht/);
  await person.page.locator('.who__acting').waitFor();
  // While it is read, a withdrawal ends the reading: here it is over before.
  await person.page.locator('.item').first().waitFor();
  await expect.poll(() => person.page.getByText(/^.*We wachten nog op/).count(), { timeout: 30_000 }).toBe(0);
}

it('without a line: a product that needs the PIN says so before its first question, and what can be done instead is done', async () => {
  const { edges, card, person, requests } = await openStage();
  const { page } = person;
  await signIn({ card, person });
  await edges.setLine('down');
  await person.pressNamed(/^Wie keek naar mijn gegevens.*Nu niet/);
  await page.getByRole('heading', { name: words['product.instead'] }).waitFor();
  expect(await page.getByRole('button', { name: words['product.begin'] }).count()).toBe(0);
  await person.pressNamed('Afspraak maken');
  const appointment = bundledForms.map((raw) => FormDefinition.parse(raw)).find(({ id }) => id === 'appointment');
  if (!appointment) throw new Error('no appointment');
  const day = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  await fillForm(person, appointment, {
    service: 'card',
    day,
    time: ['morning'],
    name: 'Mila Toets',
    way: 'phone',
    phone: '0470 12 34 56',
  });
  await person.press('check.keep');
  await person.see('kept.title.kept');
  await edges.setLine('up');
  await person.see('kept.title.received');
  await expect.poll(async () => (await requests()).map(({ product, status }) => [product, status])).toEqual([['appointment', 'open']]);
});

it('in a mother’s name, with a mandate that is withdrawn before it is carried out: said on every page, refused with a reason, not lost', async () => {
  const stage = await openStage();
  const { person, card, edges, requests } = stage;
  const { page } = person;
  await signIn({ card, person });
  await actForMother(stage);
  await person.press('file.leave');
  await person.see('catalogue.title');
  const acting = page.locator('.who__acting');
  await acting.waitFor();
  await person.pressNamed(/Attest van hoofdverblijfplaats/);
  await person.seeQuestion('Waarvoor hebt u het attest nodig?');
  await acting.waitFor();
  await fillForm(person, form, { purpose: 'work', delivery: 'post' });
  await acting.waitFor();
  await edges.backOffices.withdraw(lotte, true);
  try {
    await person.press('check.send');
    await person.see('kept.title.received');
    await acting.waitFor();
    const ended = async () => (await requests()).map(({ product, status, copies }) => [product, status, copies]);
    await expect.poll(ended).toEqual([['main-residence-certificate', 'refused', 1]]);
    // Whoever looks on finds the name gone, and why.
    await person.press('kept.more');
    await person.pressNamed(/^Mijn map bekijken/);
    await person.press('file.whoIsMissing');
    await person.press('file.again');
    await page.getByText(words['file.end.mandate_ended']).waitFor();
    await acting.waitFor({ state: 'detached' });
  } finally {
    await edges.backOffices.withdraw(lotte, false);
  }
});
