import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { words } from '../harness/person.ts';
import { findPinPage, hasPinPage, pressDone, pressStop, typeDigits, typePin } from '../harness/pin-pad.ts';
import { closeWorld, fillCertificate, openStage, type Stage, signIn } from './stage.ts';

afterAll(closeWorld);

async function openConsultations({ person }: Pick<Stage, 'person'>): Promise<void> {
  await person.pressNamed(/Wie keek naar mijn gegevens/);
}

it('with the PIN in a page of its own, a product that needs it opens, and the middleware has the proof', async () => {
  const { app, card, person, requests } = await openStage();
  await signIn({ card, person });
  await openConsultations({ person });
  const pin = await findPinPage(app.app);
  await typePin(pin, '1234');
  await person.seeQuestion('Over welke periode?');
  await expect.poll(() => hasPinPage(app.app)).toBe(false);
  await person.choose('De laatste maand');
  await person.press('button.next');
  await person.see('check.title');
  await person.press('check.send');
  await person.see('kept.title.received');
  await expect.poll(async () => (await requests()).map(({ trust }) => trust)).toEqual(['authenticated']);
});

it('a wrong PIN is asked again with the tries that are left; the third blocks, and says who can help', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openConsultations({ person });
  const pin = await findPinPage(app.app);
  await typePin(pin, '1111');
  await pin.getByText('Nog 2 pogingen').waitFor();
  await typePin(pin, '2222');
  await pin.getByText('Nog 1 poging').waitFor();
  await typePin(pin, '3333');
  await person.see('pinProblem.pin_blocked.title');
});

it('going back from the PIN leaves what was answered, and a request can be kept without it', async () => {
  const { app, card, person, requests } = await openStage();
  await signIn({ card, person });
  await fillCertificate(person);
  await person.press('check.pin');
  const pin = await findPinPage(app.app);
  await pressStop(pin);
  await person.see('check.title');
  await person.press('check.pin');
  await typePin(await findPinPage(app.app), '1234');
  await person.see('check.title');
  await person.press('check.send');
  await person.see('kept.title.received');
  await expect.poll(async () => (await requests()).map(({ trust }) => trust)).toEqual(['authenticated']);
});

it('the card pulled while the PIN is asked: covered, nothing typed is kept, and the same card goes on', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openConsultations({ person });
  const pin = await findPinPage(app.app);
  await pin.getByRole('button', { name: '1', exact: true }).click();
  card.remove();
  await person.see('cardOut.title');
  await expect.poll(() => hasPinPage(app.app)).toBe(false);
  card.insert('lotte');
  await person.see('pinProblem.cancelled.title');
  await person.press('signIn.again');
  await typePin(await findPinPage(app.app), '1234');
  await person.seeQuestion('Over welke periode?');
});

it('without a line nobody is asked for a PIN: the list says so before', async () => {
  const { edges, card, person } = await openStage();
  await signIn({ card, person });
  await edges.setLine('down');
  await person.page.getByText(words['catalogue.needs_line']).first().waitFor();
});

it('a card without a certificate for signing in says so, and where to go', async () => {
  const { card, person } = await openStage();
  await signIn({ card, person }, 'finn');
  await openConsultations({ person });
  await person.see('pinProblem.no_certificate.title');
});

it('a revoked card signs nobody in', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person }, 'revoked');
  await openConsultations({ person });
  await typePin(await findPinPage(app.app), '1234');
  await person.see('refused.revoked.title');
});

it('on a reader with keys the PIN is typed there, and no page asks for it', async () => {
  const { app, card, person } = await openStage();
  card.setPinpad(true);
  await signIn({ card, person });
  await openConsultations({ person });
  await person.see('signIn.pinpad.title');
  expect(hasPinPage(app.app)).toBe(false);
  card.press('wrong');
  await person.see('pinProblem.wrong_pin.title');
  await person.press('signIn.again');
  await person.see('signIn.pinpad.title');
  card.press('right');
  await person.seeQuestion('Over welke periode?');
});

