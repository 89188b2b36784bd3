import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The nevers of the design, each planted once: the linter must refuse it. */
const planted: [string, string, string][] = [
  ['renderer', 'tsx', `import { app } from 'electron';\nexport const name = app;\n`],
  ['renderer', 'ts', `import { openOutbox } from '../electron/outbox/outbox.ts';\nexport const open = openOutbox;\n`],
  ['renderer', 'ts', `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`],
  ['renderer', 'tsx', `export const Hello = () => <p>Dag</p>;\n`],
  ['native', 'ts', `import { createLog } from '../electron/log.ts';\nexport const log = createLog;\n`],
  ['contract', 'ts', `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`],
  ['contract', 'ts', `import { createLog } from '../electron/log.ts';\nexport const log = createLog;\n`],
  ['contract', 'ts', `import { Ajv2020 } from 'ajv/dist/2020.js';\nexport const ajv = Ajv2020;\n`],
  ['native', 'ts', `import { root } from '../build/paths.ts';\nexport const top = root;\n`],
  ['electron', 'ts', `import { root } from '../build/paths.ts';\nexport const top = root;\n`],
  ['middleware', 'ts', `import { createLog } from '../electron/log.ts';\nexport const log = createLog;\n`],
  ['electron', 'ts', `import { createServer } from '../middleware/server.ts';\nexport const server = createServer;\n`],
];

const allowed = `import type { KioskView } from '../contract/view.ts';\nexport type View = KioskView;\n`;

/** Lints all plants at once, in a house of their own with the same configuration. Answers which files broke a boundary. */
function lintPlants(): Set<string> {
  const house = mkdtempSync(join(tmpdir(), 'loket-house-'));
  try {
    copyFileSync(join(root, 'biome.json'), join(house, 'biome.json'));
    const sources: [string, string][] = [...planted.map(([, , source], index): [string, string] => [plantName(index), source])];
    for (const [file, source] of [...sources, ['renderer/allowed.ts', allowed] as const]) {
      mkdirSync(join(house, dirname(file)), { recursive: true });
      writeFileSync(join(house, file), source);
    }
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    const run = spawnSync(process.execPath, [biome, 'lint', '--vcs-enabled=false', '--reporter=github', '.'], {
      cwd: house,
      encoding: 'utf8',
    });
    const found = run.stdout.matchAll(/title=lint\/style\/(?:noRestrictedImports|noJsxLiterals),file=([^,]+)/g);
    return new Set([...found].map(([, file]) => relative(house, file ?? '')));
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
}

function plantName(index: number): string {
  const [folder, extension] = planted[index] ?? [];
  return `${folder}/planted-${index}.${extension}`;
}

it('the linter refuses each of them, and has nothing against what is allowed', () => {
  expect([...lintPlants()].sort()).toEqual(planted.map((_, index) => plantName(index)).sort());
});

/** Where the app is put together. */
const isWiring = (file: string) => file === 'electron/main.ts' || file.startsWith('electron/wiring/');

it('only main.ts and its rooms construct services', () => {
  const sources = globSync('electron/**/*.ts', { cwd: root }).filter((file) => !/\.test\.ts$|testing|demo|\/fake-/.test(file));
  const subjectOf = (file: string) => file.split('/')[1];
  const makers = new Map<string, string | undefined>();
  for (const file of sources) {
    for (const [, name] of readFileSync(join(root, file), 'utf8').matchAll(/^export function ((?:create|open)[A-Z]\w+)/gm)) {
      if (name) makers.set(name, subjectOf(file));
    }
  }
  expect([...makers.keys()]).toContain('openOutbox');
  makers.delete('openDatabase');
  const callers = sources.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    // What a subject makes for itself is a part of it; what another subject needs is a service, and comes from main.
    const foreign = [...makers].filter(([, subject]) => subject !== subjectOf(file));
    return foreign.filter(([name]) => new RegExp(`(?<!function )\\b${name}\\(`).test(text)).map(([name]) => `${file}: ${name}`);
  });
  expect(callers.filter((caller) => !isWiring(caller.split(':')[0] ?? ''))).toEqual([]);
});

it('the rooms are main.ts’s alone: whoever needs a service is given it', () => {
  const users = globSync('{electron,native,contract,renderer,middleware,test}/**/*.{ts,tsx}', { cwd: root })
    .filter((file) => /from '[^']*\bwiring\//.test(readFileSync(join(root, file), 'utf8')))
    .filter((file) => !isWiring(file));
  expect(users).toEqual([]);
});

it('IPC has one door in, and a sight out for each page', () => {
  const uses = (word: RegExp) =>
    globSync('electron/**/*.ts', { cwd: root }).filter((file) => word.test(readFileSync(join(root, file), 'utf8')));
  expect(uses(/ipcMain\b/)).toEqual(['electron/windows/answer-ipc.ts']);
  expect(uses(/webContents\.send\(/).sort()).toEqual([
    'electron/demo/open-dock.ts',
    'electron/windows/page-over.ts',
    'electron/wiring/open-pages.ts',
  ]);
});
