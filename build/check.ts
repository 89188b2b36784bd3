import { join } from 'node:path';
import { isProgram, root } from './paths.ts';
import { readOptions } from './read-options.ts';
import { run, runProgram, say } from './run.ts';
import { type Counts, nothingRan, runVitest } from './test/run-vitest.ts';

const usage = `npm run check

Types, linter and boundaries, unit tests. It takes no options.`;

const tool = (path: string) => join(root, 'node_modules', path);

/** What can be said of the sources without running them; `tsc` twice, because the code must fit both runtimes. */
const looks: readonly { heading: string; command: readonly string[] }[] = [
  { heading: 'Types', command: [tool('typescript/bin/tsc'), '-p', '.'] },
  {
    heading: 'Types of the main process against the test runtime',
    command: [tool('typescript/bin/tsc'), '-p', 'tsconfig.electron-33.json'],
  },
  { heading: 'Format, lint and boundaries', command: [tool('@biomejs/biome/bin/biome'), 'check', '.'] },
];

/** Stops at the first that is red: what comes after it would only repeat the same mistake at greater length. */
export async function check(): Promise<Counts> {
  for (const { heading, command } of looks) {
    say(`\n== ${heading}`);
    const { code } = await run(process.execPath, command, { cwd: root, show: true });
    if (code !== 0) return { ...nothingRan, failed: 1 };
  }
  say('\n== Unit tests');
  return runVitest(['units', 'screens']);
}

if (isProgram(import.meta.url)) {
  await runProgram(async () => {
    readOptions(usage, {});
    return (await check()).failed === 0 ? 0 : 1;
  });
}
