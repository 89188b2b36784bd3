import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import type { LaunchedApp } from '../../harness/launch.ts';
import { words } from '../../harness/person.ts';
import { waitForWindow } from '../../harness/wait-for-window.ts';

const patience = 20_000;

/** An operator signs in with the code of their phone, and carries away what waits. */
export async function exportQueue(app: LaunchedApp): Promise<void> {
  await app.kiosk.getByRole('heading', { level: 1, name: words['attract.title'], exact: true }).waitFor({ timeout: patience });
  const desk = await openDesk(app);
  await desk.getByRole('heading', { name: 'Typ uw code' }).waitFor({ timeout: patience });
  await desk.keyboard.type(await readFreshCode(app));
  await desk.keyboard.press('Enter');
  await desk.getByRole('button', { name: 'Zet op een stick' }).click({ timeout: patience });
  await desk.getByText('Geschreven en nagelezen.').waitFor({ timeout: patience });
  // The page may be gone before it has answered that a key was pressed.
  await Promise.all([desk.waitForEvent('close'), desk.keyboard.press('Escape').catch(() => undefined)]);
}

/** As a keyboard does it: keys that a debugger types are not seen before the page sees them. */
async function openDesk({ app }: LaunchedApp): Promise<Page> {
  const isOperator = (page: Page) => page.url() === 'app://loket/operator.html';
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.webContents.focus();
    window?.webContents.sendInputEvent({ type: 'keyDown', keyCode: 'L', modifiers: ['control', 'alt'] });
  });
  return waitForWindow(app, isOperator);
}

/** Each code is good once, and the next one comes within half a minute. */
async function readFreshCode(app: LaunchedApp): Promise<string> {
  while (used.has(readCode(app))) await wait(500);
  const code = readCode(app);
  used.add(code);
  return code;
}

const used = new Set<string>();

/** The secret that enrolment gave both. */
function readCode({ dataDir }: LaunchedApp): string {
  const stored = JSON.parse(readFileSync(join(dataDir, 'loket', 'identity', 'identity.json'), 'utf8'));
  const { operatorSecret } = JSON.parse(Buffer.from(stored.secrets, 'base64').toString('utf8'));
  return new TOTP({ secret: Secret.fromBase32(operatorSecret) }).generate();
}
