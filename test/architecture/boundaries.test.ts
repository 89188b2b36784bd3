import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The nevers of the design, each planted once: the linter must refuse it. */
const planted: [string, string, string][] = [
  ['renderer', 'tsx', `import { app } from 'electron';\nexport const name = app;\n`],
  ['renderer', 'ts', `import { openOutbox } from '../electron/outbox/outbox.ts';\nexport const open = openOutbox;\n`],
  ['renderer', 'ts', `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`],
  ['renderer', 'tsx', `export const Hello = () => <p>Dag</p>;\n`],
  ['native', 'ts', `import { createLog } from '../electron/log.ts';\nexport const log = createLog;\n`],
  ['contract', 'ts', `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`],
  ['middleware', 'ts', `import { createLog } from '../electron/log.ts';\nexport const log = createLog;\n`],
  ['electron', 'ts', `import { createServer } from '../middleware/server.ts';\nexport const server = createServer;\n`],
];

function lint(path: string, source: string): string {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const run = spawnSync(process.execPath, [biome, 'lint', `--stdin-file-path=${path}`], { input: source, cwd: root, encoding: 'utf8' });
  return `${run.stdout}${run.stderr}`;
}

describe('the linter refuses', () => {
  it.each(planted)('%s/planted.%s: %s', (folder, extension, source) => {
    expect(lint(`${folder}/planted.${extension}`, source)).toMatch(/noRestrictedImports|noJsxLiterals/);
  });

  it('and has nothing against what is allowed', () => {
    const source = `import type { KioskView } from '../contract/view.ts';\nexport type View = KioskView;\n`;
    expect(lint('renderer/planted.ts', source)).not.toMatch(/noRestrictedImports|noJsxLiterals/);
  });
});

it('only main.ts constructs services', () => {
  const sources = globSync('electron/**/*.ts', { cwd: root }).filter((file) => !/\.test\.ts$|testing|demo/.test(file));
  const makers = new Set<string>();
  for (const file of sources) {
    for (const [, name] of readFileSync(join(root, file), 'utf8').matchAll(/^export function ((?:create|open)[A-Z]\w+)/gm)) {
      if (name) makers.add(name);
    }
  }
  expect(makers).toContain('openOutbox');
  // Pure makers of rules and files' own helpers are no services.
  for (const pure of ['createVisitStep', 'openDatabase']) makers.delete(pure);
  const callers = sources.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...makers]
      .filter((name) => new RegExp(`(?<!function )\\b${name}\\(`).test(text))
      .map((name) => `${relative(root, join(root, file))}: ${name}`);
  });
  expect(callers.filter((caller) => !caller.startsWith('electron/main.ts'))).toEqual([]);
});
