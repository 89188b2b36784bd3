import { describe, expect, it, vi } from 'vitest';
import { priority, type TransactionEvent } from '../../contract/wire.ts';
import { makeKey, news } from '../testing/fake-middleware.ts';
import { makeContent } from '../testing/outbox-room.ts';
import { benchSync, ids, json, problem, receiveAll, replyTo } from '../testing/sync-bench.ts';
import type { LineAnswer } from './line.ts';
import { LineError } from './line-problem.ts';

const bench = benchSync();

describe('who waits goes first', () => {
  it('before a backlog that has its slot later', async () => {
    bench.keepEarlier(1, 2);
    bench.onLook = () => json({ ...news, slot: { inMs: 3_600_000 } });
    bench.start();
    await vi.waitFor(() => expect(bench.asked).toHaveLength(1));
    bench.keep(3);
    bench.sync.wake();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(3)));
    expect(bench.deliveries().map((one) => one.priority)).toEqual([priority.live]);
    expect(bench.outbox.countWaiting()).toBe(2);
  });

  it('in the pause after failures', async () => {
    bench.onLook = () => {
      throw new LineError('no_connection');
    };
    bench.start({ retryBaseMs: 3_600_000, retryCapMs: 3_600_000, healthMs: 3_600_000 });
    await vi.waitFor(() => expect(bench.lines.at(-1)?.state).toBe('down'));
    bench.onLook = () => json(news);
    bench.keep(1);
    bench.sync.wake();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1)));
  });

  it('after the one request that is under way, and is not forgotten meanwhile', async () => {
    bench.keepEarlier(1);
    let release: () => void = () => undefined;
    bench.onDelivery = async (events) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return receiveAll(events);
    };
    bench.start();
    await vi.waitFor(() => expect(bench.deliveries()).toHaveLength(1));
    bench.keep(2);
    bench.sync.wake();
    bench.sync.wake();
    expect(bench.deliveries()).toHaveLength(1);
    bench.onDelivery = receiveAll;
    release();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2)));
    expect(bench.deliveries()[1]?.priority).toBe(priority.live);
  });
});

it('a backlog that is told to come later comes then, and nothing is shown as sent before', async () => {
  bench.keepEarlier(1);
  bench.onDelivery = () => problem(429, { inMs: 3_600_000 }, { 'retry-after': '1' });
  bench.start({ retryBaseMs: 1, retryCapMs: 10_000_000, healthMs: 10_000_000 });
  await vi.waitFor(() => expect(bench.sync.status()).toMatchObject({ state: 'up', problem: 'busy' }));
  bench.onDelivery = receiveAll;
  bench.keep(2);
  bench.sync.wake();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(2)));
  expect(bench.outbox.countWaiting()).toBe(1);
  bench.clock.moveTicks(3_600_000);
  bench.keep(3);
  bench.sync.wake();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(2, 3, 1)));
  expect(bench.deliveries().at(-1)?.priority).toBe(priority.backlog);
});

it('asks nothing more when what waits is behind something that a person has to settle', async () => {
  const lane = 'A'.repeat(22);
  for (const number of [1, 2]) bench.outbox.keep(makeContent(number), { lane });
  bench.clock.moveTicks(61_000);
  bench.outbox.markStuck(ids(1)[0] ?? '', 'invalid');
  bench.start();
  await vi.waitFor(() => expect(bench.sync.status().state).toBe('up'));
  const next = vi.spyOn(bench.outbox, 'next');
  bench.keep(3);
  bench.sync.wake();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(3)));
  expect(bench.outbox.countWaiting()).toBe(1);
  // One that finds the third, one that finds nothing: not one after the other, all the time.
  expect(next.mock.calls.length).toBeLessThanOrEqual(4);
  bench.outbox.decide(bench.outbox.status().needsPerson[0]?.reference ?? '', 'again');
  bench.sync.wake();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(3, 1, 2)));
  expect(bench.asked.map(({ path }) => path)).toEqual(['/v1/line', '/v1/transactions', '/v1/transactions']);
});

