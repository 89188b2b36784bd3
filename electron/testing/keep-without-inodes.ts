import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeContent, makeSigner, openTestOutbox } from './outbox-room.ts';

/** Run on a disk that holds few files: takes all of them away, keeps, and starts anew. Prints what happened. */
const disk = process.argv[2];
if (!disk) throw new Error('usage: keep-without-inodes.ts FOLDER');
const folder = join(disk, 'queue');
const identity = makeSigner();
mkdirSync(folder);
const first = openTestOutbox(folder, { identity });
first.keep(makeContent(1), {});
takeAllFiles();
const kept = first.keep(makeContent(2), {}).ok;
first.close();
takeAllFiles();
const again = openTestOutbox(folder, { identity });
again.finishChecks();
process.stdout.write(`${JSON.stringify({ kept, started: true, waiting: again.countWaiting(), losses: again.losses().length })}\n`);
again.close();

function takeAllFiles(): void {
  try {
    for (let number = 0; ; number += 1) writeFileSync(join(disk ?? '', `file-${Date.now()}-${number}`), '');
  } catch {
    // No room for one more.
  }
}
