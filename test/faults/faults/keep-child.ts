import { makeContent, openTestOutbox } from '../../../electron/testing/outbox-room.ts';
import { readSigner } from './signer-file.ts';

/** Run under the layer: sends the first so many, those that are there already too, and ends: in order, or in the act. */
const [folder = '', key = '', count = '0', end = ''] = process.argv.slice(2);
const outbox = openTestOutbox(folder, { identity: readSigner(key) });
for (let number = 1; number <= Number(count); number += 1) {
  if (!outbox.keep(makeContent(number, 1_000), {}).ok) throw new Error('not kept');
  process.stdout.write(`kept ${number}\n`);
}
if (end === 'in the act') process.kill(process.pid, 'SIGKILL');
outbox.close();
