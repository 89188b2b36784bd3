import { chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepFolder } from '../../build/keeper.ts';

/** One folder in which everything lands that an app writes, so that afterwards all of it can be searched. */
export type RunFolder = {
  dir: string;
  /** The app's own data (`--data`). */
  data: string;
  /** Sends every habit of a desktop program (home, caches, temporary files) into the folder. */
  env: Record<string, string>;
};

export function makeRunFolder(
  options: { dir?: string | undefined; data?: string | undefined; owner?: { uid: number; gid: number } | null } = {},
): RunFolder {
  const dir = options.dir ?? makeOwnFolder();
  const data = options.data ?? join(dir, 'data');
  const folders = {
    HOME: 'home',
    XDG_CACHE_HOME: 'cache',
    XDG_CONFIG_HOME: 'config',
    XDG_DATA_HOME: 'share',
    XDG_RUNTIME_DIR: 'run',
    TMPDIR: 'tmp',
  };
  const env = Object.fromEntries(Object.entries(folders).map(([name, folder]) => [name, join(dir, folder)]));
  for (const path of [dir, data, ...Object.values(env)]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (options.owner) chownSync(path, options.owner.uid, options.owner.gid);
  }
  return { dir, data, env };
}

/** Stays until this process ends, so that whoever started the app can still search it. */
function makeOwnFolder(): string {
  return keepFolder(mkdtempSync(join(tmpdir(), 'loket-')));
}
