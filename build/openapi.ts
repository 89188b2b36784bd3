import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOpenApi } from '../contract/openapi/build.ts';
import { root } from './paths.ts';
import { readOptions } from './read-options.ts';
import { runOrStop, runProgram, say } from './run.ts';

const usage = `npm run openapi

Writes contract/middleware.openapi.json, the published document, from the contract. It takes no options.`;

/** A test fails when this was forgotten (contract/openapi.test.ts). */
await runProgram(async () => {
  readOptions(usage, {});
  const file = join(root, 'contract/middleware.openapi.json');
  await writeFile(file, `${JSON.stringify(buildOpenApi(), null, 2)}\n`);
  // The formatter's hand, so that `npm run check` and this agree about line breaks.
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  await runOrStop('The document could not be formatted.', process.execPath, [biome, 'format', '--write', file], { cwd: root });
  say('Written: contract/middleware.openapi.json.');
  return 0;
});
