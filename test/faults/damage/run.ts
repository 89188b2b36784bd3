import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChance } from '../yank/chance.ts';
import { hurt } from './hurt.ts';
import { judge } from './judge.ts';
import { makeTemplates } from './templates.ts';

export type DamageFigures = {
  trials: number;
  lossesMissed: number;
  wrongRecords: number;
  /** Trials in which something had to be stated as lost or a file was set aside, and the records found whole in those. */
  withLoss: number;
  stated: number;
  salvaged: number;
  slowestBackInServiceMs: number;
};

/** Hurts copies of a terminal's folder, one damage each, and starts the outbox on them. Same seed, same damages. */
export function runDamage({ trials, seed, say }: { trials: number; seed: number; say: (line: string) => void }): DamageFigures {
  const base = mkdtempSync(join(tmpdir(), 'loket-damage-'));
  const chance = createChance(seed);
  const figures = { trials, lossesMissed: 0, wrongRecords: 0, withLoss: 0, stated: 0, salvaged: 0, slowestBackInServiceMs: 0 };
  try {
    const templates = makeTemplates(base, Math.min(24, Math.max(6, Math.ceil(trials / 50))), chance);
    for (let trial = 0; trial < trials; trial += 1) {
      chance.reseed(seed + trial + 1);
      const template = chance.pick(templates);
      const folder = join(base, 'trial');
      cpSync(template.folder, folder, { recursive: true });
      const kind = hurt(folder, template, chance);
      const result = judge(folder, template);
      if (result.lossesMissed + result.wrongRecords > 0) say(`trial ${trial} (${kind}): ${JSON.stringify(result)}`);
      figures.lossesMissed += result.lossesMissed;
      figures.wrongRecords += result.wrongRecords;
      figures.stated += result.stated;
      figures.salvaged += result.salvaged;
      figures.withLoss += result.stated + result.salvaged > 0 ? 1 : 0;
      figures.slowestBackInServiceMs = Math.max(figures.slowestBackInServiceMs, Math.ceil(result.backInServiceMs));
      rmSync(folder, { recursive: true, force: true });
    }
    return figures;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
