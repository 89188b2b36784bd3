import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { afterLoad } from './after-load.ts';

let started: number;
const start = () => (started += 1);

beforeEach(() => {
  vi.useFakeTimers();
  started = 0;
});
afterEach(() => vi.useRealTimers());

it.each([
  ['has loaded', () => Promise.resolve()],
  ['did not load', () => Promise.reject(new Error('ERR_FAILED'))],
])('starts once the page %s, and once only', async (_how, load) => {
  afterLoad(load(), start);
  expect(started).toBe(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(started).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started).toBe(1);
});

it('starts although the page never says anything, and not again when it does', async () => {
  let say = () => {};
  afterLoad(new Promise<void>((resolve) => (say = resolve)), start);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(started).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  say();
  await vi.advanceTimersByTimeAsync(0);
  expect(started).toBe(1);
});
