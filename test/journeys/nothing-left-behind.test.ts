import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { allPersonas } from '../../native/virtual-card/personas.ts';
import { words } from '../harness/person.ts';
import { findInFiles } from '../harness/search-files.ts';
import {
  closeWorld,
  fillCertificate,
  makeFolder,
  openApp,
  openCertificate,
  openStage,
  openWorld,
  type Stage,
  seeWiped,
  signIn,
} from './stage.ts';

afterAll(closeWorld);

/** Everything that names Lotte, in every form in which a program may have written it, in every file of the run. */
async function findLotte({ app }: Pick<Stage, 'app'>): Promise<string[]> {
  const lotte = allPersonas.find(({ id }) => id === 'lotte');
  if (lotte === undefined || !('identity' in lotte)) throw new Error('no such persona');
  const needles = [
    { name: 'national number', text: lotte.identity.nationalNumber },
    { name: 'surname', text: lotte.identity.surname },
    { name: 'first names', text: lotte.identity.firstNames },
    { name: 'street', text: lotte.address.streetAndNumber },
  ];
  const hits = await findInFiles([app.runDir], needles);
  return hits.map(({ file, needle, form }) => `${needle} (${form}) in ${file}`);
}

it('the power goes while a form is open: no file names the person', async () => {
  const stage = await openStage();
  await signIn(stage);
  await openCertificate(stage.person);
  await stage.app.kill();
  expect(await findLotte(stage)).toEqual([]);
});

it('the page crashes while it shows who the person is: no dump names them', async () => {
  const stage = await openStage();
  await stage.person.see('attract.title');
  stage.card.insert('lotte');
  await stage.person.see('identity.title');
  await stage.app.app.evaluate(({ BrowserWindow }) => {
    setTimeout(() => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(), 50);
  });
  await expect
    .poll(() => readFileSync(join(stage.app.dataDir, 'loket', 'loket.log'), 'utf8'), { timeout: 15_000 })
    .toContain('renderer_gone');
  await stage.app.close();
  expect(await findLotte(stage)).toEqual([]);
});

it('the card leaves for good: the visit ends, the page is another document, and nobody is named on it or on disk', async () => {
  const { edges, card } = await openWorld();
  const configFile = join(makeFolder(), 'terminal.json');
  const config = JSON.parse(readFileSync(edges.configFile, 'utf8'));
  writeFileSync(configFile, JSON.stringify({ ...config, visit: { ...config.visit, cardOutSeconds: 5, goodbyeSeconds: 5 } }));
  const { app, person } = await openApp(edges, { configFile });
  await signIn({ card, person });
  await openCertificate(person);
  await person.page.evaluate(() => {
    (window as unknown as { ofThisVisit: boolean }).ofThisVisit = true;
  });
  card.remove();
  await person.see('cardOut.title');
  await seeWiped({ app });
  await person.see('goodbye.title');
  expect(await person.page.evaluate(() => 'ofThisVisit' in window)).toBe(false);
  expect(await person.page.content()).not.toMatch(/Lotte|Vandeputte|Zandkapelstraat/);
  await person.see('attract.title');
  await app.close();
  expect(await findLotte({ app })).toEqual([]);
});

it('a document that was read, signed and kept: when the visit is over no page and no file names its signer', async () => {
  const stage = await openStage();
  const { app, card, edges, person } = stage;
  card.setPinpad(true);
  await signIn(stage);
  edges.line.setLine('down');
  await person.pressNamed(/Volmacht om iets af te halen/);
  await person.seeQuestion('Wie mag het voor u afhalen?');
  await person.typeOnGlass('bram proef');
  await person.press('button.next');
  await person.choose('Mijn reispas');
  await person.press('button.next');
  await person.seeQuestion('Hebt u er papieren bij?');
  await person.press('photo.nextWithout');
  await person.press('check.toDocument');
  await person.see('sign.title');
  await person.page
    .getByText(/Vandeputte/)
    .first()
    .waitFor({ state: 'attached' });
  await person.pressNamed(new RegExp(words['sign.button']));
  await person.see('signIn.pinpad.title');
  card.press('right');
  await person.see('kept.title.kept');
  card.remove();
  await seeWiped({ app });
  await person.see('goodbye.title');
  expect(await person.page.content()).not.toMatch(/Lotte|Vandeputte|Zandkapelstraat|bram proef/i);
  await app.close();
  expect(await findLotte({ app })).toEqual([]);
});

it('what one person chose is not the next one’s: language and text size start anew', async () => {
  const { app, card, person } = await openStage();
  await person.see('attract.title');
  await person.pressNamed('Français');
  await person.page.getByRole('heading', { level: 1, name: 'Insérez votre carte' }).waitFor();
  card.insert('helene');
  await person.page.getByText('Hélène Marie-Noëlle Dubrulois').waitFor();
  card.remove();
  await seeWiped({ app });
  await person.see('attract.title');
  expect(await person.page.evaluate(() => document.documentElement.lang)).toBe('nl-BE');
});

it('a request that waits in the outbox names nobody on disk', async () => {
  const stage = await openStage();
  await signIn(stage);
  stage.edges.line.setLine('down');
  await fillCertificate(stage.person);
  await stage.person.press('check.keep');
  await stage.person.see('kept.title.kept');
  await stage.app.kill();
  expect(await findLotte(stage)).toEqual([]);
});
