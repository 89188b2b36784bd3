import { expect, it, vi } from 'vitest';
import { news } from '../testing/fake-middleware.ts';
import { makeContent } from '../testing/outbox-room.ts';
import { benchSync, ids, json, problem, replyTo } from '../testing/sync-bench.ts';

const bench = benchSync();

it('after a restore of the middleware, all that is still kept is sent again', async () => {
  bench.keepEarlier(1, 2);
  bench.start();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2)));
  bench.onLook = () => json({ ...news, epoch: 'e2' });
  bench.onDelivery = (events) => json(replyTo(events, { news: { epoch: 'e2' } }));
  bench.sync.hurry();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2, 1, 2)));
  expect(bench.outbox.countWaiting()).toBe(0);
});

it('what a middleware has forgotten without saying so is sent again', async () => {
  bench.keepEarlier(1, 2);
  bench.start();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2)));
  bench.onLook = () => json({ ...news, generations: [{ generation: bench.outbox.head().generation, linked: 1, backedUp: 0 }] });
  bench.sync.hurry();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2, 1, 2)));
});

it('a delivery after a restore that was not heard of is not taken: the news come first, and what is older goes before it', async () => {
  const lane = 'A'.repeat(22);
  bench.outbox.keep(makeContent(1), { lane });
  bench.start();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1)));
  bench.onLook = () => json({ ...news, epoch: 'e2' });
  bench.onDelivery = (events) => (bench.epochs.at(-1) === '"e2"' ? json(replyTo(events, { news: { epoch: 'e2' } })) : problem(412));
  bench.outbox.keep(makeContent(2), { lane });
  bench.sync.wake();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 1, 2)));
  expect(bench.epochs.slice(-2)).toEqual(['"e1"', '"e2"']);
  expect(bench.asked.map(({ path }) => path).slice(-3)).toEqual(['/v1/transactions', '/v1/line', '/v1/transactions']);
});

it('does not ask again and again when the epoch is another one each time', async () => {
  bench.onDelivery = () => problem(412);
  bench.keepEarlier(1);
  bench.start({ retryBaseMs: 1e6, retryCapMs: 1e6, healthMs: 1e6 });
  await vi.waitFor(() => expect(bench.deliveries()).toHaveLength(2));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(bench.deliveries()).toHaveLength(2);
  expect(bench.outbox.countWaiting()).toBe(1);
});

it('a reply that tells of the restore settles what it answers, and brings back the rest', async () => {
  bench.keepEarlier(1);
  bench.start();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1)));
  bench.onDelivery = (events) => json(replyTo(events, { news: { epoch: 'e2' } }));
  bench.keep(2);
  bench.sync.wake();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2, 1)));
  expect(bench.outbox.countWaiting()).toBe(0);
});

it('says what the disk lost before it delivers, again until it was written down, and delivers meanwhile', async () => {
  // The middleware knows a queue that this disk does not: it is older than it was.
  bench.onLook = () => json({ ...news, generations: [{ generation: 'AAAAAAAAAAA', linked: 4, backedUp: 0 }] });
  bench.onLoss = () => problem(500);
  bench.keepEarlier(1);
  bench.start();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1)));
  expect(bench.asked.map(({ path }) => path).slice(0, 3)).toEqual(['/v1/line', '/v1/losses', '/v1/transactions']);
  expect(bench.outbox.losses()).toHaveLength(1);
  // An operator hears of it, although all else goes.
  expect(bench.sync.status()).toMatchObject({ state: 'up', problem: 'failing' });
  bench.onLoss = () => json({ recorded: true });
  bench.sync.hurry();
  await vi.waitFor(() => expect(bench.outbox.losses()).toEqual([]));
  await vi.waitFor(() => expect(bench.sync.status().problem).toBeNull());
});

it('says once more what the disk lost when the middleware was restored', async () => {
  const lost = [{ generation: 'AAAAAAAAAAA', linked: 4, backedUp: 0 }];
  bench.onLook = () => json({ ...news, generations: lost });
  bench.start();
  await vi.waitFor(() => expect(bench.asked.map(({ path }) => path)).toEqual(['/v1/line', '/v1/losses']));
  bench.onLook = () => json({ ...news, epoch: 'e2', generations: lost });
  bench.sync.hurry();
  await vi.waitFor(() => expect(bench.asked.map(({ path }) => path)).toEqual(['/v1/line', '/v1/losses', '/v1/line', '/v1/losses']));
  await vi.waitFor(() => expect(bench.outbox.losses()).toEqual([]));
});

it('a disk that does not say in which epoch we are is told, with a delivery under way, and all goes later', async () => {
  const many = Array.from({ length: 350 }, (_, at) => at + 1);
  bench.keepEarlier(...many);
  const { epoch } = bench.outbox;
  let asks = 0;
  bench.outbox.epoch = () => {
    asks += 1;
    if (asks === 3) throw new Error('SQLITE_IOERR');
    return epoch();
  };
  bench.start();
  await vi.waitFor(() => expect(bench.received).toHaveLength(350));
  expect(bench.logged).toContain('storage_failed');
  expect(bench.outbox.countWaiting()).toBe(0);
});
