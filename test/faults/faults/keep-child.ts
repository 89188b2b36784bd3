import { makeContent, makeSigner, openTestOutbox } from '../../../electron/testing/outbox-room.ts';

/** Run under the layer: keeps as many as it is told, and ends. */
const [folder = '', count = '0'] = process.argv.slice(2);
const outbox = openTestOutbox(folder, { identity: makeSigner() });
for (let number = 1; number <= Number(count); number += 1) {
  if (!outbox.keep(makeContent(number, 1_000), {}).ok) throw new Error('not kept');
  process.stdout.write(`kept ${number}\n`);
}
outbox.close();
