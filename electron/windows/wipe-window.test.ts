import type { BrowserWindow, Session } from 'electron';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakePage } from './fake-page.ts';
import { keepPage } from './keep-page.ts';
import { wipeWindow } from './wipe-window.ts';

const happened = vi.hoisted(() => [] as string[]);
vi.mock('electron', () => ({ clipboard: { clear: () => happened.push('clipboard') } }));

const note = (what: string) => async () => void happened.push(what);

function makeSession(name: string): Session {
  const clear = {
    clearCache: note(`${name} cache`),
    clearStorageData: note(`${name} storage`),
    clearHostResolverCache: note(`${name} hosts`),
  };
  return clear as unknown as Session;
}

const sessions = [makeSession('kiosk'), makeSession('pin')];
const everyStore = ['kiosk cache', 'kiosk storage', 'kiosk hosts', 'pin cache', 'pin storage', 'pin hosts'];

let contents: FakePage;
let wipe: () => Promise<void>;

beforeEach(() => {
  vi.useFakeTimers();
  happened.length = 0;
  contents = new FakePage();
  const page = keepPage({ contents, url: 'app://loket/kiosk.html', onGone: note('gone') });
  const webContents = Object.assign(contents, { navigationHistory: { clear: () => happened.push('history') } });
  const window = { isDestroyed: () => contents.destroyed, webContents } as unknown as BrowserWindow;
  wipe = () => wipeWindow({ window, page, sessions });
});
afterEach(() => vi.useRealTimers());

it('clears the clipboard at once, then the page, its history and the stores of both pages', async () => {
  const wiped = wipe();
  expect([happened, contents.loads.length]).toEqual([['clipboard'], 1]);
  contents.loads[0]?.done();
  await wiped;
  expect(happened).toEqual(['clipboard', 'history', ...everyStore]);
});

it('clears the stores although the page does not load, and says that it did not', async () => {
  const wiped = wipe();
  contents.loads[0]?.fail();
  await expect(wiped).rejects.toThrow();
  expect(happened).toEqual(['clipboard', 'gone', ...everyStore]);
});

it('of two visits that end one upon the other wipes both, each with a page of after its end', async () => {
  const wipes = [wipe(), wipe()];
  contents.loads[0]?.done();
  await vi.advanceTimersByTimeAsync(0);
  contents.loads[1]?.done();
  await Promise.all(wipes);
  expect([contents.loads.length, happened.includes('gone')]).toEqual([2, false]);
});

it('takes away a page that hangs and still shows the visit', async () => {
  const wiped = wipe();
  wiped.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(contents.crashed).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(contents.crashed).toBe(1);
  await expect(wiped).rejects.toThrow();
});

it.each<[string, (contents: FakePage) => void]>([
  ['is new already and loads slowly', (contents) => contents.emit('did-navigate')],
  ['is there', (contents) => contents.loads[0]?.done()],
  ['died by itself', (contents) => contents.die()],
])('leaves a page alone that %s', async (_how, happen) => {
  wipe().catch(() => undefined);
  happen(contents);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(contents.crashed).toBe(0);
  expect(contents.listenerCount('did-navigate')).toBe(0);
});

it('without a window has the clipboard to clear and nothing else', async () => {
  contents.destroyed = true;
  await wipe();
  expect([happened, contents.loads.length]).toEqual([['clipboard'], 0]);
});
