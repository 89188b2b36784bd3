import { parseArgs } from 'node:util';
import { runProgram, say, WorkStopped } from '../../build/run.ts';
import { runDamage } from './damage/run.ts';

const usage = `node test/faults/damage.ts [--trials N] [--seed S] [--json]

Damages the files of a terminal's queue (torn, flipped, zeroed, scribbled over, deleted, replaced by older ones), one damage
in each trial, and starts the queue on them. Every record that was acknowledged must be there or be stated as lost.

  --trials  how often, 200 when left out
  --seed    a number: the same one makes the same damages again
  --json    the last line is an object of figures`;

const slowestMs = 5_000;

function readOptions(): { trials: number; seed: number; json: boolean } {
  try {
    const { values } = parseArgs({
      options: { trials: { type: 'string', default: '200' }, seed: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const trials = Number(values.trials);
    const seed = values.seed === undefined ? Math.trunc(Date.now() / 1000) : Number(values.seed);
    if (!Number.isInteger(trials) || trials < 1) throw new Error('--trials takes a number.');
    if (!Number.isInteger(seed)) throw new Error('--seed takes a number.');
    return { trials, seed, json: values.json };
  } catch (error) {
    throw new WorkStopped(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

await runProgram(async () => {
  const { trials, seed, json } = readOptions();
  say(`${trials} damages, seed ${seed}.`);
  const figures = runDamage({ trials, seed, say });
  for (const [name, value] of Object.entries(figures)) say(`${name.padEnd(24)} ${value}`);
  if (json) say(JSON.stringify({ seed, ...figures }));
  const { lossesMissed, wrongRecords, slowestBackInServiceMs } = figures;
  return lossesMissed + wrongRecords === 0 && slowestBackInServiceMs < slowestMs ? 0 : 1;
});
