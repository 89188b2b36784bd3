import { readOptions, refuseWords } from '../../build/read-options.ts';
import { runProgram, say } from '../../build/run.ts';
import { watchTether } from '../../build/tether.ts';
import { runFaults } from './faults/run.ts';
import { type StoreKind, usualStore } from './faults/store.ts';

const usage = `npm run faults -- [--kills N] [--seed S] [--json] [--store postgres|pglite]

Terminals and the middleware are killed again and again, terminals with their power cut too, while the line between them
loses, cuts, doubles, delays, reorders and forges. Some send photos too, and the keys are changed twice meanwhile. In the end what
people were told is compared with what there is.

  --kills  how often, 200 when left out
  --seed   a number: the same one makes the same kills and faults again; what is under way at that moment depends on the machine
  --store  where the middleware stores; PostgreSQL where it is installed, else PGlite
  --json   the last line is an object of figures

Exit code 1 unless lost, duplicated, reordered and unverified are 0, and what must hold for them: no stated loss, no head behind
what was told, no terminal that ended by itself, no break in the log, no queue that does not empty.`;

function readFaultOptions(): { kills: number; seed: number; json: boolean; store: StoreKind } {
  const { values } = readOptions(usage, {
    options: {
      kills: { type: 'string', default: '200' },
      seed: { type: 'string' },
      store: { type: 'string', default: usualStore() },
      json: { type: 'boolean', default: false },
    },
  });
  const kills = Number(values.kills);
  const seed = values.seed === undefined ? Math.trunc(Date.now() / 1000) : Number(values.seed);
  const store = values.store;
  if (!Number.isInteger(kills) || kills < 1) refuseWords('--kills takes a number.', usage);
  if (!Number.isInteger(seed)) refuseWords('--seed takes a number.', usage);
  if (store !== 'postgres' && store !== 'pglite') return refuseWords('--store takes postgres or pglite.', usage);
  return { kills, seed, json: values.json, store };
}

await runProgram(async () => {
  const { kills, seed, json, store } = readFaultOptions();
  watchTether(() => process.exit(1));
  say(`${kills} kills, seed ${seed}, the middleware on ${store}.`);
  const usual = { side: 4, powerCuts: 0.35, withoutLine: 0.12, keepsAtMost: 8, middlewareShare: 0.25, drainMs: 60_000 };
  const { lineFaults, ...figures } = await runFaults({ ...usual, kills, seed, store, say, complain: say });
  for (const [name, value] of Object.entries(figures)) say(`${name.padEnd(18)} ${value}`);
  say(
    `line faults        ${Object.entries(lineFaults)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
  );
  if (json) say(JSON.stringify({ seed, store, ...figures, lineFaults }));
  const { lost, duplicated, reordered, unverified, statedLost, headsBehind, failures, logBreaks, undrained } = figures;
  return lost + duplicated + reordered + unverified + statedLost + headsBehind + failures + logBreaks + undrained === 0 ? 0 : 1;
});