describe('a backlog of several deliveries', () => {
  const many = Array.from({ length: 250 }, (_, at) => at + 1);
  const [firstHundred, secondHundred] = [many.slice(0, 100), many.slice(100, 200)];

  /** How much had been settled when each delivery came. */
  function watchSettled(answer: (events: TransactionEvent[], number: number) => LineAnswer = receiveAll): number[] {
    const settled: number[] = [];
    bench.onDelivery = (events) => {
      settled.push(bench.received.length);
      return answer(events, settled.length);
    };
    return settled;
  }

  it('goes on while what the one before brought is still settled', async () => {
    bench.keepEarlier(...many);
    const settled = watchSettled();
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(...many)));
    expect(settled).toEqual([0, 0, 100]);
    expect(bench.sequences()).toEqual([firstHundred, secondHundred, many.slice(200)]);
    expect(bench.outbox.countWaiting()).toBe(0);
  });

  it('settles first where a slot is to be kept', async () => {
    bench.keepEarlier(...many);
    const settled = watchSettled((events) => json(replyTo(events, { news: { slot: { inMs: 1 } } })));
    bench.start();
    await vi.waitFor(() => expect(bench.received).toHaveLength(250));
    expect(settled).toEqual([0, 100, 200]);
  });

  it('lets nothing of a lane go behind a record of it that was refused', async () => {
    const lane = 'A'.repeat(22);
    for (const number of many) bench.outbox.keep(makeContent(number), number === 100 || number === 101 ? { lane } : {});
    bench.clock.moveTicks(61_000);
    watchSettled((events, number) => {
      const reply = replyTo(events);
      const last = reply.results.at(-1);
      if (number > 1 || last === undefined) return json(reply);
      return json({ ...reply, results: [...reply.results.slice(0, -1), { txId: last.txId, status: 'refused', reason: 'invalid' }] });
    });
    bench.start();
    await vi.waitFor(() => expect(bench.received).toHaveLength(248));
    expect(bench.sequences().flat()).not.toContain(101);
    expect([bench.stuck, bench.outbox.countWaiting()]).toEqual([ids(100), 1]);
  });

  it('sends nothing after one whose receipt is not right before that one was taken: it would overtake it', async () => {
    bench.keepEarlier(...many);
    const settled = watchSettled((events, number) => json(replyTo(events, number === 1 ? { key: makeKey('r1') } : {})));
    bench.start();
    await vi.waitFor(() => expect(bench.received).toHaveLength(250));
    expect(settled.slice(0, 3)).toEqual([0, 0, 0]);
    expect(bench.sequences().slice(0, 3)).toEqual([firstHundred, firstHundred, secondHundred]);
    expect(bench.received.slice(0, 100)).toEqual(ids(...firstHundred));
    expect(bench.logged).toContain('receipt_refused');
  });

  /** The middleware takes the first at once; of those after it, `inTurn` says which is answered. */
  function watchUnderWay(inTurn: (atOnce: (() => void)[]) => void): { most: () => number } {
    const open: (() => void)[] = [];
    let most = 0;
    bench.onDelivery = (events) => {
      const answer = receiveAll(events);
      if (bench.deliveries().length === 1) return answer;
      return new Promise((resolve) => {
        open.push(() => {
          open.splice(0, 1);
          resolve(answer);
        });
        most = Math.max(most, open.length);
        setTimeout(() => inTurn(open), 5);
      });
    };
    return { most: () => most };
  }

  it('has two under way, and never a third', async () => {
    const more = Array.from({ length: 620 }, (_, at) => at + 1);
    bench.keepEarlier(...more);
    const underWay = watchUnderWay((open) => open[0]?.());
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(...more)));
    expect(underWay.most()).toBe(2);
  });

  it('sends nothing beside a delivery that has a record of the same lane', async () => {
    const lane = 'A'.repeat(22);
    for (const number of many) bench.outbox.keep(makeContent(number), number === 150 || number === 250 ? { lane } : {});
    bench.clock.moveTicks(61_000);
    const underWay = watchUnderWay((open) => open[0]?.());
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(...many)));
    expect(underWay.most()).toBe(1);
  });

  it('settles the one that was taken when the one before it got lost, and brings that one again', async () => {
    bench.keepEarlier(...many);
    let lost = 0;
    const inTurn = bench.onDelivery;
    bench.onDelivery = (events) => {
      if (events[0]?.sequence !== 101 || lost > 0) return inTurn(events);
      lost += 1;
      return Promise.reject(new LineError('no_connection'));
    };
    bench.start();
    await vi.waitFor(() => expect(bench.received).toHaveLength(250));
    expect(bench.received).toEqual(ids(...firstHundred, ...many.slice(200), ...secondHundred));
    expect(bench.outbox.countWaiting()).toBe(0);
  });

  it('stops for somebody who waits', async () => {
    bench.keepEarlier(...many);
    watchSettled((events, number) => {
      if (number === 1) {
        bench.keep(251);
        bench.sync.wake();
      }
      return receiveAll(events);
    });
    bench.start();
    await vi.waitFor(() => expect(bench.received).toHaveLength(251));
    expect(bench.sequences()[1]).toEqual([251]);
    expect(bench.deliveries()[1]?.priority).toBe(priority.live);
  });
});
