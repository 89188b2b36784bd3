import type { ElectronApplication, Page } from 'playwright-core';
import { words } from './person.ts';
import { waitForWindow } from './wait-for-window.ts';

const patience = 20_000;

const isPin = (page: Page): boolean => page.url() === 'app://loket/pin.html';

export const hasPinPage = (app: ElectronApplication): boolean => app.windows().some(isPin);

/** The PIN view over the kiosk's page, once it is there: a page of its own, found by its address. `other`: the one before it. */
export async function findPinPage(app: ElectronApplication, other?: Page): Promise<Page> {
  const page = await waitForWindow(app, (one) => isPin(one) && one !== other);
  await page.getByRole('heading', { level: 1, name: words['pin.title'], exact: true }).waitFor({ timeout: patience });
  return page;
}

/** Presses the digits on the glass, then "done". */
export async function typePin(page: Page, pin: string): Promise<void> {
  await typeDigits(page, pin);
  await pressDone(page);
}

export async function pressDone(page: Page): Promise<void> {
  await pressLast(page, words['pin.done']);
}

export async function pressStop(page: Page): Promise<void> {
  await pressLast(page, words['pin.stop']);
}

/** The button that makes the view go away may take it away before the click says that it was made. */
async function pressLast(page: Page, name: string): Promise<void> {
  try {
    await page.getByRole('button', { name, exact: true }).click();
  } catch (error) {
    if (!page.isClosed()) throw error;
  }
}

export async function typeDigits(page: Page, pin: string): Promise<void> {
  const keys = page.getByRole('group', { name: words['pin.keys'] });
  for (const digit of pin) await keys.getByRole('button', { name: digit, exact: true }).click();
}
