import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { portMs } from '../operator/run-export.ts';
import { longestTidyMs, quitTidily } from './quit-tidily.ts';

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
const late = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  // Signals would end the test itself.
  vi.spyOn(process, 'on').mockReturnThis();
  app = new FakeApp();
  electron.app = app;
  late.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('tidies once, however often it is asked to end, and ends only then', async () => {
  let tidied = () => {};
  const tidy = vi.fn(() => new Promise<void>((resolve) => (tidied = resolve)));
  quitTidily(tidy, late);
  // A window that closes says so twice: it is closed, and it was the last.
  app.quit();
  app.quit();
  await vi.advanceTimersByTimeAsync(1000);
  expect([tidy.mock.calls.length, app.exits, app.quitUntidily]).toEqual([1, [], 0]);
  tidied();
  await vi.advanceTimersByTimeAsync(0);
  expect([app.exits, app.quitUntidily, late.mock.calls.length]).toEqual([[0], 0, 0]);
});

it('ends although tidying fails', async () => {
  quitTidily(() => Promise.reject(new Error('a part that does not stop')), late);
  app.quit();
  await vi.advanceTimersByTimeAsync(0);
  expect([app.exits, late.mock.calls.length]).toEqual([[0], 0]);
});

it.each([
  ['', () => undefined],
  [
    ', whatever comes of it',
    () => {
      throw new Error('too late for that');
    },
  ],
])('ends although tidying never does, and does what must be done all the same%s', async (_what, answer) => {
  late.mockImplementation(answer);
  quitTidily(() => new Promise(() => undefined), late);
  app.quit();
  // The program that shuts the port may take so long.
  await vi.advanceTimersByTimeAsync(portMs + 1);
  expect([app.exits, late.mock.calls.length]).toEqual([[], 0]);
  await vi.advanceTimersByTimeAsync(longestTidyMs - portMs - 1);
  expect([app.exits, late.mock.calls.length]).toEqual([[0], 1]);
});
