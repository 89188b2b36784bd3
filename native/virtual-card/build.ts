import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import { makeCards } from './make-cards.ts';

const run = promisify(execFile);

/** Raise it when the generated files change shape for a reason that the hashed sources do not show. */
const format = 1;

const here = import.meta.dirname;
const project = path.resolve(here, '../..');
const headers = path.join(project, 'node_modules/pkcs11js/includes/pkcs11');
export const builtFolder = path.join(project, '.cache/virtual-card');

/** The module to load, the test root (PEM) that its cards' National Register chains to, and the folder of the cards. */
export type VirtualCard = { module: string; root: string; cards: string };

const Stamp = z.object({ hash: z.string(), expires: z.iso.datetime() });

const renewBeforeMs = 30 * 24 * 3600 * 1000;
/** Longer than any build takes: a lock older than this was left by a process that died. */
const lockStaleMs = 120_000;

function sourceFiles(): string[] {
  const inFolder = (folder: string, ending: RegExp) =>
    readdirSync(path.join(here, folder))
      .filter((name) => ending.test(name) && !name.endsWith('.test.ts'))
      .sort()
      .map((name) => path.join(folder, name));
  return [...inFolder('.', /\.(ts|json)$/), ...inFolder('module', /\.[ch]$/), ...inFolder('photos', /\.jpg$/)];
}

function sourceHash(): string {
  const hash = createHash('sha256').update(`${format} ${process.platform} ${process.arch}\n`);
  for (const file of sourceFiles()) hash.update(`${file}\n`).update(readFileSync(path.join(here, file)));
  return hash.digest('hex');
}

function paths(folder: string): VirtualCard {
  const name = process.platform === 'darwin' ? 'libloket-virtual-card.dylib' : 'libloket-virtual-card.so';
  return { module: path.join(folder, name), root: path.join(folder, 'root.pem'), cards: path.join(folder, 'cards') };
}

function isFresh(folder: string, hash: string): boolean {
  try {
    const stamp = Stamp.parse(JSON.parse(readFileSync(path.join(folder, 'stamp.json'), 'utf8')));
    const lasts = Date.parse(stamp.expires) - Date.now() > renewBeforeMs;
    return stamp.hash === hash && lasts && existsSync(paths(folder).module);
  } catch {
    return false;
  }
}

/** libcrypto goes inside and stays hidden: Node and Electron bring another of the same names. */
async function libcrypto(compiler: string): Promise<string[]> {
  if (process.platform === 'darwin') {
    const { stdout } = await run('pkg-config', ['--cflags', '--libs', 'libcrypto']);
    return stdout.trim().split(/\s+/);
  }
  const { stdout } = await run(compiler, ['-print-file-name=libcrypto.a']);
  const found = stdout.trim();
  return [path.isAbsolute(found) ? found : '-lcrypto', '-lpthread', '-ldl'];
}

async function compile(out: string): Promise<void> {
  const compiler = process.env.CC ?? 'cc';
  const warnings = ['-Wall', '-Wextra', '-Werror'];
  const hardening = ['-fstack-protector-strong', '-D_FORTIFY_SOURCE=2'];
  const linker = process.platform === 'darwin' ? ['-dynamiclib'] : ['-shared', '-Wl,--exclude-libs,ALL', '-Wl,-z,nodelete', '-Wl,-z,defs'];
  const sources = readdirSync(path.join(here, 'module')).filter((name) => name.endsWith('.c'));
  const flags = ['-std=gnu2x', '-O2', '-fPIC', '-fvisibility=hidden', '-D_GNU_SOURCE', ...warnings, ...hardening, `-I${headers}`];
  const files = sources.map((name) => path.join(here, 'module', name));
  await run(compiler, [...flags, '-o', out, ...files, ...linker, ...(await libcrypto(compiler))]);
}

async function buildInto(folder: string, hash: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const [expires] = await Promise.all([makeCards(folder, path.join(here, 'photos')), compile(paths(folder).module)]);
  writeFileSync(path.join(folder, 'stamp.json'), JSON.stringify({ hash, expires: expires.toISOString() }));
}

/** Only one process builds; the others wait for it. Making a directory is atomic, so the directory is the lock. */
async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > lockStaleMs) rmSync(lock, { recursive: true, force: true });
      await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/**
 * Compiles the module and makes the cards when the sources, the personas or the certificates' dates ask for it.
 * Needs a C compiler and libcrypto's headers (libssl-dev). Safe when several processes call it at once: what is there
 * is replaced by renaming, so that nobody ever loads a half-written library.
 */
export async function buildVirtualCard(folder: string = builtFolder): Promise<VirtualCard> {
  const hash = sourceHash();
  if (isFresh(folder, hash)) return paths(folder);
  mkdirSync(path.dirname(folder), { recursive: true });
  return await withLock(`${folder}.lock`, async () => {
    if (isFresh(folder, hash)) return paths(folder);
    const fresh = `${folder}.new-${randomUUID()}`;
    const old = `${folder}.old-${randomUUID()}`;
    try {
      await buildInto(fresh, hash);
      if (existsSync(folder)) renameSync(folder, old);
      renameSync(fresh, folder);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
      rmSync(old, { recursive: true, force: true });
    }
    return paths(folder);
  });
}
