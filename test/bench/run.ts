import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from '../../build/prepare.ts';
import { runProgram, say, WorkStopped } from '../../build/run.ts';
import { watchTether } from '../../build/tether.ts';
import { type Bench, fewestRounds, type Row } from './rows.ts';

/** `npm run bench -- NAME [--json]`. Every part adds its benches here. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  start: async () => (await import('./start.ts')).bench,
  card: async () => (await import('./card.ts')).bench,
};

const usage = `npm run bench -- NAME… [--json] [--rounds N] [--pkcs11-module FILE] [--test-root FILE.pem]…

  NAME      ${Object.keys(benches).join(', ')}, or all
  --json    the last line is {"rows":[…]}
  --rounds  how often each thing is measured, at least ${fewestRounds}`;

function readOptions(words: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        rounds: { type: 'string', default: String(fewestRounds) },
        'pkcs11-module': { type: 'string' },
        'test-root': { type: 'string', multiple: true, default: [] },
      },
    });
    const names = positionals.includes('all') ? Object.keys(benches) : positionals;
    const unknown = names.find((name) => benches[name] === undefined);
    if (names.length === 0 || unknown !== undefined)
      throw new Error(unknown === undefined ? 'Say which bench to run.' : `There is no bench "${unknown}".`);
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a number.');
    const module = values['pkcs11-module'];
    return {
      names,
      rounds,
      json: values.json,
      module: module === undefined ? undefined : resolve(module),
      testRoots: values['test-root'].map((file) => resolve(file)),
    };
  } catch (error) {
    throw new WorkStopped(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function show(rows: readonly Row[]): void {
  for (const { name, value, unit, against, ratio } of rows)
    say(`${name.padEnd(40)} ${value} ${unit} against ${against} ${unit}: ratio ${ratio}`);
}

await runProgram(async () => {
  const { names, json, rounds, module, testRoots } = readOptions(process.argv.slice(2));
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
  return 0;
});
