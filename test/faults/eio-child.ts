import { rmSync, writeFileSync } from 'node:fs';
import { makeContent, makeSigner, openTestOutbox } from '../../electron/testing/outbox-room.ts';

/**
 * Run under the layer of eio.c: keeps one record after the other while the disk fails at the first call of a keeping, at the
 * second, and so on; each time once more when it works again. Says what was kept, and what is there after a new start.
 */
const [folder = '', from = '', calls = '0'] = process.argv.slice(2);
const identity = makeSigner();
const outbox = openTestOutbox(folder, { identity });
const kept: string[] = [];
const refused: { call: number; error: string }[] = [];
for (let call = 1; call <= Number(calls); call += 1) {
  writeFileSync(from, String(call));
  const content = makeContent(call, 1_000);
  const first = outbox.keep(content, {});
  rmSync(from);
  if (!first.ok) refused.push({ call, error: first.error });
  const again = first.ok ? first : outbox.keep(content, {});
  if (!again.ok) throw new Error(`not kept when the disk worked again, after call ${call}: ${again.error}`);
  kept.push(content.txId);
}
outbox.close();
const anew = openTestOutbox(folder, { identity });
anew.finishChecks();
const found = [...anew.waitingDeliveries({ records: 100, bytes: 1_000_000 })].flatMap(({ records }) => records.map(({ txId }) => txId));
process.stdout.write(JSON.stringify({ kept, refused, found, losses: anew.losses() }));
anew.close();
