import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeContent, openTestOutbox } from '../../../electron/testing/outbox-room.ts';
import { createChance } from '../yank/chance.ts';
import { type Disk, readDisk, writeDisk } from './power-cut.ts';
import { readSigner } from './signer-file.ts';
import { buildUnsyncedLayer, underLayer } from './unsynced-layer.ts';

const layer = await buildUnsyncedLayer();
const onLayer = test.skipIf(layer === null);

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'loket-power-cut-'));
  folder = join(base, 'queue');
  mkdirSync(folder);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

type Under = { lie?: boolean; kill?: string | null; disk?: Disk; end?: 'in order' | 'in the act' };

/** Keeps records in `folder` under the layer; the disk as it was told, and how many were said to be kept. */
async function keepUnderLayer(count: number, { lie = false, kill = null, disk = readDisk(folder), end = 'in order' }: Under = {}) {
  rmSync(join(base, 'journal'), { force: true });
  const journal = join(base, 'journal');
  const env = { ...process.env, ...underLayer(layer ?? '', { folder, journal, lie, kill }) };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'keep-child.ts'), folder, join(base, 'key'), String(count), end], {
    env,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const [, signal] = await once(child, 'close');
  disk.follow(readFileSync(journal));
  return { disk, signal, kept: said.split('\n').length - 1 };
}

function headsAfter(disk: Disk, cuts: number): number[] {
  return Array.from({ length: cuts }, (_, seed) => {
    writeDisk(join(base, 'cut'), disk.cut(createChance(seed)));
    const bytes = readFileSync(join(base, 'cut', 'outbox.head')).toString('latin1');
    return Math.max(-1, ...[...bytes.matchAll(/"sequence":(\d+)/g)].map(([, sequence]) => Number(sequence)));
  });
}

onLayer('sees every change of the folder: what it wrote down is what lies there', async () => {
  const { disk, signal } = await keepUnderLayer(5);
  expect(signal).toBe(null);
  const written = disk.written();
  expect([...written.keys()].sort()).toEqual(readdirSync(folder).sort());
  for (const [name, content] of written) expect([name, content.equals(readFileSync(join(folder, name)))]).toEqual([name, true]);
});

onLayer('ends the process at the call that it is told', async () => {
  const { signal, kept } = await keepUnderLayer(50, { kill: 'sync:20:after' });
  expect(signal).toBe('SIGKILL');
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(50);
});

onLayer('what was synced is there after any power cut, and of the rest some is and some is not', async () => {
  const { disk, kept } = await keepUnderLayer(8, { kill: 'sync:25:before' });
  const heads = headsAfter(disk, 40);
  expect(Math.min(...heads)).toBeGreaterThanOrEqual(kept);
  const images = Array.from({ length: 40 }, (_, seed) => Buffer.concat([...disk.cut(createChance(seed)).values()]).toString('base64'));
  expect(new Set(images).size).toBeGreaterThan(3);
});

onLayer('a disk that lies keeps less than was told', async () => {
  const { disk } = await keepUnderLayer(8, { lie: true, kill: 'sync:26:after' });
  const names = Array.from({ length: 20 }, (_, seed) => disk.cut(createChance(seed)).has('outbox.head'));
  expect(names).toContain(false);
});

const callsOfTheFirstStart = ['open:3', 'write:6', 'sync:3', 'sync:5', 'sync:6', 'sync:7', 'sync:9', 'unlink:1', 'unlink:2'];

onLayer.each(callsOfTheFirstStart)('a queue that was killed at %s while it was first made opens, and keeps', async (call) => {
  const { signal } = await keepUnderLayer(0, { kill: `${call}:before` });
  expect(signal).toBe('SIGKILL');
  const outbox = openTestOutbox(folder, { identity: readSigner(join(base, 'key')) });
  expect(outbox.keep(makeContent(1), {}).ok).toBe(true);
  outbox.finishChecks();
  expect(outbox.losses()).toEqual([]);
  outbox.close();
});

/** Of the third record, counted from the process's start: the log's sync, then the head's. */
const syncsOfTheThird = ['sync:22', 'sync:23', 'sync:24', 'sync:25'];

onLayer.each(syncsOfTheThird)('killed at %s, sent once more, told, and then the power goes: it is there', async (call) => {
  const first = await keepUnderLayer(8, { kill: `${call}:before` });
  expect(first.signal).toBe('SIGKILL');
  const again = await keepUnderLayer(first.kept + 1, { disk: first.disk, end: 'in the act' });
  expect(again.kept).toBe(first.kept + 1);
  expect(Math.min(...headsAfter(first.disk, 30))).toBeGreaterThanOrEqual(again.kept);
  for (let seed = 0; seed < 10; seed += 1) {
    writeDisk(join(base, 'cut'), first.disk.cut(createChance(seed)));
    const outbox = openTestOutbox(join(base, 'cut'), { identity: readSigner(join(base, 'key')) });
    outbox.finishChecks();
    expect(outbox.losses()).toEqual([]);
    expect(outbox.countWaiting()).toBe(again.kept);
    outbox.close();
  }
});
