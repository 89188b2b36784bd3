import type { ElectronApplication, Page } from 'playwright-core';

const patience = 20_000;

/** Looked for again and again: a window that has just opened may not say its address yet, and says it without another event. */
export async function waitForWindow(app: ElectronApplication, isIt: (page: Page) => boolean): Promise<Page> {
  const until = Date.now() + patience;
  for (;;) {
    const page = app.windows().find((one) => !one.isClosed() && isIt(one));
    if (page) return page;
    if (Date.now() > until) throw new Error(`the page did not open; there are ${app.windows().map((one) => one.url())}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
