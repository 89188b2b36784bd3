import { resolve } from 'node:path';
import { prepare } from '../../build/prepare.ts';
import { readOptions, refuseWords } from '../../build/read-options.ts';
import { runProgram, say } from '../../build/run.ts';
import { watchTether } from '../../build/tether.ts';
import { type Bench, describeLimit, fewestRounds, keepsLimit, type Row } from './rows.ts';

/** `npm run bench -- NAME [--json]`. Every part adds its benches here. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  start: async () => (await import('./start.ts')).bench,
  card: async () => (await import('./card.ts')).bench,
  file: async () => (await import('./file.ts')).bench,
  catalogue: async () => (await import('./catalogue.ts')).bench,
  sync: async () => (await import('./sync.ts')).bench,
};

const usage = `npm run bench -- NAME… [--json] [--check] [--rounds N] [--pkcs11-module FILE] [--test-root FILE.pem]…

  NAME      ${Object.keys(benches).join(', ')}, or all
  --json    the last line is {"rows":[…]}
  --check   exits 1 when a figure misses its limit: for a quiet machine, never for a test
  --rounds  how often each thing is measured, at least ${fewestRounds}`;

function readBenchOptions() {
  const { values, positionals } = readOptions(usage, {
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      rounds: { type: 'string', default: String(fewestRounds) },
      'pkcs11-module': { type: 'string' },
      'test-root': { type: 'string', multiple: true, default: [] },
    },
  });
  const names = positionals.includes('all') ? Object.keys(benches) : positionals;
  const unknown = names.find((name) => !Object.hasOwn(benches, name));
  if (unknown !== undefined) refuseWords(`There is no bench "${unknown}".`, usage);
  if (names.length === 0) refuseWords('Say which bench to run.', usage);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) refuseWords('--rounds takes a number.', usage);
  const module = values['pkcs11-module'];
  return {
    names,
    rounds,
    json: values.json,
    check: values.check,
    module: module === undefined ? undefined : resolve(module),
    testRoots: values['test-root'].map((file) => resolve(file)),
  };
}

function show(rows: readonly Row[]): void {
  for (const row of rows) {
    const { name, value, unit, against, ratio, limit, note } = row;
    const promise = limit === undefined ? '' : `, ${describeLimit(limit, unit)}${keepsLimit(row) ? '' : ': MISSED'}`;
    say(
      `${name.padEnd(40)} ${value} ${unit} against ${against} ${unit}: ratio ${ratio}${promise}${note === undefined ? '' : ` (${note})`}`,
    );
  }
}

await runProgram(async () => {
  const { names, json, check, rounds, module, testRoots } = readBenchOptions();
  watchTether(() => process.exit(1));
  await prepare(['demo'], { virtualCard: module === undefined });
  const rows: Row[] = [];
  for (const name of names) {
    say(`Measuring: ${name}, ${Math.max(rounds, fewestRounds)} rounds by turns.`);
    const bench = await benches[name]?.();
    if (bench === undefined) continue;
    const measured = await bench({ module, testRoots, rounds, say });
    show(measured);
    rows.push(...measured);
  }
  if (json) say(JSON.stringify({ rows }));
  return check && !rows.every(keepsLimit) ? 1 : 0;
});
