import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepFolder } from '../../build/keeper.ts';
import { type Bench, fewestRounds } from './rows.ts';
import { compareCatchUp } from './sync/catch-up.ts';
import { compareEnqueue } from './sync/enqueue.ts';
import { openStand } from './sync/stand.ts';

/**
 * The terminal's queue and its way to the middleware: the project's own outbox, sync and middleware, each in a process of
 * its own on this Node, against what anybody would write by hand without seals, chain and receipts, and against PouchDB.
 */
export const bench: Bench = async ({ rounds, say }) => {
  const folder = keepFolder(mkdtempSync(join(tmpdir(), 'loket-bench-')));
  const stand = await openStand(folder);
  try {
    say(`Terminal and servers run on Node ${process.versions.node}; the middleware on ${stand.store}.`);
    const parts = { stand, folder, rounds: Math.max(rounds, fewestRounds), say };
    return [...(await compareEnqueue(parts)), ...(await compareCatchUp(parts))];
  } finally {
    await stand.close();
    await rm(folder, { recursive: true, force: true });
  }
};
