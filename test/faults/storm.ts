import { readOptions, refuseWords } from '../../build/read-options.ts';
import { runProgram, say } from '../../build/run.ts';
import { keepsTargets, runStorm, type StormFigures, stormTargets } from './storm/run.ts';

const usage = `npm run storm -- [--terminals N] [--seed S]… [--json]

Terminals that were without a line for days come back at once, each with 120 records, while people go on using them. Both ends
decide with the project's own pacing; time is simulated. Exits 1 when a figure is above its target. The drain is held against
a server that takes each terminal's records at once when it is first heard of, one terminal after the other, and never rests.

  --terminals  how many, 10000 when left out
  --seed       a number, as often as you like: the same one makes the same storm again
  --json       the last line is an object of figures: of all seeds the worst`;

function readStormOptions(): { terminals: number; seeds: number[]; json: boolean } {
  const { values } = readOptions(usage, {
    options: {
      terminals: { type: 'string', default: '10000' },
      seed: { type: 'string', multiple: true, default: ['1', '2', '3'] },
      json: { type: 'boolean', default: false },
    },
  });
  const terminals = Number(values.terminals);
  const seeds = values.seed.map(Number);
  if (!Number.isInteger(terminals) || terminals < 1) refuseWords('--terminals takes a number.', usage);
  if (!seeds.every(Number.isInteger)) refuseWords('--seed takes a number.', usage);
  return { terminals, seeds, json: values.json };
}

const names = ['drainVsIdeal', 'requestsPerUseful', 'liveP99Ms', 'liveFailed'] as const;

function show(figures: StormFigures): void {
  for (const name of names) {
    const missed = figures[name] > stormTargets[name] ? ': MISSED' : '';
    say(`${name.padEnd(18)} ${figures[name]}, at most ${stormTargets[name]}${missed}`);
  }
}

await runProgram(async () => {
  const { terminals, seeds, json } = readStormOptions();
  const all = seeds.map((seed) => {
    say(`${terminals} terminals, seed ${seed}.`);
    const figures = runStorm({ terminals, seed });
    show(figures);
    return figures;
  });
  const worstOf = (name: keyof StormFigures) => Math.max(...all.map((figures) => figures[name]));
  const [drainVsIdeal, requestsPerUseful, liveP99Ms, liveFailed] = names.map(worstOf) as [number, number, number, number];
  if (json) say(JSON.stringify({ terminals, seeds, drainVsIdeal, requestsPerUseful, liveP99Ms, liveFailed }));
  return all.every(keepsTargets) ? 0 : 1;
});
