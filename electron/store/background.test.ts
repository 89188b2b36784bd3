import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeBackground } from './background.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a job that fails again and again does not hold up the others, and begins anew later', () => {
  const done: string[] = [];
  let broken = true;
  const background = makeBackground({ ticks: () => performance.now(), step: (running) => !running.next().done });
  background.add(function* () {
    yield;
    if (broken) throw new Error('EIO');
    done.push('first');
  });
  background.add(function* () {
    yield;
    done.push('second');
  });
  vi.advanceTimersByTime(120_000);
  expect(done).toEqual(['second']);
  broken = false;
  vi.advanceTimersByTime(60_000);
  expect(done).toEqual(['second', 'first']);
  expect(vi.getTimerCount()).toBe(0);
});
