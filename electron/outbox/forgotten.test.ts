import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeClock, makeContent, makeReceipt, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import type { OpenOutbox } from './open-outbox.ts';

const identity = makeSigner();
const all = { records: 100, bytes: 256 * 1024 };
let folder: string;
let clock: ReturnType<typeof makeClock>;
let outbox: OpenOutbox;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-forgotten-'));
  clock = makeClock();
  outbox = openTestOutbox(folder, { identity, clock });
  outbox.enterEpoch('e1');
});
afterEach(() => {
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function keep(from: number, to: number): void {
  for (let number = from; number <= to; number += 1) outbox.keep(makeContent(number), {});
  clock.moveTicks(61_000);
}
function receive(...numbers: number[]): void {
  for (const number of numbers) outbox.markReceived(makeContent(number).txId, makeReceipt());
}
const tell = (linked: number, generation = outbox.head().generation) => outbox.noticeForgotten([{ generation, linked }]);
const waiting = () => outbox.next(all)?.records.map(({ sequence }) => sequence) ?? [];

describe('a middleware that lacks what it gave a receipt for', () => {
  it('gets that and all behind it again', () => {
    keep(1, 5);
    receive(1, 2, 3, 4);
    tell(2);
    expect(waiting()).toEqual([3, 4, 5]);
  });

  it('gets it once for the same word, and again when it has forgotten more', () => {
    keep(1, 3);
    receive(1, 2, 3);
    tell(2);
    receive(3);
    tell(2);
    expect(waiting()).toEqual([]);
    tell(1);
    expect(waiting()).toEqual([2, 3]);
  });

  it('gets so much at one look, and the rest at the next', () => {
    const many = 1_300;
    keep(1, many);
    for (let from = 1; from <= many; from += 100) {
      const txIds = Array.from({ length: 100 }, (_, at) => makeContent(from + at).txId);
      outbox.markAllReceived([{ txIds, receipt: { ...makeReceipt(), proofs: { leaves: Buffer.alloc(100 * 32) } } }]);
    }
    tell(0);
    expect(outbox.countWaiting()).toBe(1_000);
    for (let number = 1; number <= 1_000; number += 1) receive(number);
    tell(1_000);
    expect(outbox.countWaiting()).toBe(300);
  });

  it('hears again what was laid aside there', () => {
    keep(1, 3);
    const second = makeContent(2);
    outbox.markStuck(second.txId, 'invalid');
    const { generation } = outbox.head();
    outbox.decide(second.reference, 'aside');
    receive(1, 3);
    for (const { id } of outbox.losses()) outbox.markLossHeard(id);
    tell(1, generation);
    expect(outbox.losses()).toHaveLength(1);
    expect(waiting()).toEqual([3]);
  });
});

describe('nothing is sent again', () => {
  it('when it has all that it gave receipts for', () => {
    keep(1, 3);
    receive(1, 2);
    tell(2);
    expect(waiting()).toEqual([3]);
  });

  it('when what it gave receipts for is held: of that it tells no place', () => {
    keep(1, 2);
    for (const number of [1, 2]) outbox.markReceived(makeContent(number).txId, { ...makeReceipt(), held: true });
    tell(0);
    expect(waiting()).toEqual([]);
  });

  it('when what came first had been kept later', () => {
    keep(1, 3);
    receive(3);
    tell(0);
    expect(waiting()).toEqual([1, 2]);
  });

  it('while it has not heard of what is gone', () => {
    keep(1, 3);
    outbox.markStuck(makeContent(2).txId, 'invalid');
    const { generation } = outbox.head();
    outbox.decide(makeContent(2).reference, 'aside');
    receive(1, 3);
    tell(1, generation);
    expect([waiting(), outbox.losses().length]).toEqual([[], 1]);
  });
});
