import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cache, root } from '../../../build/paths.ts';
import { run } from '../../../build/run.ts';

/** PouchDB and its server, in the versions of their own lock file; they are fetched here once and are no part of the app. */
const source = join(root, 'test/bench/peers/pouchdb');
export const pouchFolder = join(cache, 'bench/pouchdb');

/** Null when they are there; else a sentence that says why not. The next run tries again. */
export async function readyPouch(say: (sentence: string) => void, folder = pouchFolder, env = process.env): Promise<string | null> {
  const lock = await readFile(join(source, 'package-lock.json'), 'utf8');
  const stamp = join(folder, 'stamp');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === lock) return null;
  say('Fetching PouchDB and its server from the npm registry, once.');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) await cp(join(source, file), join(folder, file));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Its database comes compiled; no script of any of these packages is run.
  const args = ['ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run(npm, args, { cwd: folder, env, timeoutMs: 10 * 60_000 });
  if (code === null) return `PouchDB is fetched with npm, which cannot be started here (${output.trim()}). It comes with Node.`;
  if (code !== 0) return `PouchDB could not be fetched from the npm registry: ${output.trim().split('\n').at(-1) ?? 'npm says nothing'}`;
  await writeFile(stamp, lock);
  return null;
}
