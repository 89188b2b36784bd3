import { describe, expect, it, vi } from 'vitest';
import { type BatchReply, priority, type TransactionEvent } from '../../contract/wire.ts';
import { makeKey, news, otherHash } from '../testing/fake-middleware.ts';
import { benchSync, ids, json, problem, receiveAll, replyTo } from '../testing/sync-bench.ts';
import type { LineAnswer } from './line.ts';
import { LineError } from './line-problem.ts';

const bench = benchSync();

describe('an entry ends', () => {
  it('with a verified receipt, oldest first, after the queues were compared', async () => {
    bench.keepEarlier(1, 2);
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2)));
    expect(bench.asked.map(({ path }) => path)).toEqual(['/v1/line', '/v1/transactions']);
    expect(bench.asked.map((one) => one.priority)).toEqual([priority.backlog, priority.backlog]);
    expect(bench.outbox.countWaiting()).toBe(0);
    expect(bench.outbox.receiptOf(ids(2)[0] ?? '')?.leaf.sequence).toBe(2);
    expect(bench.sync.status()).toMatchObject({ state: 'up', problem: null, standing: 'active', clockOffset: 0 });
  });

  it('with a receipt that says the middleware holds it', async () => {
    bench.keepEarlier(1);
    bench.onDelivery = (events) => json(replyTo(events, { leaf: { held: true }, news: { standing: 'held_forked' } }));
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1)));
    expect(bench.outbox.receiptOf(ids(1)[0] ?? '')?.leaf.held).toBe(true);
    expect(bench.sync.status().standing).toBe('held_forked');
  });

  it('in a person’s hands when the middleware refuses it, without holding up the next', async () => {
    bench.keepEarlier(1, 2);
    bench.onDelivery = (events) => {
      const reply = replyTo(events);
      return json({
        ...reply,
        results: reply.results.map((result, at) => (at === 0 ? { txId: result.txId, status: 'refused', reason: 'invalid' } : result)),
      });
    };
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(2)));
    expect(bench.stuck).toEqual(ids(1));
    expect(bench.outbox.status().needsPerson).toMatchObject([{ reason: 'invalid' }]);
  });
});

