import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import dockWords from '../../renderer/dock/dock-nl.json' with { type: 'json' };
import { closeWorld, openApp, openWorld } from './stage.ts';

afterAll(closeWorld);

it('the dock puts a card in, pulls it out, cuts the line and shows what arrived', async () => {
  const { edges } = await openWorld();
  const { app, person } = await openApp(edges, { dock: true });
  const { dock } = app;
  if (dock === null) throw new Error('no dock');
  const press = (name: string | RegExp) => dock.getByRole('button', { name }).click();
  await person.see('attract.title');
  await press(/Hélène Dubrulois/);
  await person.see('identity.title');
  await press(dockWords['dock.eject']);
  await person.see('attract.title');
  await press(dockWords['dock.line.down']);
  await person.press('attract.begin');
  await person.pressNamed(/Probleem op straat melden/);
  await person.choose('Straatlamp brandt niet');
  await person.press('button.next');
  await person.typeOnGlass('vlasmarkt 3');
  await person.press('button.next');
  await person.press('check.keep');
  await person.see('kept.title.kept');
  const reference = await person.page
    .getByText(/^KTR-\w{4}-\w{4}$/)
    .first()
    .textContent();
  await press(dockWords['dock.line.up']);
  await person.see('kept.title.received');
  await dock.getByText(reference ?? 'no reference').waitFor();
  if (process.env.LOKET_PICTURES) {
    await mkdir(process.env.LOKET_PICTURES, { recursive: true });
    await dock.screenshot({ path: join(process.env.LOKET_PICTURES, 'dock.png') });
  }
  expect(await dock.evaluate(() => document.title)).toBe('Loket');
});
