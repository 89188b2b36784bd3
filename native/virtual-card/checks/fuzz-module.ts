import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildVirtualCard } from '../control.ts';
import { writeSeeds } from './fuzz-seeds.ts';

/**
 * `node native/virtual-card/checks/fuzz-module.ts --seconds N [--seed S]`: the module under clang's libFuzzer and the
 * address and undefined-behaviour sanitizers. What it finds interesting is kept for the next run; an input that breaks the
 * module is kept in `found/`, and the exit code is 1.
 */
const here = import.meta.dirname;
const project = path.resolve(here, '../../..');
const kept = path.join(project, '.cache/fuzz-module');
const headers = path.join(project, 'node_modules/pkcs11js/includes/pkcs11');
const sanitizers = ['-fsanitize=fuzzer,address,undefined', '-fno-sanitize-recover=undefined'];

function canFuzz(folder: string): boolean {
  const source = path.join(folder, 'probe.c');
  writeFileSync(source, 'int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size) { return data == 0 && size == 1; }\n');
  return spawnSync('clang', [...sanitizers, '-o', path.join(folder, 'probe'), source], { stdio: 'ignore' }).status === 0;
}

function compile(program: string): void {
  const module = path.resolve(here, '../module');
  const sources = readdirSync(module).filter((name) => name.endsWith('.c'));
  const files = [path.join(here, 'fuzz.c'), ...sources.map((name) => path.join(module, name))];
  const flags = ['-std=gnu2x', '-g', '-O1', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', ...sanitizers, `-I${headers}`];
  const { status, stderr } = spawnSync('clang', [...flags, '-o', program, ...files, '-lcrypto', '-lpthread'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the module does not compile for the fuzzer:\n${stderr}`);
}

/** The module's folder is written at each input: in memory where the system has such a place. */
const quick = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

async function fuzz(options: { program: string; world: string; seconds: number; seed: number; seeds: string }): Promise<number> {
  const corpus = path.join(kept, 'corpus');
  const found = path.join(kept, 'found');
  for (const folder of [corpus, found]) mkdirSync(folder, { recursive: true });
  const limits = ['-max_len=16000', '-timeout=20', '-rss_limit_mb=2000', '-close_fd_mask=1', `-artifact_prefix=${found}/`];
  const args = [`-max_total_time=${options.seconds}`, `-seed=${options.seed}`, '-print_final_stats=1', ...limits, corpus, options.seeds];
  const child = spawn(options.program, args, {
    env: { ...process.env, LOKET_FUZZ_FOLDER: options.world },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  let said = '';
  for await (const chunk of child.stderr) said = (said + String(chunk)).slice(-60_000);
  const [code] = await ended;
  const runs = /number_of_executed_units: (\d+)/.exec(said)?.[1] ?? '?';
  const coverage = [...said.matchAll(/cov: (\d+)/g)].at(-1)?.[1] ?? '?';
  console.log(
    `seed ${options.seed}: ${runs} inputs, ${coverage} edges reached, ${code === 0 ? 'nothing found' : `found something, kept in ${found}`}`,
  );
  if (code !== 0) console.log(said.slice(-6_000));
  return code === 0 ? 0 : 1;
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } } });
const work = mkdtempSync(path.join(quick, 'loket-fuzz-'));
try {
  if (canFuzz(work)) {
    const { cards } = await buildVirtualCard();
    const program = path.join(work, 'fuzz');
    const seeds = path.join(work, 'seeds');
    compile(program);
    writeSeeds(seeds, cards, ['lotte', 'expired', 'finn', 'tesfay', 'maximiliaan']);
    process.exitCode = await fuzz({ program, world: work, seconds: Number(values.seconds), seed: Number(values.seed), seeds });
  } else {
    console.log('Skipped: this computer has no clang with libFuzzer (Debian: apt-get install clang libclang-rt-14-dev).');
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