describe('an entry stays, and is sent again,', () => {
  const swap = (events: TransactionEvent[], change: (reply: BatchReply) => unknown) => json(change(replyTo(events)));
  const attempts: [string, string, (events: TransactionEvent[]) => LineAnswer][] = [
    [
      'when the line breaks',
      'no_connection',
      () => {
        throw new LineError('no_connection');
      },
    ],
    [
      'when something else has its certificate',
      'not_the_middleware',
      () => {
        throw new LineError('not_the_middleware');
      },
    ],
    ['when a captive portal answers', 'not_the_middleware', () => json('Log in to WiFi', 200, 'text/html')],
    ['when a page carries what looks like a reply', 'not_the_middleware', (events) => ({ ...receiveAll(events), mediaType: 'text/html' })],
    ['when it is sent elsewhere', 'not_the_middleware', (events) => ({ ...receiveAll(events), status: 307 })],
    ['when the middleware is busy', 'busy', () => problem(503)],
    ['when it makes a mistake', 'failing', () => problem(500)],
    ['when an error carries what looks like a reply', 'failing', (events) => ({ ...receiveAll(events), status: 502 })],
    ['when nobody knows this terminal', 'refused', () => problem(401)],
    ['when it is told to go away', 'refused', () => problem(403)],
    ['when a proxy finds it too large', 'not_the_middleware', () => json('too large', 413, 'text/html')],
    ['when the reply is cut', 'unreadable', (events) => ({ ...receiveAll(events), body: receiveAll(events).body.subarray(0, 300) })],
    ['when the reply has another shape', 'unreadable', () => json({ results: [] })],
    ['when the reply is empty', 'unreadable', (events) => swap(events, (reply) => ({ ...reply, results: [] }))],
    [
      'when the reply names others',
      'unreadable',
      (events) => swap(events, (reply) => ({ ...reply, results: reply.results.map((result) => ({ ...result, txId: ids(9)[0] })) })),
    ],
    [
      'when the reply says two things about it',
      'unreadable',
      (events) =>
        swap(events, (reply) => ({
          ...reply,
          results: reply.results.flatMap(({ txId }) => [
            ...reply.results,
            { txId, status: 'refused', reason: 'invalid' },
            ...reply.results,
          ]),
        })),
    ],
    ['when another key signed', 'receipt_refused', (events) => json(replyTo(events, { key: makeKey('r1') }))],
    ['when the receipt is for other bytes', 'receipt_refused', (events) => json(replyTo(events, { leaf: { record: otherHash() } }))],
    ['when the receipt is for another terminal', 'receipt_refused', (events) => json(replyTo(events, { head: { terminal: 'kiosk-3' } }))],
    ['when there is no receipt', 'receipt_refused', (events) => swap(events, (reply) => ({ ...reply, receipts: [] }))],
  ];
  it.each(attempts)('%s', async (_name, expected, answer) => {
    bench.keepEarlier(1);
    const seen = new Set<unknown>();
    bench.onDelivery = (events) => {
      seen.add(bench.sync.status().problem);
      return answer(events);
    };
    bench.onLook = () => {
      seen.add(bench.sync.status().problem);
      return json(news);
    };
    bench.start();
    await vi.waitFor(() => expect(bench.deliveries().length).toBeGreaterThan(2));
    expect(bench.received).toEqual([]);
    expect(bench.stuck).toEqual([]);
    expect(bench.outbox.countWaiting()).toBe(1);
    expect([...seen].filter((one) => one !== null)).toEqual([expected]);
    bench.onDelivery = receiveAll;
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1)));
    expect(bench.sync.status().problem).toBeNull();
  });

  it('nor does it hold up the others when proofs were left out: after a reply that is not believed they are asked for', async () => {
    bench.keepEarlier(1, 2, 3);
    bench.onDelivery = (events) =>
      json(replyTo(events.map((event, at) => (at === 1 && events.length === 3 ? { ...event, data_base64: 'AAAA' } : event))));
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 3, 2)));
    expect(bench.sequences()).toEqual([[1, 2, 3], [1, 2, 3], [2]]);
    expect(bench.deliveries().map(({ prefer }) => prefer)).toEqual(['return=minimal', undefined, undefined]);
    bench.keepEarlier(4);
    bench.sync.hurry();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 3, 2, 4)));
    expect(bench.deliveries().at(-1)?.prefer).toBe('return=minimal');
  });

  it('as the others of its delivery do not, when only its own proof is wrong', async () => {
    bench.keepEarlier(1, 2, 3);
    bench.onDelivery = (events) => {
      const reply = replyTo(events);
      const results = reply.results.map((result, at) =>
        at === 1 && result.status === 'received'
          ? { ...result, receipt: { head: 0, proof: { index: 0, path: result.receipt.proof?.path ?? [] } } }
          : result,
      );
      return json(events.length === 3 ? { ...reply, results } : reply);
    };
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 3, 2)));
    expect(bench.sequences()).toEqual([[1, 2, 3], [2]]);
  });
});

