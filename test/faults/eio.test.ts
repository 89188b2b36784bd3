import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const compiler = process.env.CC ?? 'cc';
const hasLayer = process.platform === 'linux' && spawnSync(compiler, ['--version']).status === 0;

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'loket-eio-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

test.skipIf(!hasLayer)('a write that fails in the middle of a keeping: refused, and kept when the disk works again', () => {
  const layer = join(base, 'eio.so');
  const flags = ['-std=gnu2x', '-O2', '-fPIC', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-shared'];
  execFileSync(compiler, [...flags, '-o', layer, join(import.meta.dirname, 'eio.c'), '-ldl']);
  const [folder, from] = [join(base, 'queue'), join(base, 'from')];
  mkdirSync(folder);
  const env = { ...process.env, LD_PRELOAD: layer, EIO_FOLDER: folder, EIO_FROM: from };
  const calls = 20;
  const child = join(import.meta.dirname, 'eio-child.ts');
  const said = JSON.parse(execFileSync(process.execPath, [child, folder, from, String(calls)], { env, encoding: 'utf8' }));
  // The first calls of a keeping are its log's and its head's: a keeping that went on over one of them would be a promise on nothing.
  expect(said.refused.length).toBeGreaterThan(2);
  expect(said.refused.length).toBeLessThan(calls);
  expect(new Set(said.refused.map(({ error }: { error: string }) => error))).toEqual(new Set(['storage_failed']));
  expect(said.found.toSorted()).toEqual(said.kept.toSorted());
  expect(said.losses).toEqual([]);
});
