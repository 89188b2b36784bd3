import { describe, expect, it } from 'vitest';
import { createPacing, type Moment } from './pacing.ts';

const pace = { retryBaseMs: 2_000, retryCapMs: 300_000, healthMs: 30_000 };
const idle: Omit<Moment, 'at'> = { live: false, backlog: false };
const backlog: Omit<Moment, 'at'> = { live: false, backlog: true };
const live: Omit<Moment, 'at'> = { live: true, backlog: false };

/** `random` at its end: the longest wait there is. */
const create = (random = 1) => createPacing(pace, () => random);

/** One that has looked once and heard nothing of slots. */
function createMet(random = 1) {
  const pacing = create(random);
  pacing.next({ at: 0, ...idle });
  pacing.came({ came: 'news', slotInMs: null }, 0);
  return pacing;
}

describe('the first request of all', () => {
  it('looks, even when somebody waits: what is sent before queues were compared could be a second of its place', () => {
    expect(create().next({ at: 0, live: true, backlog: true })).toEqual({ go: 'look', ask: true });
    expect(createMet().next({ at: 0, live: true, backlog: true })).toEqual({ go: 'live' });
  });

  it('asks for a slot only when a backlog waits', () => {
    expect(create().next({ at: 0, ...idle })).toEqual({ go: 'look', ask: false });
    expect(create().next({ at: 0, ...backlog })).toEqual({ go: 'look', ask: true });
  });
});

describe('a backlog', () => {
  it('goes when its slot has come, and not before', () => {
    const pacing = create();
    pacing.next({ at: 0, ...backlog });
    pacing.came({ came: 'news', slotInMs: 90_000 }, 10);
    expect(pacing.next({ at: 11, ...backlog })).toEqual({ inMs: 89_999 });
    expect(pacing.next({ at: 90_010, ...backlog })).toEqual({ go: 'backlog' });
  });

  it('goes at once where no slot is needed, and on as the reply says', () => {
    const pacing = create();
    pacing.next({ at: 0, ...backlog });
    pacing.came({ came: 'news', slotInMs: null }, 0);
    expect(pacing.next({ at: 0, ...backlog })).toEqual({ go: 'backlog' });
    pacing.came({ came: 'delivered', kind: 'backlog', slotInMs: 0 }, 5);
    expect(pacing.next({ at: 5, ...backlog })).toEqual({ go: 'backlog' });
    pacing.came({ came: 'delivered', kind: 'backlog', slotInMs: 700 }, 9);
    expect(pacing.next({ at: 10, ...backlog })).toEqual({ inMs: 699 });
  });

  it('keeps its slot while somebody who waits is served', () => {
    const pacing = createMet();
    pacing.came({ came: 'not_now', inMs: 60_000 }, 0);
    pacing.hurry();
    expect(pacing.next({ at: 5, live: true, backlog: true })).toEqual({ go: 'live' });
    pacing.came({ came: 'delivered', kind: 'live', slotInMs: null }, 6);
    expect(pacing.next({ at: 10, ...backlog })).toEqual({ inMs: 59_990 });
  });

  it('does not look every half minute while a region waits for its slots', () => {
    const pacing = create();
    pacing.next({ at: 0, ...backlog });
    pacing.came({ came: 'news', slotInMs: 3_600_000 }, 0);
    expect(pacing.next({ at: 60_000, ...backlog })).toEqual({ inMs: 1_740_000 });
    expect(pacing.next({ at: 1_800_000, ...backlog })).toEqual({ go: 'look', ask: true });
  });
});

describe('somebody who waits', () => {
  it('is served at once, slot or not', () => {
    const pacing = createMet();
    pacing.came({ came: 'not_now', inMs: 600_000 }, 0);
    expect(pacing.next({ at: 1, ...live })).toEqual({ go: 'live' });
  });

  it('is worth one attempt after failures, and then the wait goes on', () => {
    const pacing = createMet();
    for (const at of [0, 1, 2, 3, 4, 5, 6, 7]) pacing.came({ came: 'failure' }, at);
    expect(pacing.next({ at: 10, ...live })).toEqual({ inMs: expect.any(Number) });
    pacing.hurry();
    expect(pacing.next({ at: 10, ...live })).toEqual({ go: 'live' });
    pacing.came({ came: 'failure' }, 10);
    expect(pacing.next({ at: 11, ...live })).toEqual({ inMs: expect.any(Number) });
  });

  it('is not forgotten when he comes while a request is under way', () => {
    const pacing = createMet();
    pacing.next({ at: 0, ...backlog });
    pacing.hurry();
    pacing.came({ came: 'failure' }, 5);
    expect(pacing.next({ at: 6, ...live })).toEqual({ go: 'live' });
  });
});

