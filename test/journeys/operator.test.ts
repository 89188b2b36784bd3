import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import type { LaunchedApp } from '../harness/launch.ts';
import { waitForWindow } from '../harness/wait-for-window.ts';
import { closeWorld, openStage } from './stage.ts';

afterAll(closeWorld);

const isOperator = (page: Page) => page.url() === 'app://loket/operator.html';

/** Presses the town's name until the page is there. */
async function openDesk({ app, kiosk }: LaunchedApp): Promise<Page> {
  await kiosk.locator('.who__name').hover();
  await kiosk.mouse.down();
  const page = await waitForWindow(app, isOperator);
  await kiosk.mouse.up();
  return page;
}

/** As a keyboard does it: keys that a debugger types are not seen before the page sees them. */
async function pressChord({ app }: LaunchedApp): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.webContents.focus();
    window?.webContents.sendInputEvent({ type: 'keyDown', keyCode: 'L', modifiers: ['control', 'alt'] });
  });
}

/** As the phone of an operator shows it: the secret that enrolment gave both. */
function readCode({ dataDir }: LaunchedApp): string {
  const stored = JSON.parse(readFileSync(join(dataDir, 'loket', 'identity', 'identity.json'), 'utf8'));
  expect(stored.keyStore).toBe('file');
  const { operatorSecret } = JSON.parse(Buffer.from(stored.secrets, 'base64').toString('utf8'));
  return new TOTP({ secret: Secret.fromBase32(operatorSecret) }).generate();
}

it('opens for staff with a code, says how the queue is, and makes room for who puts a card in', async () => {
  const { card, person, app } = await openStage();
  await person.see('attract.title');
  const desk = await openDesk(app);
  await desk.getByRole('heading', { name: 'Typ uw code' }).waitFor();
  await desk.keyboard.type('000000');
  await desk.keyboard.press('Enter');
  await desk.getByRole('alert').getByText('Die code klopt niet.').waitFor();
  await desk.keyboard.type(readCode(app));
  await desk.keyboard.press('Enter');
  await desk.getByRole('heading', { name: 'Alles is verstuurd' }).waitFor();
  await desk.getByText('In een bestand van de dienst').waitFor();
  const gone = desk.waitForEvent('close');
  card.insert('lotte');
  await gone;
  await person.see('identity.title');
  await pressChord(app);
  await person.press('identity.yes');
  await person.see('catalogue.title');
  expect(app.app.windows().filter(isOperator)).toEqual([]);
});

it('opens by keys too, and goes away by its own', async () => {
  const { person, app } = await openStage();
  await person.see('attract.title');
  await pressChord(app);
  const desk = await waitForWindow(app.app, isOperator);
  await desk.getByRole('heading', { name: 'Typ uw code' }).waitFor();
  const gone = desk.waitForEvent('close');
  // The page may be gone before it has answered that a key was pressed.
  await Promise.all([gone, desk.keyboard.down('Escape').catch(() => undefined)]);
  await person.see('attract.title');
});
