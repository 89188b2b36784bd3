import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const longestWork = 45 * 60_000;
const tick = 200;

/**
 * One process at a time may hold the lock `folder`. Waits until it is free; `onWait` is called once when it is not.
 * Returns the function that frees it. A holder that died frees it too.
 *
 * The lock is a folder that is renamed into place with its owner already in it, as a file named after the owner. A
 * rename onto a folder that is not empty fails, so there is no moment at which a lock exists and nobody knows whose it
 * is. A lock is taken from its owner by deleting that one file, whose name no other owner has: who comes late deletes
 * nothing of the next owner's.
 */
export async function takeLock(folder, onWait = () => {}) {
  mkdirSync(dirname(folder), { recursive: true });
  const me = `${process.pid}.${Date.now()}.${Math.random().toString(36).slice(2)}`;
  const mine = `${folder}.${me}`;
  let told = false;
  for (;;) {
    mkdirSync(mine);
    writeFileSync(join(mine, me), '');
    try {
      renameSync(mine, folder);
      return () => free(folder, me);
    } catch {
      rmSync(mine, { recursive: true, force: true });
    }
    const owner = ownerOf(folder);
    if (owner === null || isGone(folder, owner)) {
      free(folder, owner);
      continue;
    }
    if (!told) onWait(Number.parseInt(owner, 10));
    told = true;
    await wait(tick);
  }
}

/** `null` when it was freed a moment ago. */
function ownerOf(folder) {
  try {
    return readdirSync(folder)[0] ?? null;
  } catch {
    return null;
  }
}

function isGone(folder, owner) {
  try {
    // After a restart of the machine another process may carry the number of one that is long gone.
    if (Date.now() - statSync(join(folder, owner)).mtimeMs > longestWork) return true;
    process.kill(Number.parseInt(owner, 10), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}

function free(folder, owner) {
  if (owner !== null) rmSync(join(folder, owner), { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // Gone already, or the next owner's.
  }
}
