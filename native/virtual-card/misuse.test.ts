import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeSeeds } from './checks/fuzz-seeds.ts';
import { buildVirtualCard } from './control.ts';

const run = promisify(execFile);

test('misuse and cards full of noise: right answers and no memory error, under the sanitizers', async () => {
  const { cards } = await buildVirtualCard();
  const folder = mkdtempSync(path.join(tmpdir(), 'loket-misuse-'));
  try {
    const here = import.meta.dirname;
    const headers = path.join(here, '../../node_modules/pkcs11js/includes/pkcs11');
    const program = path.join(folder, 'misuse');
    const sources = readdirSync(path.join(here, 'module')).filter((name) => name.endsWith('.c'));
    const files = [
      ...sources.map((name) => path.join(here, 'module', name)),
      ...['misuse', 'fuzz'].map((name) => path.join(here, `checks/${name}.c`)),
    ];
    const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];
    const flags = ['-std=gnu2x', '-g', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', ...sanitizers, `-I${headers}`];
    await run(process.env.CC ?? 'cc', [...flags, '-o', program, ...files, '-lcrypto', '-lpthread', '-ldl']);
    mkdirSync(path.join(folder, 'reader'));
    cpSync(cards, path.join(folder, 'cards'), { recursive: true });
    const seeds = path.join(folder, 'seeds');
    writeSeeds(seeds, cards, ['lotte', 'expired']);
    const inputs = readdirSync(seeds).map((name) => path.join(seeds, name));
    const env = { ...process.env, LOKET_FUZZ_FOLDER: folder };
    const { stderr } = await run(program, [path.join(folder, 'reader'), path.join(folder, 'cards'), ...inputs], { env });
    expect(stderr).toBe('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