/** "Stop" while the pinpad waits: the card's process is ended with it. */
async function stopAtPinpad({ card, person }: Pick<Stage, 'card' | 'person'>): Promise<void> {
  card.setPinpad(true);
  await signIn({ card, person });
  await openConsultations({ person });
  await person.see('signIn.pinpad.title');
  await person.press('button.stop');
  await person.page.getByRole('button', { name: words['stop.no.pinpad'], exact: true }).click();
  await person.see('signIn.pinpad.title');
  await person.press('button.stop');
  await person.press('stop.yes');
  await person.see('goodbye.card.title');
}

it('stopped at the pinpad: the next person’s card, put in before the reader works again, begins their visit', async () => {
  const { card, person } = await openStage();
  await stopAtPinpad({ card, person });
  card.swap('helene');
  await person.see('identity.title');
  await person.page.getByText('Hélène Marie-Noëlle Dubrulois').waitFor();
  expect(await person.page.getByText(/Lotte|Vandeputte/).count()).toBe(0);
});

it('stopped at the pinpad with the card left in: the process that follows knows it by its serial, and reads nothing', async () => {
  const { card, person } = await openStage();
  card.keepJournal();
  await stopAtPinpad({ card, person });
  const calls = () => {
    const all = card.journal();
    return all.slice(all.lastIndexOf('call C_Initialize'));
  };
  const before = card.journal().length;
  // A look at the card after the session was opened: it is being watched.
  await expect
    .poll(() => card.journal().length > before && calls().filter((call) => call === 'call C_GetSessionInfo').length > 3, {
      timeout: 20_000,
    })
    .toBe(true);
  expect(calls()).toContain('call C_OpenSession');
  expect(calls().filter((call) => /FindObjects|GetAttributeValue/.test(call))).toEqual([]);
  await person.see('goodbye.card.title');
  card.remove();
  await person.see('goodbye.title');
  card.insert('lotte');
  await person.see('identity.title');
});

it('the PIN is in no file, no log and no page of the app', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openConsultations({ person });
  const pin = await findPinPage(app.app);
  const typed = '739184';
  await typeDigits(pin, typed);
  expect(await pin.content()).not.toContain(typed);
  expect(await person.page.content()).not.toContain(typed);
  await pressDone(pin);
  await pin.getByText('Nog 2 pogingen').waitFor();
  expect(app.output() + readFileSync(`${app.dataDir}/loket/loket.log`, 'utf8')).not.toContain(typed);
});

it('the PIN page breaks while the card is at work: another one comes, and a wrong PIN is asked again there', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openConsultations({ person });
  const pin = await findPinPage(app.app);
  card.slowDown(1_000_000);
  await typeDigits(pin, '9999');
  await pressDone(pin);
  await pin.getByRole('heading', { level: 1, name: words['pin.working'] }).waitFor();
  await app.app.evaluate(({ webContents }) => {
    for (const contents of webContents.getAllWebContents()) if (contents.getURL().endsWith('pin.html')) contents.forcefullyCrashRenderer();
  });
  card.slowDown(3_000);
  const next = await findPinPage(app.app, pin);
  await next.getByText('Nog 2 pogingen').waitFor();
  await typePin(next, '1234');
  await person.seeQuestion('Over welke periode?');
});

it('an expired card, and a PIN known to be blocked, are named before anybody types', async () => {
  const { card, person } = await openStage();
  await signIn({ card, person });
  for (const [persona, title] of [
    ['expired', 'pinProblem.certificate_expired.title'],
    ['blocked', 'pinProblem.pin_blocked.title'],
  ] as const) {
    // Another card while nothing is at stake is the next person's.
    card.swap(persona);
    await person.see('identity.title');
    await person.press('identity.yes');
    await person.see('catalogue.title');
    await openConsultations({ person });
    await person.see(title);
    await person.press('button.back');
    await person.see('catalogue.title');
  }
});
