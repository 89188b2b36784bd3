import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { OpenOutbox, OutboxOptions } from '../outbox/open-outbox.ts';
import { makeClock, makeContent, makeSigner, openTestOutbox } from './outbox-room.ts';

export const identity = makeSigner();
export const all = { records: 100, bytes: 256 * 1024 };
export const database = 'outbox.db';
export const log = 'outbox.db-wal';
export const head = 'outbox.head';

export let base: string;
export let folder: string;
export let clock: ReturnType<typeof makeClock>;
let opened: OpenOutbox[];
/** A folder for a queue that may be hurt, made anew for each test of the file that calls this. */
export function readyQueueFolder(): void {
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'loket-loss-'));
    folder = join(base, 'queue');
    clock = makeClock();
    opened = [];
  });
  afterEach(() => {
    for (const outbox of opened) outbox.close();
    rmSync(base, { recursive: true, force: true });
  });
}

export function open(options: Partial<OutboxOptions> = {}, at = folder): OpenOutbox {
  const outbox = openTestOutbox(at, { identity, clock, ...options });
  opened.push(outbox);
  return outbox;
}

export function close(outbox: OpenOutbox): void {
  opened = opened.filter((other) => other !== outbox);
  outbox.close();
}

export function keepMany(outbox: OpenOutbox, numbers: readonly number[], bytes = 0): void {
  for (const number of numbers) expect(outbox.keep(makeContent(number, bytes), {}).ok).toBe(true);
}

/** As a power cut leaves it: with the log, and nobody holding it. */
export function cutPower(outbox: OpenOutbox): void {
  const copy = join(base, 'copy');
  cpSync(folder, copy, { recursive: true });
  close(outbox);
  rmSync(folder, { recursive: true });
  cpSync(copy, folder, { recursive: true });
  rmSync(copy, { recursive: true });
}

export const waiting = (outbox: OpenOutbox) => [...outbox.waitingDeliveries(all)].flatMap(({ records }) => records);
export const numbersOf = (outbox: OpenOutbox) => waiting(outbox).map(({ txId }) => Number(txId.slice(-12)));
export const stated = (outbox: OpenOutbox) => outbox.losses().map(({ claims }) => claims);
