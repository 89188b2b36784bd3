import { afterAll, expect, it } from 'vitest';
import { words } from '../harness/person.ts';
import { closeWorld, fillCertificate, fillDefect, openApp, openStage, signIn } from './stage.ts';

afterAll(closeWorld);

it('a captive portal, an error and replies for others are not a line, and nothing is lost or sent twice', async () => {
  const { edges, card, arrivals, person } = await openStage();
  await signIn({ card, person });
  await edges.middleware.setFault('nonsense');
  await fillCertificate(person);
  await person.page.getByRole('button', { name: words['check.keep'] }).waitFor();
  await person.press('check.keep');
  await person.see('kept.title.kept');
  for (const fault of ['error', 'wrong_ids'] as const) {
    await edges.middleware.setFault(fault);
    await person.page.waitForTimeout(1_500);
    expect(await person.page.getByRole('heading', { level: 1, name: words['kept.title.kept'] }).count(), fault).toBe(1);
  }
  await edges.middleware.setFault('none');
  await person.see('kept.title.received');
  await expect.poll(async () => (await arrivals()).map(({ copies }) => copies)).toEqual([1]);
});

it('a slow line holds nobody up: kept at once, received when it comes', async () => {
  const { edges, person } = await openStage();
  await person.see('attract.title');
  await person.press('attract.begin');
  await fillDefect(person);
  edges.line.setLine('slow');
  await person.pressNamed(new RegExp(`${words['check.send']}|${words['check.keep']}`));
  await person.see('kept.title.kept');
  await person.see('kept.title.received');
});

it('what is kept survives the power going, and is delivered after the next start, once', async () => {
  const { edges, card, arrivals, person, app } = await openStage();
  await signIn({ card, person });
  edges.line.setLine('down');
  await fillCertificate(person);
  await person.page.getByRole('button', { name: words['check.keep'] }).click();
  await person.see('kept.title.kept');
  await app.kill();
  card.remove();
  edges.line.setLine('up');
  const again = await openApp(edges, { dataDir: app.dataDir });
  await again.person.see('attract.title');
  await expect.poll(async () => (await arrivals()).map(({ copies }) => copies), { timeout: 15_000 }).toEqual([1]);
});
