import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { keep } from '../../build/keeper.ts';
import { root } from '../../build/paths.ts';
import { readyRuntime } from '../../build/runtime.ts';
import { writeTicket } from '../../contract/kept-record.ts';
import { writeReceipt } from '../../contract/receipt-code.ts';
import { BatchReply, type TransactionEvent } from '../../contract/wire.ts';
import { asDelivery, makeReference } from '../../middleware/testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../../middleware/testing/harness.ts';
import { receiptOf, ticketOf } from '../../middleware/testing/printed-codes.ts';
import { type Display, ensureDisplay } from '../harness/display.ts';
import { makeRunFolder } from '../harness/run-folder.ts';
import { chooseSandbox, ownerOf, writeLauncher } from '../harness/sandbox.ts';

/** Somebody at home with a telephone, a paper, and later without a line: the middleware's pages in a real browser. */

let bench: TestBench;
let middleware: TestMiddleware;
let display: Display;
let app: ElectronApplication;
let page: Page;
let event: TransactionEvent;
let reply: BatchReply;
let asked: string[];
let complained: string[];
const folder = mkdtempSync(join(tmpdir(), 'loket-codes-'));
const pictures = process.env.LOKET_PICTURES;

beforeAll(async () => {
  bench = await openTestBench();
  middleware = await bench.start();
  const events = await Promise.all(Array.from({ length: 5 }, () => bench.terminal.seal(bench.terminal.makeContent())));
  reply = BatchReply.parse(await (await middleware.deliver(asDelivery(events))).json());
  event = events[2] as TransactionEvent;
  const runtime = await readyRuntime();
  display = await ensureDisplay();
  const sandbox = chooseSandbox(runtime.executable);
  const run = makeRunFolder({ owner: ownerOf(sandbox) });
  const executablePath =
    process.platform === 'win32' ? runtime.executable : writeLauncher(join(run.dir, 'electron.sh'), runtime.executable, sandbox);
  app = await _electron.launch({
    executablePath,
    // The demo's root is in no browser's store.
    args: [join(root, 'test/bench/empty-window'), '--ignore-certificate-errors', `--user-data-dir=${run.data}`],
    chromiumSandbox: true,
    // Its advice is for apps; what is looked at here is a page and its policy.
    env: { ...(process.env as Record<string, string>), ...display.env, ...run.env, ELECTRON_DISABLE_SECURITY_WARNINGS: 'true' },
    cwd: run.dir,
  });
  keep(app.process());
  page = await app.firstWindow();
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complained.push(message.text()));
  page.on('pageerror', (error) => complained.push(error.message));
});
beforeEach(() => {
  asked = [];
  complained = [];
});
afterAll(async () => {
  await app?.close();
  await display?.stop();
  await bench?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the page says of the code, once in each language. */
async function readOutcome(): Promise<string[]> {
  await page.waitForSelector('#said section');
  return await page.$$eval('#said section', (sections) =>
    sections.map((section) => `${(section as HTMLElement).lang} ${section.dataset.outcome}`),
  );
}

async function open(address: string): Promise<string[]> {
  // Another fragment alone is no other page to a browser.
  await page.goto('about:blank');
  await page.goto(address);
  return await readOutcome();
}

async function type(typed: string): Promise<string[]> {
  await page.fill('#typed', typed);
  await page.click('#check button');
  return await readOutcome();
}

async function judge(name: string): Promise<void> {
  for (const [width, kind] of [
    [390, 'telephone'],
    [1080, 'desk'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${name} ${kind} is wider than its screen`).toBe(0);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${kind}.png`), fullPage: true });
    }
  }
  // By the debugger's door, which the page's policy does not shut.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: here } = window as unknown as { axe: typeof axe };
    return (await here.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  expect(violations).toEqual([]);
}

const inAll = (outcome: string) => ['nl', 'fr', 'de', 'en'].map((tongue) => `${tongue} ${outcome}`);
const addressOf = (code: string, reference = event.reference) => `${middleware.url}/t/${reference}#${code}`;

it('a ticket’s code: genuine, and what became of it; the code itself is never sent', async () => {
  expect(await open(addressOf(writeTicket(ticketOf(event))))).toEqual(inAll('kept'));
  expect(await page.textContent('h1')).toBe('Ontvangen');
  await judge('ticket');
  expect(asked.filter((url) => url.startsWith('http')).some((url) => url.includes('k1.'))).toBe(false);
  expect(complained).toEqual([]);
});

it('a receipt’s code: genuine', async () => {
  const receipt = receiptOf(event, reply, 2);
  expect(await open(addressOf(writeReceipt(receipt)))).toEqual(inAll('received'));
  expect(complained).toEqual([]);
});

it('of another reference, cut, of nobody we know: each said as it is', async () => {
  const code = writeTicket(ticketOf(event));
  expect(await open(addressOf(code, makeReference()))).toEqual(inAll('not_genuine'));
  await judge('not-genuine');
  expect(await open(addressOf(code.slice(0, 100)))).toEqual(inAll('garbled'));
  expect(await open(addressOf('%E0%A4%A'))).toEqual(inAll('garbled'));
  expect(await open(addressOf(code.replace('kiosk-1', 'kiosk-99')))).toEqual(inAll('unknown_key'));
  expect(complained).toEqual([]);
});

it('typed on the page of its own, and with the keys that do not come', async () => {
  await page.goto(`${middleware.url}/check`);
  await judge('check');
  const address = addressOf(writeTicket(ticketOf(event)));
  await page.route('**/v1/check-keys', (route) => route.abort());
  expect(await type(address)).toEqual(inAll('no_keys'));
  await page.unroute('**/v1/check-keys');
  await page.click('#check button');
  await page.waitForSelector('[data-outcome=kept]');
  expect(await readOutcome()).toEqual(inAll('kept'));
  expect(await page.textContent('#said [lang=nl]')).toContain('De gemeente heeft ze ontvangen.');
  await type('hallo');
  await page.waitForSelector('[data-outcome=no_reference]');
  await type(event.reference);
  await page.waitForSelector('[data-outcome=no_code]');
});

it('the file that was kept checks both without a line, and asks nobody', async () => {
  const file = join(folder, 'loket-check.html');
  writeFileSync(file, await (await middleware.ask('/checker.html', { as: null })).text(), { mode: 0o644 });
  await page.context().setOffline(true);
  try {
    const there = pathToFileURL(file).href;
    await page.goto(there);
    expect(await type(addressOf(writeTicket(ticketOf(event))))).toEqual(inAll('kept'));
    await judge('alone');
    await page.fill('#typed', `${event.reference} ${writeReceipt(receiptOf(event, reply, 2))}`);
    await page.click('#check button');
    await page.waitForSelector('[data-outcome=received]');
    expect(asked).toEqual([there]);
    expect(complained).toEqual([]);
  } finally {
    await page.context().setOffline(false);
  }
});
