import { prepare } from '../../build/prepare.ts';
import { readOptions, refuseWords } from '../../build/read-options.ts';
import { runProgram, say } from '../../build/run.ts';
import { watchTether } from '../../build/tether.ts';
import { runCanaries } from './canaries/run.ts';

const usage = `npm run canaries -- [--journeys N] [--seed S] [--json]

Invented people at one kiosk: some type their PIN, some photograph a paper and sign; some keep a request, some break off, the page
crashes under some, and under some the power goes; with and without a line. An operator carries away what waits. Then everything that the app wrote is searched for each of them, in every form. Exits 1 unless
nothing is found.

  --journeys  how many people, 200 when left out
  --seed      a number: the same one makes the same people again, who do the same things
  --json      the last line is an object of figures`;

function readCanaryOptions(): { journeys: number; seed: number; json: boolean } {
  const { values } = readOptions(usage, {
    options: { journeys: { type: 'string', default: '200' }, seed: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const journeys = Number(values.journeys);
  const seed = values.seed === undefined ? Math.trunc(Date.now() / 1000) : Number(values.seed);
  if (!Number.isInteger(journeys) || journeys < 1) refuseWords('--journeys takes a number.', usage);
  if (!Number.isInteger(seed)) refuseWords('--seed takes a number.', usage);
  return { journeys, seed, json: values.json };
}

await runProgram(async () => {
  const { journeys, seed, json } = readCanaryOptions();
  watchTether(() => process.exit(1));
  await prepare(['demo'], { virtualCard: true });
  const { ensureDisplay } = await import('../harness/display.ts');
  const display = await ensureDisplay(undefined, true);
  Object.assign(process.env, display.env);
  try {
    say(`${journeys} journeys, seed ${seed}.`);
    const { hits, endings, errands, ...figures } = await runCanaries({ journeys, seed, say });
    for (const [name, value] of Object.entries({ ...figures, ...errands, ...endings, hits: hits.length }))
      say(`${name.padEnd(18)} ${value}`);
    for (const { needle, form, file, offset } of hits.slice(0, 50)) say(`Found: ${needle} (${form}) in ${file}, at ${offset}.`);
    if (json) say(JSON.stringify({ seed, ...figures, errands, endings, hits }));
    return hits.length === 0 ? 0 : 1;
  } finally {
    await display.stop();
  }
});
