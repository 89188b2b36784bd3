import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cache } from '../../../build/paths.ts';

const run = promisify(execFile);
const source = join(import.meta.dirname, '../unsynced.c');

/** Compiles `unsynced.c`. Null where there is no such layer: not Linux, or no C compiler. */
export async function buildUnsyncedLayer(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const hash = createHash('sha256').update(process.arch).update(readFileSync(source)).digest('hex').slice(0, 16);
  const library = join(cache, 'unsynced', `unsynced-${hash}.so`);
  if (existsSync(library)) return library;
  mkdirSync(join(cache, 'unsynced'), { recursive: true });
  // Made aside and renamed: two runs may begin at once.
  const aside = `${library}.${process.pid}`;
  const warnings = ['-Wall', '-Wextra', '-Wshadow', '-Wno-sign-conversion', '-Werror'];
  try {
    const flags = ['-std=gnu2x', '-O2', '-fPIC', '-D_GNU_SOURCE', ...warnings, '-shared', '-o', aside, source, '-ldl', '-lpthread'];
    await run(process.env.CC ?? 'cc', flags);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  renameSync(aside, library);
  return library;
}

/** What loads it into a process, for one folder. `kill`: see unsynced.c. */
export function underLayer(library: string, options: { folder: string; journal: string; lie: boolean; kill: string | null }) {
  return {
    LD_PRELOAD: library,
    UNSYNCED_FOLDER: options.folder,
    UNSYNCED_JOURNAL: options.journal,
    ...(options.lie ? { UNSYNCED_LIE: '1' } : {}),
    ...(options.kill === null ? {} : { UNSYNCED_KILL: options.kill }),
  };
}