describe('after a failure', () => {
  const waits = (random: number): number[] => {
    const pacing = create(random);
    return Array.from({ length: 12 }, () => {
      pacing.came({ came: 'failure' }, 0);
      const move = pacing.next({ at: 0, ...backlog });
      return 'inMs' in move ? move.inMs : 0;
    });
  };

  it('waits up to a doubling limit, any time of it, and never above the cap', () => {
    expect(waits(1)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300].map((seconds) => seconds * 1_000));
    expect(waits(0.5)[3]).toBe(8_000);
    expect(waits(0)).toEqual(Array(12).fill(0));
  });

  it('where nobody was reached, does not wait as long: that cost nobody anything', () => {
    const pacing = create(1);
    for (let attempt = 0; attempt < 20; attempt++) pacing.came({ came: 'failure', unreached: true }, 0);
    expect(pacing.next({ at: 0, ...backlog })).toEqual({ inMs: 150_000 });
  });

  it('looks first, and sends nothing until that is answered', () => {
    const pacing = createMet(0);
    pacing.came({ came: 'failure' }, 0);
    expect(pacing.next({ at: 0, ...backlog })).toEqual({ go: 'look', ask: true });
  });

  it('waits longer and longer when looks are answered and deliveries are not', () => {
    const pacing = createMet();
    let at = 0;
    const longest: number[] = [];
    for (let round = 0; round < 6; round++) {
      pacing.came({ came: 'failure' }, at);
      const move = pacing.next({ at, ...backlog });
      const wait = 'inMs' in move ? move.inMs : 0;
      longest.push(wait);
      at += wait;
      expect(pacing.next({ at, ...backlog })).toEqual({ go: 'look', ask: true });
      pacing.came({ came: 'news', slotInMs: null }, at);
      expect(pacing.next({ at, ...backlog })).toEqual({ go: 'backlog' });
    }
    expect(longest).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000]);
  });

  it('is as patient as it was asked to be, and no more than the cap besides its own wait', () => {
    const pacing = create(0);
    pacing.came({ came: 'failure', inMs: 10_000 }, 0);
    expect(pacing.next({ at: 0, ...backlog })).toEqual({ inMs: 10_000 });
    pacing.came({ came: 'failure', inMs: 86_400_000 }, 0);
    expect(pacing.next({ at: 0, ...backlog })).toEqual({ inMs: 300_000 });
  });

  it('starts from the beginning after a delivery', () => {
    const pacing = createMet();
    for (const at of [0, 0, 0, 0]) pacing.came({ came: 'failure' }, at);
    pacing.came({ came: 'delivered', kind: 'backlog', slotInMs: null }, 0);
    pacing.came({ came: 'failure' }, 0);
    expect(pacing.next({ at: 0, ...backlog })).toEqual({ inMs: 2_000 });
  });
});

it('a middleware that says "now" and refuses again and again is not knocked at without end', () => {
  const pacing = createMet();
  const waits = Array.from({ length: 6 }, () => {
    pacing.came({ came: 'not_now', inMs: 0 }, 0);
    const move = pacing.next({ at: 0, ...backlog });
    return 'inMs' in move ? move.inMs : 0;
  });
  expect(waits).toEqual([0, 0, 0, 4_000, 8_000, 16_000]);
});

it('looks from time to time when there is nothing to send, each terminal at its own time', () => {
  const early = createMet(0);
  const late = createMet(1);
  expect(early.next({ at: 24_000, ...idle })).toEqual({ go: 'look', ask: false });
  expect(late.next({ at: 24_000, ...idle })).toEqual({ inMs: 12_000 });
});
