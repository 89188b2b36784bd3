import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeContent, makeSigner, openTestOutbox } from './outbox-room.ts';

/** Run on a disk of its own, which it makes read-only and writable again. Prints what happened. */
const disk = process.argv[2];
if (!disk) throw new Error('usage: start-read-only.ts FOLDER');
const folder = join(disk, 'queue');
const identity = makeSigner();
mkdirSync(folder);
const first = openTestOutbox(folder, { identity });
for (const number of [1, 2]) first.keep(makeContent(number), {});
first.close();

const bytes = () => readdirSync(folder).map((name) => `${name} ${readFileSync(join(folder, name)).toString('base64')}`);
const before = bytes();
execFileSync('mount', ['-o', 'remount,ro', disk]);
let refused = false;
try {
  openTestOutbox(folder, { identity }).close();
} catch {
  refused = true;
}
const same = JSON.stringify(bytes()) === JSON.stringify(before);
execFileSync('mount', ['-o', 'remount,rw', disk]);
const again = openTestOutbox(folder, { identity });
again.finishChecks();
process.stdout.write(`${JSON.stringify({ refused, same, waiting: again.countWaiting(), losses: again.losses().length })}\n`);
again.close();
