import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeClock, makeContent, makeReceipt, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import type { OpenOutbox } from './open-outbox.ts';

const identity = makeSigner();
const all = { records: 100, bytes: 256 * 1024 };
const many = 700;
const lane = 'A'.repeat(22);
let folder: string;
let clock: ReturnType<typeof makeClock>;
let outbox: OpenOutbox;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-epoch-'));
  clock = makeClock();
  outbox = openTestOutbox(folder, { identity, clock });
  outbox.enterEpoch('e1');
});
afterEach(() => {
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function reopen(): void {
  outbox.close();
  outbox = openTestOutbox(folder, { identity, clock });
}

/** Kept and received, before this epoch; the last one waits, in the lane of the one before it. */
function fill(): void {
  for (let number = 1; number <= many; number += 1) {
    outbox.keep(makeContent(number), number >= many - 1 ? { lane } : {});
    if (number < many) outbox.markReceived(makeContent(number).txId, makeReceipt());
  }
  clock.moveTicks(61_000);
  expect(outbox.countWaiting()).toBe(1);
}

/** All that is handed out, each received before the next is asked for. */
function drainAll(): number[] {
  const sent: number[] = [];
  for (let next = outbox.next(all); next !== null; next = outbox.next(all)) {
    // What may go without waiting for a reply is what follows.
    const following = outbox.nextAfter(next, all)?.records[0].sequence ?? null;
    expect([null, next.records[0].sequence + next.records.length]).toContain(following);
    for (const { sequence, txId } of next.records) {
      sent.push(sequence);
      outbox.markReceived(txId, makeReceipt());
    }
  }
  return sent;
}

const everyOne = Array.from({ length: many }, (_, at) => at + 1);

it('a long queue waits again little by little, while other work goes on', async () => {
  fill();
  outbox.enterEpoch('e2');
  // One piece at once; the others between whatever else main does.
  expect(outbox.countWaiting()).toBeLessThan(many / 2);
  await vi.waitFor(() => expect(outbox.countWaiting()).toBe(many), 10_000);
});

it('meanwhile what waits goes, the oldest first, and nothing is overtaken or sent twice', () => {
  fill();
  outbox.enterEpoch('e2');
  expect(drainAll()).toEqual(everyOne);
  outbox.finishChecks();
  expect([outbox.countWaiting(), outbox.next(all)]).toEqual([0, null]);
});

it('what is kept meanwhile goes at once, unless something of its lane may still have to go before it', () => {
  fill();
  outbox.markReceived(makeContent(many).txId, makeReceipt());
  outbox.enterEpoch('e2');
  outbox.keep(makeContent(many + 1), {});
  expect(outbox.next(all)).toMatchObject({ kind: 'live', records: [{ sequence: many + 1 }] });
  outbox.keep(makeContent(many + 2), { lane });
  expect(outbox.next({ ...all, records: 1 })).toMatchObject({ kind: 'backlog', records: [{ sequence: 1 }] });
});

it('an export meanwhile has all of it, in order', () => {
  fill();
  outbox.enterEpoch('e2');
  expect([...outbox.waitingDeliveries(all)].flatMap(({ records }) => records.map(({ sequence }) => sequence))).toEqual(everyOne);
});

it('a crash in the middle goes on at the next start, and an epoch after that begins anew', () => {
  fill();
  outbox.enterEpoch('e2');
  reopen();
  expect(outbox.countWaiting()).toBeLessThan(many / 2);
  outbox.finishChecks();
  expect(outbox.countWaiting()).toBe(many);
  drainAll();
  outbox.enterEpoch('e3');
  reopen();
  outbox.enterEpoch('e4');
  outbox.finishChecks();
  expect(drainAll()).toEqual(everyOne);
  outbox.enterEpoch('e4');
  expect(outbox.countWaiting()).toBe(0);
});
