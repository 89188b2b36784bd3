import { closeSync, mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenOutbox } from '../outbox/open-outbox.ts';
import { makeContent, makeReceipt, makeSigner, openTestOutbox } from './outbox-room.ts';

/** Run on a very small disk: keeps until the disk is full, drains, starts anew on the full disk, frees room. Prints what happened. */
const disk = process.argv[2];
if (!disk) throw new Error('usage: keep-until-full.ts FOLDER');
const folder = join(disk, 'queue');
const filler = join(disk, 'filler');
const identity = makeSigner();
mkdirSync(folder, { recursive: true });
writeFileSync(filler, Buffer.alloc(3 * 1024 * 1024, 1));

let number = 0;
function keepOne(outbox: OpenOutbox) {
  number += 1;
  return outbox.keep(makeContent(number, 2_000), {});
}

/** Takes all that is left. */
function fill(): void {
  const descriptor = openSync(filler, 'a');
  try {
    for (const block = Buffer.alloc(4_096, 1); ; ) writeSync(descriptor, block);
  } catch {
    closeSync(descriptor);
  }
}

let outbox = openTestOutbox(folder, { identity });
const ballast = [1, 2].reduce((sum, piece) => sum + statSync(join(folder, `outbox.ballast-${piece}`)).size, 0);
let kept = 0;
let refusal = '';
while (refusal === '' && number < 5_000) {
  const result = keepOne(outbox);
  if (result.ok) kept += 1;
  else refusal = result.error;
}
const waitingWhenFull = outbox.countWaiting();
const probeWhenFull = outbox.probe();
const half = Math.floor(kept / 2);
for (let done = 1; done <= half; done += 1) outbox.markReceived(makeContent(done).txId, makeReceipt());
const waitingAfterDrain = outbox.countWaiting();
rmSync(filler);
const probeAfterRoom = outbox.probe();
const afterRoom = keepOne(outbox).ok;
outbox.close();

// The disk fills up while the app is not running: it starts on its ballast, and drains.
fill();
outbox = openTestOutbox(folder, { identity });
outbox.finishChecks();
for (let done = half + 1; done <= number; done += 1) outbox.markReceived(makeContent(done).txId, makeReceipt());
const left = outbox.countWaiting();
rmSync(filler);
const recovered = keepOne(outbox).ok;
outbox.finishChecks();
const losses = outbox.losses().length;
outbox.close();
process.stdout.write(
  `${JSON.stringify({ ballast, kept, refusal, waitingWhenFull, probeWhenFull, waitingAfterDrain, probeAfterRoom, afterRoom, left, recovered, losses })}\n`,
);
