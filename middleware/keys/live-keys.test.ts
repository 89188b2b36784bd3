import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReceiptHead } from '../../contract/receipt.ts';
import { type LiveKeys, openLiveKeys } from './live-keys.ts';
import { makeKeysFile } from './make-keys.ts';
import { rotateKeys } from './rotate.ts';
import { watchKeys } from './watch-keys.ts';

const start = new Date('2026-11-20T10:00:00.000Z');
const day = 86_400_000;
const head: ReceiptHead = {
  terminal: 'kiosk-1',
  root: 'A'.repeat(43),
  size: 1,
  receivedAt: start.toISOString(),
  epoch: 'e',
  log: { sequence: 1, previous: null },
};
let folder: string;
let path: string;
let clock: Date;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-live-'));
  path = join(folder, 'keys.json');
  clock = start;
  await writeFile(path, JSON.stringify(makeKeysFile(start)), { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function open(): Promise<LiveKeys> {
  const keys = await openLiveKeys(path, () => clock);
  if (!keys.ok) throw new Error(keys.error);
  return keys.value;
}

const kidOf = (receipt: string): string => JSON.parse(Buffer.from(receipt.split('.')[0] ?? '', 'base64url').toString()).kid;

test('two instances each come to know a rotation, and use the new receipt key when its time has come', async () => {
  const instances = [await open(), await open()];
  const before = instances[0]?.receiptKey.id;
  const rotated = await rotateKeys(path, null, clock);
  if (!rotated.ok) throw new Error(rotated.error);
  const { seal = '', receipt } = rotated.value.ids;
  for (const keys of instances) {
    expect([keys.keySet.set.serial, keys.knowsSealKey(seal)]).toEqual([1, false]);
    expect([await keys.refresh(), await keys.refresh()]).toEqual(['new', 'same']);
    expect([keys.keySet.set.serial, keys.knowsSealKey(seal), keys.opening.keyIds.length]).toEqual([2, true, 2]);
    expect([keys.bundleKeys.length, keys.keySet.jws.split('.').length]).toEqual([2, 3]);
    clock = new Date(start.getTime() + day - 1);
    expect([keys.receiptKey.id, kidOf(keys.signReceipt(head))]).toEqual([before, before]);
    clock = new Date(start.getTime() + day);
    expect([keys.receiptKey.id, kidOf(keys.signReceipt(head))]).toEqual([receipt, receipt]);
  }
});

test.each<[string, () => Promise<void>]>([
  ['gone', () => rm(path)],
  ['no file of keys', () => writeFile(path, '{')],
  ['of another middleware', () => writeFile(path, JSON.stringify({ ...makeKeysFile(start), serial: 9 }))],
])('a file that is %s changes nothing, and is said once', async (_what, change) => {
  const keys = await open();
  const said: string[] = [];
  let uptime = 0;
  const watch = watchKeys(keys, { log: { warn: (_fields, event) => said.push(event) }, uptime: () => uptime });
  const { jws } = keys.keySet;
  await change();
  for (; uptime < 100_000; uptime += 20_000) await watch.look();
  expect([await keys.refresh(), keys.keySet.jws === jws, said]).toEqual(['refused', true, ['keys_not_taken']]);
  watch.stop();
});

test('an older file of this middleware is not taken: terminals take no older set either', async () => {
  const old = makeKeysFile(start);
  await writeFile(path, JSON.stringify({ ...old, serial: 5 }));
  const keys = await open();
  await writeFile(path, JSON.stringify({ ...old, serial: 4, issuedAt: new Date(0).toISOString() }));
  expect([await keys.refresh(), keys.keySet.set.serial]).toEqual(['refused', 5]);
});

test('who names keys that nobody has makes nobody read all day', async () => {
  let read = 0;
  const refresh = async () => {
    read++;
    return 'same' as const;
  };
  const keys = { refresh };
  let uptime = 0;
  const watch = watchKeys(keys, { log: { warn: () => undefined }, uptime: () => uptime });
  for (; uptime < 60_000; uptime += 100) await watch.look();
  expect(read).toBe(6);
  watch.stop();
});
