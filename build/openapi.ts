import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildOpenApi } from '../contract/openapi/build.ts';

/** Writes the published document. A test fails when it was forgotten (contract/openapi.test.ts). */
const file = fileURLToPath(new URL('../contract/middleware.openapi.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(buildOpenApi(), null, 2)}\n`);

// The formatter's hand, so that `npm run check` and this agree about line breaks.
const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));
const formatted = spawnSync(process.execPath, [biome, 'format', '--write', file], { stdio: ['ignore', 'ignore', 'inherit'] });
if (formatted.status !== 0) throw new Error('the formatter failed');
process.stdout.write('wrote contract/middleware.openapi.json\n');
