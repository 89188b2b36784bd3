import { EventEmitter } from 'node:events';
import type { BrowserWindow, Session } from 'electron';
import { beforeEach, expect, it, vi } from 'vitest';
import type { PinView } from '../../contract/pin.ts';
import { FakePage } from './fake-page.ts';
import { createPinPage, type PinPage } from './pin-view.ts';

const opened = vi.hoisted(() => [] as { webContents: FakePage }[]);
vi.mock('electron', async () => {
  const { FakePage } = await import('./fake-page.ts');
  class WebContentsView {
    webContents = new FakePage();
    constructor() {
      opened.push(this);
    }
    setBounds() {}
  }
  return { WebContentsView };
});

const view = { revision: 1 } as PinView;
let over: unknown[];
let gone: number;
let page: PinPage;

function makeWindow(): BrowserWindow {
  const contentView = {
    addChildView: (child: unknown) => over.push(child),
    removeChildView: (child: unknown) => (over = over.filter((each) => each !== child)),
  };
  const window = { contentView, webContents: new FakePage(), isDestroyed: () => false, getContentBounds: () => ({ width: 9, height: 16 }) };
  return Object.assign(new EventEmitter(), window) as unknown as BrowserWindow;
}

beforeEach(() => {
  opened.length = 0;
  over = [];
  gone = 0;
  page = createPinPage({ window: makeWindow(), session: {} as Session, preload: '', devTools: false, onGone: () => (gone += 1) });
});

const newest = () => {
  const contents = opened.at(-1)?.webContents;
  if (contents === undefined) throw new Error('no page');
  return contents;
};

it('lies over the kiosk’s page while there is something to show, a new one each time', () => {
  page.show(view);
  page.show({ ...view, revision: 2 });
  expect([over.length, opened.length, newest().sent.length]).toEqual([1, 1, 2]);
  page.show(null);
  expect([over.length, newest().destroyed, page.contents()]).toEqual([0, true, null]);
  page.show(view);
  expect([over.length, opened.length]).toEqual([1, 2]);
});

it.each<[string, (contents: FakePage) => void]>([
  ['dies', (contents) => contents.die()],
  ['hangs', (contents) => contents.emit('unresponsive')],
  ['does not load', (contents) => contents.loads[0]?.fail()],
])('that %s is taken away, and the kiosk hears of it once', async (_how, breakIt) => {
  page.show(view);
  breakIt(newest());
  await vi.waitFor(() => expect(gone).toBe(1));
  expect([over.length, newest().destroyed, page.contents()]).toEqual([0, true, null]);
  await Promise.resolve();
  expect(gone).toBe(1);
});

it('that was already taken away is nobody’s business when it ends', async () => {
  page.show(view);
  const first = newest();
  page.show(null);
  page.show(view);
  first.die();
  await Promise.resolve();
  expect([over.length, gone]).toEqual([1, 0]);
});
