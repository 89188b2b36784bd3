import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { quitTidily } from './quit-tidily.ts';

const electron = vi.hoisted(() => ({ app: null as unknown as FakeApp }));
vi.mock('electron', () => electron);

/** An app that quits when nobody prevents it. */
class FakeApp extends EventEmitter {
  exits: number[] = [];
  quitUntidily = 0;
  exit(code: number): void {
    this.exits.push(code);
  }
  quit(): void {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.quitUntidily += 1;
  }
}

let app: FakeApp;

beforeEach(() => {
  vi.useFakeTimers();
  // Signals would end the test itself.
  vi.spyOn(process, 'on').mockReturnThis();
  app = new FakeApp();
  electron.app = app;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('tidies once, however often it is asked to end, and ends only then', async () => {
  let tidied = () => {};
  const tidy = vi.fn(() => new Promise<void>((resolve) => (tidied = resolve)));
  quitTidily(tidy);
  // A window that closes says so twice: it is closed, and it was the last.
  app.quit();
  app.quit();
  await vi.advanceTimersByTimeAsync(1000);
  expect([tidy.mock.calls.length, app.exits, app.quitUntidily]).toEqual([1, [], 0]);
  tidied();
  await vi.advanceTimersByTimeAsync(0);
  expect([app.exits, app.quitUntidily]).toEqual([[0], 0]);
});

it.each<[string, () => Promise<void>]>([
  ['never ends', () => new Promise(() => undefined)],
  ['fails', () => Promise.reject(new Error('a part that does not stop'))],
])('ends although tidying %s', async (_what, tidy) => {
  quitTidily(tidy);
  app.quit();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(app.exits).toEqual([0]);
});
