import { readOptions, refuseWords } from '../../build/read-options.ts';
import { runProgram, say } from '../../build/run.ts';
import { watchTether } from '../../build/tether.ts';
import { runSoak } from './soak/run.ts';

const usage = `npm run soak -- [--days N] [--seed S] [--terminals T] [--json]

Days at some terminals in minutes: the app's own queue, uploads and line against the real middleware over HTTPS, each by a clock
of its own that may be years off. Terminals die and start again, lines go, one is away for days, keys rotate, certificates are
renewed, backups are made each night and one is put back. After each thing that happens the promises are looked at.

  --days       how many, 30 when left out
  --seed       a number: the same one makes the same things happen again, and ends with the same digest
  --terminals  each with about forty records a day, 1 when left out
  --json       the last line is an object of figures

Exit code 1 when something was not as it should be.`;

function readSoakOptions(): { days: number; seed: number; terminals: number; json: boolean } {
  const { values } = readOptions(usage, {
    options: {
      days: { type: 'string', default: '30' },
      seed: { type: 'string' },
      terminals: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  const [days, terminals] = [Number(values.days), Number(values.terminals)];
  const seed = values.seed === undefined ? Math.trunc(Date.now() / 1000) : Number(values.seed);
  if (!Number.isInteger(days) || days < 2 || days > 60) refuseWords('--days takes a number from 2 to 60.', usage);
  if (!Number.isInteger(terminals) || terminals < 1) refuseWords('--terminals takes a number.', usage);
  if (!Number.isInteger(seed)) refuseWords('--seed takes a number.', usage);
  return { days, seed, terminals, json: values.json };
}

await runProgram(async () => {
  const { json, ...options } = readSoakOptions();
  watchTether(() => process.exit(1));
  say(`${options.days} days, seed ${options.seed}.`);
  const figures = await runSoak({ ...options, say, complain: say });
  for (const [name, value] of Object.entries(figures)) say(`${name.padEnd(18)} ${value}`);
  if (json) say(JSON.stringify({ seed: options.seed, ...figures }));
  return figures.complaints === 0 ? 0 : 1;
});