describe('a delivery that is refused as a whole', () => {
  const poisoned = (events: TransactionEvent[]) => (events.some(({ sequence }) => sequence === 3) ? problem(422) : receiveAll(events));

  it('comes again in smaller ones, until the bad one is alone: that one is for a person, and all others go', async () => {
    bench.keepEarlier(1, 2, 3, 4, 5, 6, 7, 8);
    bench.onDelivery = poisoned;
    bench.start();
    await vi.waitFor(() => expect(bench.received.toSorted()).toEqual(ids(1, 2, 4, 5, 6, 7, 8).toSorted()));
    expect(bench.stuck).toEqual(ids(3));
    expect(bench.outbox.status().needsPerson).toMatchObject([{ reason: 'invalid' }]);
  });

  it('is as slow as after a failure when one after the other is refused: then it is the middleware', async () => {
    bench.keepEarlier(1, 2, 3, 4);
    bench.onDelivery = () => problem(422);
    bench.start({ retryBaseMs: 600_000, retryCapMs: 600_000, healthMs: 1_000_000 });
    await vi.waitFor(() => expect(bench.stuck).toEqual(ids(1, 2)));
    expect(bench.outbox.countWaiting()).toBe(2);
  });

  it('loses nothing when it is too large', async () => {
    bench.keepEarlier(1, 2, 3, 4);
    bench.onDelivery = (events) => (events.length > 1 ? problem(413) : receiveAll(events));
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2, 3, 4)));
    expect(bench.stuck).toEqual([]);
  });

  it('gets smaller too when the line is too thin for it', async () => {
    bench.keepEarlier(1, 2, 3, 4);
    bench.onDelivery = (events) => {
      if (events.length > 2) throw new LineError('no_connection', true);
      return receiveAll(events);
    };
    bench.start();
    await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2, 3, 4)));
    expect(bench.sequences().slice(0, 2)).toEqual([
      [1, 2, 3, 4],
      [1, 2],
    ]);
  });
});

it('says that the line is down, and up again, without anything to send', async () => {
  bench.onLook = () => {
    throw new LineError('no_connection');
  };
  bench.start();
  await vi.waitFor(() => expect(bench.lines.map(({ state }) => state)).toEqual(['down']));
  bench.onLook = () => json(news);
  await vi.waitFor(() => expect(bench.lines.map(({ state }) => state)).toEqual(['down', 'up']));
  expect(bench.sync.status()).toMatchObject({ lastContact: '2026-11-22T10:00:00.000Z', problem: null });
});

it('knows after a restart without a line when it was last heard, and decides nothing by it', async () => {
  const contact = { lastContact: '2026-11-21T10:00:00.000Z', clockOffset: 4, standing: 'held_revoked' } as const;
  const noted: unknown[] = [];
  let answers = false;
  bench.onLook = () => {
    if (!answers) throw new LineError('no_connection');
    return json(news);
  };
  bench.start(undefined, { read: () => contact, note: (heard) => noted.push(heard), close: () => noted.push('close') });
  expect(bench.sync.status()).toMatchObject({ ...contact, state: 'unknown' });
  await vi.waitFor(() => expect(bench.sync.status()).toMatchObject({ ...contact, state: 'down' }));
  expect(noted).toEqual([]);
  answers = true;
  await vi.waitFor(() => expect(bench.sync.status()).toMatchObject({ lastContact: '2026-11-22T10:00:00.000Z', standing: 'active' }));
  await bench.sync.stop();
  expect(noted).toEqual([{ lastContact: '2026-11-22T10:00:00.000Z', clockOffset: 0, standing: 'active' }, 'close']);
});

it('tells at each contact what the middleware said, and how far apart the clocks are, and orders nothing by them', async () => {
  bench.onLook = () => json({ ...news, at: '2036-11-22T10:00:00.000Z', keySetSerial: 7, cursor: 'c2' });
  bench.keepEarlier(1);
  bench.start();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1)));
  expect(bench.heard[0]).toMatchObject({ keySetSerial: 7, cursor: 'c2' });
  bench.clock.moveWall(-10 * 365 * 24 * 3_600_000);
  bench.onLook = () => json(news);
  bench.keep(2);
  bench.sync.wake();
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1, 2)));
  expect(bench.sync.status().clockOffset).toBe(10 * 365 * 24 * 3_600);
});

it('a disk that takes no receipt lets the record wait, and the repeat ends it', async () => {
  bench.keepEarlier(1);
  const { markAllReceived } = bench.outbox;
  bench.outbox.markAllReceived = () => {
    throw new Error('SQLITE_FULL');
  };
  bench.start();
  await vi.waitFor(() => expect(bench.logged.filter((event) => event === 'storage_failed').length).toBeGreaterThan(1));
  expect(bench.received).toEqual([]);
  expect(bench.outbox.countWaiting()).toBe(1);
  bench.outbox.markAllReceived = markAllReceived;
  await vi.waitFor(() => expect(bench.received).toEqual(ids(1)));
});
