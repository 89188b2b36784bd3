import { afterEach, expect, test } from 'vitest';
import { runFaults } from './run.ts';
import { usualStore } from './store.ts';

/** `npm run faults`, short: what it counts must be 0, and something must have happened. */
const complaints: string[] = [];
afterEach(() => complaints.splice(0));

test('terminals and middleware killed over and over, with photos and new keys: nothing is lost, doubled, reordered or believed without a receipt', async () => {
  const figures = await runFaults({
    kills: 24,
    seed: 20_261_122,
    store: usualStore(),
    side: 3,
    powerCuts: 0.4,
    withoutLine: 0.1,
    keepsAtMost: 8,
    middlewareShare: 0.25,
    drainMs: 20_000,
    say: () => undefined,
    complain: (line) => complaints.push(line),
  });
  expect(complaints).toEqual([]);
  const clean = {
    lost: 0,
    duplicated: 0,
    reordered: 0,
    unverified: 0,
    statedLost: 0,
    headsBehind: 0,
    failures: 0,
    logBreaks: 0,
    undrained: 0,
  };
  expect(figures).toMatchObject(clean);
  expect(figures.kills).toBeGreaterThanOrEqual(24);
  expect(figures.middlewareKills).toBeGreaterThan(0);
  expect(figures.acknowledged).toBeGreaterThan(20);
  expect(figures.photos).toBeGreaterThan(0);
  expect(figures.rotations).toBe(2);
}, 120_000);
