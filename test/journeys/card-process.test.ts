import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { words } from '../harness/person.ts';
import { findPinPage, pressDone, typeDigits } from '../harness/pin-pad.ts';
import { closeWorld, openCertificate, openStage, type Stage, signIn } from './stage.ts';

/** What a library of a vendor does to the process that loads it, as the person sees it. */

afterAll(closeWorld);

const logOf = ({ app }: Pick<Stage, 'app'>) => readFileSync(join(app.dataDir, 'loket', 'loket.log'), 'utf8');

it('the library crashes in a read: the card is read again, and nobody notices more than a moment', async () => {
  const stage = await openStage();
  const { card, person } = stage;
  await person.see('attract.title');
  card.setFault({ kind: 'crash', atCall: 12 });
  card.insert('lotte');
  await person.see('identity.title');
  // Only the process that read it to the end says so: "that is me" said to the one that crashes is asked again.
  await person.page.getByText(words['identity.proven']).first().waitFor();
  await person.press('identity.yes');
  await person.see('catalogue.title');
  expect(logOf(stage)).toContain('card_process_ended');
});

it('the library crashes while somebody fills in a form: nothing typed is lost, and the same card goes on', async () => {
  const stage = await openStage();
  const { card, person } = stage;
  await signIn(stage);
  await openCertificate(person);
  await person.choose('Werk of uitkering');
  card.setFault({ kind: 'crash', atCall: 1 });
  await expect.poll(() => logOf(stage), { timeout: 15_000 }).toContain('card_process_ended');
  await person.seeQuestion('Waarvoor hebt u het attest nodig?');
  expect(await person.page.getByRole('radio', { name: 'Werk of uitkering' }).isChecked()).toBe(true);
  await person.press('button.next');
  await person.seeQuestion('Hoe krijgt u het attest?');
});

it('the library hangs: its process is ended and replaced, and the card that is in is read', async () => {
  const stage = await openStage();
  const { card, person } = stage;
  await person.see('attract.title');
  card.setFault({ kind: 'hang', atCall: 12, ms: 600_000 });
  card.insert('lotte');
  await expect.poll(() => logOf(stage), { timeout: 30_000 }).toContain('card_process_silent');
  await person.see('identity.title', 20_000);
  await person.press('identity.yes');
  await person.see('catalogue.title');
});

it('the library crashes with a PIN in it: said, never given again, and the next process finds a card without a PIN', async () => {
  const stage = await openStage();
  const { app, card, person } = stage;
  await signIn(stage);
  await person.pressNamed(/Wie keek naar mijn gegevens/);
  const pin = await findPinPage(app.app);
  await typeDigits(pin, '1234');
  // The looks whether a card is there are calls too: armed once the card is at work, the fault is the PIN's.
  card.slowDown(1_000_000);
  await pressDone(pin);
  await pin.getByRole('heading', { level: 1, name: words['pin.working'] }).waitFor();
  card.setFault({ kind: 'crash', atCall: 1 });
  card.slowDown(3_000);
  await person.see('pinProblem.answer_lost.title', 30_000);
  await person.page.getByText('Misschien telt de kaart wel een poging').waitFor();
  expect(await person.page.getByRole('button', { name: words['signIn.again'] }).count()).toBe(1);
});
