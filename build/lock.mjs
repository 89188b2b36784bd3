import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const longestWork = 45 * 60_000;
const tick = 200;

/**
 * One process at a time may hold the lock `folder`. Waits until it is free; `onWait` is called once when it is not.
 * Returns the function that frees it. A holder that died frees it too.
 *
 * The lock is a folder that is renamed into place with its owner already written in it, because a rename onto a folder
 * that is not empty fails: there is no moment at which a lock exists and nobody knows whose it is.
 */
export async function takeLock(folder, onWait = () => {}) {
  mkdirSync(dirname(folder), { recursive: true });
  const mine = `${folder}.${process.pid}.${Date.now()}`;
  let told = false;
  for (;;) {
    mkdirSync(mine);
    writeFileSync(join(mine, 'pid'), String(process.pid));
    try {
      renameSync(mine, folder);
      return () => rmSync(folder, { recursive: true, force: true });
    } catch {
      rmSync(mine, { recursive: true, force: true });
    }
    if (isAbandoned(folder)) {
      breakLock(folder, mine);
      continue;
    }
    if (!told) onWait(ownerOf(folder));
    told = true;
    await wait(tick);
  }
}

function ownerOf(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8')) || null;
  } catch {
    return null;
  }
}

function isAbandoned(folder) {
  const owner = ownerOf(folder);
  // No owner: it was freed a moment ago, and the next try takes it.
  if (owner === null) return false;
  try {
    // After a restart of the machine another process may carry the number of one that is long gone.
    if (Date.now() - statSync(folder).mtimeMs > longestWork) return true;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Two waiters may both see a dead owner. Whoever moves away a lock that a living process has just taken puts it back. */
function breakLock(folder, mine) {
  const aside = `${mine}.broken`;
  try {
    renameSync(folder, aside);
  } catch {
    return;
  }
  if (isAbandoned(aside)) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, folder);
}
