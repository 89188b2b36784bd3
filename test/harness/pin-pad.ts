import type { ElectronApplication, Page } from 'playwright-core';
import { words } from './person.ts';

const patience = 20_000;

/** The PIN view over the kiosk's page, once it is there: a page of its own, found by its address. */
export async function findPinPage(app: ElectronApplication): Promise<Page> {
  const isPin = (page: Page) => page.url() === 'app://loket/pin.html';
  const page = await waitForWindow(app, isPin);
  await page.getByRole('heading', { level: 1, name: words['pin.title'], exact: true }).waitFor({ timeout: patience });
  return page;
}

/** Looked for again and again: a window that has just opened may not say its address yet, and says it without another event. */
async function waitForWindow(app: ElectronApplication, isIt: (page: Page) => boolean): Promise<Page> {
  const until = Date.now() + patience;
  for (;;) {
    const page = app.windows().find(isIt);
    if (page) return page;
    if (Date.now() > until) throw new Error('the PIN view did not open');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
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
