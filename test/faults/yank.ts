import { readOptions, refuseWords } from '../../build/read-options.ts';
import { runProgram, say } from '../../build/run.ts';
import { watchTether } from '../../build/tether.ts';
import { buildVirtualCard } from '../../native/virtual-card/control.ts';
import { runYank } from './yank/run.ts';

const usage = `npm run yank -- [--rounds N] [--seed S] [--json]

Cards come and go at random calls, foreign ones among them, while calls hang and the library crashes, and somebody presses
things on the glass. After each round the next person's card must be read, and nobody ever sees anybody else's data.

  --rounds  how often, 100 when left out
  --seed    a number: the same one makes the same choices again
  --json    the last line is an object of figures`;

function readYankOptions(): { rounds: number; seed: number; json: boolean } {
  const { values } = readOptions(usage, {
    options: { rounds: { type: 'string', default: '100' }, seed: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const rounds = Number(values.rounds);
  const seed = values.seed === undefined ? Math.trunc(Date.now() / 1000) : Number(values.seed);
  if (!Number.isInteger(rounds) || rounds < 1) refuseWords('--rounds takes a number.', usage);
  if (!Number.isInteger(seed)) refuseWords('--seed takes a number.', usage);
  return { rounds, seed, json: values.json };
}

await runProgram(async () => {
  const { rounds, seed, json } = readYankOptions();
  watchTether(() => process.exit(1));
  const card = await buildVirtualCard();
  say(`${rounds} rounds, seed ${seed}.`);
  const figures = await runYank({ rounds, seed, card, say });
  for (const [name, value] of Object.entries(figures)) say(`${name.padEnd(18)} ${value}`);
  if (json) say(JSON.stringify({ seed, ...figures }));
  const { wrongPerson, mixedData, stuck, leakedHandles, leakedProcesses } = figures;
  return wrongPerson + mixedData + stuck + leakedHandles + leakedProcesses === 0 ? 0 : 1;
});
