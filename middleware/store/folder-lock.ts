import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { DatabaseUnavailable } from './database.ts';

/**
 * PGlite does not notice a second process in its folder and both would damage it. So a file beside it names the
 * process that has it; the file of a process that died (kill -9) is taken over.
 * @returns the function that gives the folder back
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'in-use-by');
  const lock = await lockFile(path);
  if (lock.ok) return lock.value;
  throw new DatabaseUnavailable(
    lock.error === null
      ? 'another process took its folder just now'
      : `another process (number ${lock.error}) uses its folder; stop that one first, or remove ${path} if it is not a middleware`,
  );
}

/** The file names the process that has it. Refuses with that process's number; null: it was taken this very moment. */
export async function lockFile(path: string): Promise<Result<() => Promise<void>, number | null>> {
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await createWith(path, String(process.pid))) return ok(() => rm(path, { force: true }));
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (Number.isInteger(owner) && owner > 0 && owner !== process.pid && isAlive(owner)) return refuse(owner);
    await rm(path, { force: true });
  }
  return refuse(null);
}

async function createWith(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
