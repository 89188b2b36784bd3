import { expect, it } from 'vitest';
import { runDamage } from './run.ts';

it('a hundred damages by chance: no loss goes unnoticed, and no wrong record is sent', () => {
  const complaints: string[] = [];
  const figures = runDamage({ trials: 100, seed: 20_261_122, say: (line) => complaints.push(line) });
  expect(complaints).toEqual([]);
  expect(figures).toMatchObject({ lossesMissed: 0, wrongRecords: 0 });
  expect(figures.withLoss).toBeGreaterThan(20);
  expect(figures.salvaged).toBeGreaterThan(figures.stated);
}, 120_000);
