import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

/** What a generated folder was made from, and until when it may be used. Kept in it as `stamp.json`. */
const Stamp = z.object({ hash: z.string(), expires: z.iso.datetime() });

const renewBeforeMs = 30 * 24 * 3600 * 1000;
/** Longer than any build takes: a lock older than this was left by a process that died. */
const lockStaleMs = 120_000;

export type Recipe = {
  /** Changes when what goes in changes. */
  hash: string;
  /** A file without which the folder is of no use. */
  needs: string;
  /** Fills an empty folder; returns when the first thing in it expires. */
  make(folder: string): Promise<Date>;
};

function isFresh(folder: string, recipe: Recipe): boolean {
  try {
    const stamp = Stamp.parse(JSON.parse(readFileSync(path.join(folder, 'stamp.json'), 'utf8')));
    const lasts = Date.parse(stamp.expires) - Date.now() > renewBeforeMs;
    return stamp.hash === recipe.hash && lasts && existsSync(path.join(folder, recipe.needs));
  } catch {
    return false;
  }
}

/** Only one process builds; the others wait for it. Making a directory is atomic, so the directory is the lock. */
async function withLock(lock: string, work: () => Promise<void>): Promise<void> {
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
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/**
 * Makes `folder` by `recipe` unless it is fresh. Safe when several processes ask at once, and never half-written: what
 * is there is replaced by renaming, so a library that a process has loaded stays whole.
 */
export async function keepFresh(folder: string, recipe: Recipe): Promise<void> {
  if (isFresh(folder, recipe)) return;
  mkdirSync(path.dirname(folder), { recursive: true });
  await withLock(`${folder}.lock`, async () => {
    if (isFresh(folder, recipe)) return;
    const fresh = `${folder}.new-${randomUUID()}`;
    const old = `${folder}.old-${randomUUID()}`;
    try {
      mkdirSync(fresh);
      const expires = await recipe.make(fresh);
      writeFileSync(path.join(fresh, 'stamp.json'), JSON.stringify({ hash: recipe.hash, expires: expires.toISOString() }));
      if (existsSync(folder)) renameSync(folder, old);
      renameSync(fresh, folder);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
      rmSync(old, { recursive: true, force: true });
    }
  });
}
