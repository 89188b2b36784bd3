import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { Language } from '../../contract/language.ts';
import type { DisplaySettings } from '../../contract/view.ts';
import { findLayoutProblems, rulesForText } from '../../renderer/layout-rules.ts';
import { measurePage } from '../../renderer/measure.ts';
import { words } from '../harness/person.ts';
import { closeWorld, fillCertificate, openCertificate, openStage, seeWiped, signIn } from './stage.ts';

afterAll(closeWorld);

/** Every way in which a page can be shown; each is laid out by the real browser and judged. */
const shows = Language.options.flatMap((language) =>
  (['default', 'contrast'] as const).flatMap((theme) => ([1, 2, 3, 4] as const).map((text) => ({ language, display: { text, theme } }))),
);
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'EN-301-549', 'best-practice'];
/** Where to leave a picture of every page in every way, for looking at. */
const pictures = process.env.LOKET_PICTURES;

async function show(page: Page, language: Language, display: DisplaySettings): Promise<void> {
  await page.evaluate(
    async (wish) => {
      const { loket } = window as unknown as { loket: { ask(command: string, input: unknown): Promise<void> } };
      await loket.ask('visit.language', { language: wish.language });
      await loket.ask('visit.display', { display: wish.display });
    },
    { language, display },
  );
  await page.waitForFunction(
    ({ language, display }) => {
      const { lang, dataset } = document.documentElement;
      return lang === `${language}-BE` && dataset.text === String(display.text) && dataset.theme === display.theme;
    },
    { language, display },
  );
  // Two frames: React has drawn, and the browser has laid out what it drew.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Problems of the page as it stands, in every way of showing it, each as a line that names the way. */
async function judge(page: Page, name: string): Promise<string[]> {
  const problems: string[] = [];
  await page.evaluate(axe.source);
  for (const { language, display } of shows) {
    await show(page, language, display);
    const way = `${name} ${language} ${display.theme} ${display.text}`;
    for (const { rule, what, mm } of findLayoutProblems(await page.evaluate(measurePage), rulesForText[display.text])) {
      problems.push(`${way}: ${rule} ${what} ${mm?.toFixed(2) ?? ''}`);
    }
    if (pictures) {
      await mkdir(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${way.replaceAll(' ', '-')}.png`), animations: 'disabled' });
    }
    if (display.text === 2 || display.text === 4) problems.push(...(await runAxe(page)).map((violation) => `${way}: ${violation}`));
  }
  await show(page, 'nl', { text: 2, theme: 'default' });
  return problems;
}

function runAxe(page: Page): Promise<string[]> {
  return page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, { runOnly, rules: { 'target-size': { enabled: true } } });
    return violations.map(({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' · ')}`);
  }, tags);
}

it('the invitation, and without a card: catalogue, a card wanted, a typed answer', async () => {
  const { person } = await openStage();
  const { page } = person;
  await person.see('attract.title');
  const problems = await judge(page, 'attract');
  await person.press('attract.begin');
  await person.see('catalogue.title');
  problems.push(...(await judge(page, 'catalogue-without-card')));
  await openWanted();
  problems.push(...(await judge(page, 'insert-card')));
  await person.press('insert.back');
  await person.pressNamed(/Probleem op straat melden/);
  await person.seeQuestion('Wat is er aan de hand?');
  await person.choose('Straatlamp brandt niet');
  await person.press('button.next');
  await person.seeQuestion('Waar is dat?');
  await person.press('button.next');
  await page.getByRole('heading', { name: 'Kijk uw antwoord nog even na' }).waitFor();
  problems.push(...(await judge(page, 'question-typed-error')));
  expect(problems).toEqual([]);

  async function openWanted() {
    await person.pressNamed(/Attest van hoofdverblijfplaats/);
    await person.see('insert.title');
  }
});

it('with a card: who you are, catalogue, a question, the check, kept, received, the goodbyes', async () => {
  const { app, card, edges, person } = await openStage();
  const { page } = person;
  await person.see('attract.title');
  card.insert('robrecht');
  await person.see('identity.title');
  await page.getByText(words['identity.proven']).first().waitFor();
  const problems = await judge(page, 'identity');
  await person.press('identity.yes');
  await person.see('catalogue.title');
  problems.push(...(await judge(page, 'catalogue')));
  await openCertificate(person);
  problems.push(...(await judge(page, 'question-choice')));
  await person.press('button.back');
  edges.line.setLine('down');
  await fillCertificate(person);
  await page.getByRole('button', { name: words['check.keep'] }).waitFor();
  problems.push(...(await judge(page, 'check')));
  await person.press('check.keep');
  await person.see('kept.title.kept');
  problems.push(...(await judge(page, 'kept')));
  edges.line.setLine('up');
  await person.see('kept.title.received');
  problems.push(...(await judge(page, 'received')));
  await person.press('kept.close');
  await seeWiped({ app });
  await person.see('goodbye.card.title');
  problems.push(...(await judge(page, 'goodbye-card')));
  card.remove();
  await person.see('goodbye.title');
  problems.push(...(await judge(page, 'goodbye-time')));
  expect(problems).toEqual([]);
});

it('the catalogue: a search that finds, and one that does not; a theme, the events, a product', async () => {
  const { person } = await openStage();
  const { page } = person;
  await person.see('attract.title');
  await person.press('attract.begin');
  await person.press('catalogue.search');
  await person.typeOnGlass('vuilbak');
  await page.getByRole('option').first().waitFor();
  const problems = await judge(page, 'search');
  await person.press('catalogue.search.clear');
  await person.typeOnGlass('qzxqzx');
  await page.getByText('We vinden niets').waitFor();
  problems.push(...(await judge(page, 'search-nothing')));
  await person.press('button.back');
  await person.press('theme.environment_and_energy');
  await person.see('theme.environment_and_energy');
  problems.push(...(await judge(page, 'theme')));
  await person.pressNamed(/^Vuilniszakken kopen/);
  await person.seeQuestion('Vuilniszakken kopen');
  problems.push(...(await judge(page, 'product')));
  await person.press('button.back');
  await person.press('button.back');
  await person.press('catalogue.events');
  await page.getByRole('heading', { name: 'Weekmarkt' }).waitFor();
  problems.push(...(await judge(page, 'events')));
  expect(problems).toEqual([]);
});

it('the pages of a bad day: card out, wrong cards, no reader', async () => {
  const { card, person } = await openStage();
  const { page } = person;
  const problems: string[] = [];
  for (const [persona, title] of [
    ['wannes', 'refused.not_proven.title'],
    ['stranger', 'refused.issuer_unknown.title'],
    ['bank', 'refused.not_an_eid.title'],
    ['worn', 'refused.unreadable.title'],
  ] as const) {
    await person.see('attract.title');
    card.insert(persona);
    await person.see(title);
    problems.push(...(await judge(page, title.split('.').slice(0, 2).join('-'))));
    card.remove();
  }
  await person.see('attract.title');
  card.plug(false);
  await person.see('attract.noReader.title');
  problems.push(...(await judge(page, 'no-reader')));
  card.plug(true);
  await signIn({ card, person });
  await openCertificate(person);
  card.remove();
  await person.see('cardOut.title');
  await page.evaluate(axe.source);
  problems.push(
    ...(await runAxe(page)),
    ...findLayoutProblems(await page.evaluate(measurePage), rulesForText[2]).map(({ rule, what }) => `card-out: ${rule} ${what}`),
  );
  expect(problems).toEqual([]);
});

it('the pages of signing: a certificate that was revoked, and the keys of the reader', async () => {
  const { card, person } = await openStage();
  const { page } = person;
  card.setPinpad(true);
  await signIn({ card, person }, 'revoked');
  await person.pressNamed(/Verklaring op eer/);
  await person.see('pinProblem.signer_revoked.title');
  const problems = await judge(page, 'signer-revoked');
  await person.press('button.back');
  await person.see('catalogue.title');
  card.remove();
  await signIn({ card, person });
  await person.pressNamed(/Verklaring op eer/);
  await person.seeQuestion('Wat verklaart u?');
  await person.typeOnGlass('ik woon alleen');
  await person.press('button.next');
  await person.press('check.toDocument');
  await person.see('sign.title');
  await person.pressNamed(new RegExp(words['sign.button']));
  await person.see('signIn.pinpad.title');
  problems.push(...(await judge(page, 'sign-pinpad')));
  expect(problems).toEqual([]);
});

it('the pages of a paper: the question, the live picture, a look at what was taken, what is there', async () => {
  const { card, person } = await openStage({ camera: 'fake' });
  const { page } = person;
  card.setPinpad(true);
  await signIn({ card, person });
  await person.pressNamed(/Volmacht om iets af te halen/);
  await person.seeQuestion('Wie mag het voor u afhalen?');
  await person.typeOnGlass('bram proef');
  await person.press('button.next');
  await person.choose('Mijn reispas');
  await person.press('button.next');
  await person.seeQuestion('Hebt u er papieren bij?');
  const problems = await judge(page, 'photo-none');
  await person.press('photo.on');
  await page.getByRole('button', { name: words['photo.take'] }).waitFor();
  problems.push(...(await judge(page, 'photo-live')));
  await person.press('photo.take');
  await person.see('photo.look.title');
  problems.push(...(await judge(page, 'photo-look')));
  await person.press('photo.use');
  await page.getByRole('button', { name: 'Verder met 1 foto' }).waitFor();
  problems.push(...(await judge(page, 'photo-one')));
  expect(problems).toEqual([]);
});
