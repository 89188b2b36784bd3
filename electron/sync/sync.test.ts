import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BatchReply, epochHeader, type LineNews, mediaType, priority, type TransactionEvent } from '../../contract/wire.ts';
import type { OpenOutbox } from '../outbox/open-outbox.ts';
import { makeKey, news, otherHash, receive, type Twist } from '../testing/fake-middleware.ts';
import { makeClock, makeContent, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import { readPublicKey } from './keys/signed.ts';
import type { LastContact } from './last-contact.ts';
import type { LineAnswer } from './line.ts';
import { LineError } from './line-problem.ts';
import { createSync, type LineState, type Sync } from './sync.ts';

const right = makeKey('r1');
const identity = makeSigner('kiosk-2');

type Asked = { method: string; path: string; priority: string | undefined; events: TransactionEvent[] };

let folder: string;
let outbox: OpenOutbox;
let clock: ReturnType<typeof makeClock>;
let sync: Sync;
let asked: Asked[];
let lines: LineState[];
let received: string[];
let stuck: string[];
let heard: LineNews[];
let logged: string[];
let epochs: (string | undefined)[];
let onLook: () => LineAnswer | Promise<LineAnswer>;
let onDelivery: (events: TransactionEvent[]) => LineAnswer | Promise<LineAnswer>;
let onLoss: () => LineAnswer | Promise<LineAnswer>;

function json(value: unknown, status = 200, type: string = mediaType.json, headers: Record<string, string> = {}): LineAnswer {
  return { status, mediaType: type, headers, body: new TextEncoder().encode(JSON.stringify(value)) };
}
const problem = (status: number, more: object = {}, headers: Record<string, string> = {}) =>
  json({ type: 'about:blank', title: 'no', status, ...more }, status, mediaType.problem, headers);
const replyTo = (events: TransactionEvent[], twist: Twist = {}): BatchReply => receive(events, { terminal: 'kiosk-2', key: right }, twist);
const receiveAll = (events: TransactionEvent[]) => json(replyTo(events));
const deliveries = () => asked.filter(({ path }) => path === '/v1/transactions');
const sequences = () => deliveries().map(({ events }) => events.map(({ sequence }) => sequence));

function keep(...numbers: number[]): void {
  for (const number of numbers) if (!outbox.keep(makeContent(number), {}).ok) throw new Error('not kept');
}

/** As when they were kept a while ago: nobody waits for them any more. */
function keepEarlier(...numbers: number[]): void {
  keep(...numbers);
  clock.moveTicks(61_000);
}

function start(pace = { retryBaseMs: 1, retryCapMs: 4, healthMs: 1_000_000 }, lastContact?: LastContact): Sync {
  sync = createSync({
    outbox,
    line: {
      request: async (method, path, headers = {}, body) => {
        const events = path === '/v1/transactions' ? (JSON.parse(String(body)) as TransactionEvent[]) : [];
        asked.push({ method, path, priority: headers[priority.header], events });
        if (path === '/v1/transactions') epochs.push(headers[epochHeader]);
        if (path === '/v1/line') return onLook();
        return path === '/v1/losses' ? onLoss() : onDelivery(events);
      },
      close: async () => undefined,
    },
    receiptKeys: () => new Map([['r1', readPublicKey(right.jwk)]]),
    terminal: 'kiosk-2',
    // Real time for the waits, and a wall that stands still.
    clock: { wall: clock.wall, ticks: () => performance.now() + clock.ticks() },
    log: (event) => logged.push(event),
    pace,
    onLine: (state) => lines.push(state),
    onReceived: (txId) => received.push(txId),
    onStuck: (txId) => stuck.push(txId),
    onNews: (told) => heard.push(told),
    ...(lastContact && { lastContact }),
  });
  sync.start();
  return sync;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-sync-'));
  clock = makeClock();
  outbox = openTestOutbox(folder, { identity, clock });
  asked = [];
  lines = [];
  received = [];
  stuck = [];
  heard = [];
  logged = [];
  epochs = [];
  onLook = () => json(news);
  onDelivery = receiveAll;
  onLoss = () => json({ recorded: true });
});
afterEach(async () => {
  await sync.stop();
  outbox.close();
  rmSync(folder, { recursive: true });
});

const ids = (...numbers: number[]) => numbers.map((number) => makeContent(number).txId);

describe('an entry ends', () => {
  it('with a verified receipt, oldest first, after the queues were compared', async () => {
    keepEarlier(1, 2);
    start();
    await vi.waitFor(() => expect(received).toEqual(ids(1, 2)));
    expect(asked.map(({ path }) => path)).toEqual(['/v1/line', '/v1/transactions']);
    expect(asked.map((one) => one.priority)).toEqual([priority.backlog, priority.backlog]);
    expect(outbox.countWaiting()).toBe(0);
    expect(outbox.receiptOf(ids(2)[0] ?? '')?.leaf.sequence).toBe(2);
    expect(sync.status()).toMatchObject({ state: 'up', problem: null, standing: 'active', clockOffset: 0 });
  });

  it('with a receipt that says the middleware holds it', async () => {
    keepEarlier(1);
    onDelivery = (events) => json(replyTo(events, { leaf: { held: true }, news: { standing: 'held_forked' } }));
    start();
    await vi.waitFor(() => expect(received).toEqual(ids(1)));
    expect(outbox.receiptOf(ids(1)[0] ?? '')?.leaf.held).toBe(true);
    expect(sync.status().standing).toBe('held_forked');
  });

  it('in a person’s hands when the middleware refuses it, without holding up the next', async () => {
    keepEarlier(1, 2);
    onDelivery = (events) => {
      const reply = replyTo(events);
      return json({
        ...reply,
        results: reply.results.map((result, at) => (at === 0 ? { txId: result.txId, status: 'refused', reason: 'invalid' } : result)),
      });
    };
    start();
    await vi.waitFor(() => expect(received).toEqual(ids(2)));
    expect(stuck).toEqual(ids(1));
    expect(outbox.status().needsPerson).toMatchObject([{ reason: 'invalid' }]);
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
    keepEarlier(1);
    const seen = new Set<unknown>();
    onDelivery = (events) => {
      seen.add(sync.status().problem);
      return answer(events);
    };
    onLook = () => {
      seen.add(sync.status().problem);
      return json(news);
    };
    start();
    await vi.waitFor(() => expect(deliveries().length).toBeGreaterThan(2));
    expect(received).toEqual([]);
    expect(stuck).toEqual([]);
    expect(outbox.countWaiting()).toBe(1);
    expect([...seen].filter((one) => one !== null)).toEqual([expected]);
    onDelivery = receiveAll;
    await vi.waitFor(() => expect(received).toEqual(ids(1)));
    expect(sync.status().problem).toBeNull();
  });

  it('as the others of its delivery do not, when only its own proof is wrong', async () => {
    keepEarlier(1, 2, 3);
    onDelivery = (events) => {
      const reply = replyTo(events);
      const results = reply.results.map((result, at) =>
        at === 1 && result.status === 'received'
          ? { ...result, receipt: { head: 0, proof: { index: 0, path: result.receipt.proof.path } } }
          : result,
      );
      return json(events.length === 3 ? { ...reply, results } : reply);
    };
    start();
    await vi.waitFor(() => expect(received).toEqual(ids(1, 3, 2)));
    expect(sequences()).toEqual([[1, 2, 3], [2]]);
  });
});

describe('a delivery that is refused as a whole', () => {
  const poisoned = (events: TransactionEvent[]) => (events.some(({ sequence }) => sequence === 3) ? problem(422) : receiveAll(events));

  it('comes again in smaller ones, until the bad one is alone: that one is for a person, and all others go', async () => {
    keepEarlier(1, 2, 3, 4, 5, 6, 7, 8);
    onDelivery = poisoned;
    start();
    await vi.waitFor(() => expect(received.toSorted()).toEqual(ids(1, 2, 4, 5, 6, 7, 8).toSorted()));
    expect(stuck).toEqual(ids(3));
    expect(outbox.status().needsPerson).toMatchObject([{ reason: 'invalid' }]);
  });

  it('is as slow as after a failure when one after the other is refused: then it is the middleware', async () => {
    keepEarlier(1, 2, 3, 4);
    onDelivery = () => problem(422);
    start({ retryBaseMs: 600_000, retryCapMs: 600_000, healthMs: 1_000_000 });
    await vi.waitFor(() => expect(stuck).toEqual(ids(1, 2)));
    expect(outbox.countWaiting()).toBe(2);
  });

  it('loses nothing when it is too large', async () => {
    keepEarlier(1, 2, 3, 4);
    onDelivery = (events) => (events.length > 1 ? problem(413) : receiveAll(events));
    start();
    await vi.waitFor(() => expect(received).toEqual(ids(1, 2, 3, 4)));
    expect(stuck).toEqual([]);
  });

  it('gets smaller too when the line is too thin for it', async () => {
    keepEarlier(1, 2, 3, 4);
    onDelivery = (events) => {
      if (events.length > 2) throw new LineError('no_connection', true);
      return receiveAll(events);
    };
    start();
    await vi.waitFor(() => expect(received).toEqual(ids(1, 2, 3, 4)));
    expect(sequences().slice(0, 2)).toEqual([
      [1, 2, 3, 4],
      [1, 2],
    ]);
  });
});

describe('who waits goes first', () => {
  it('before a backlog that has its slot later', async () => {
    keepEarlier(1, 2);
    onLook = () => json({ ...news, slot: { inMs: 3_600_000 } });
    start();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    keep(3);
    sync.wake();
    await vi.waitFor(() => expect(received).toEqual(ids(3)));
    expect(deliveries().map((one) => one.priority)).toEqual([priority.live]);
    expect(outbox.countWaiting()).toBe(2);
  });

  it('in the pause after failures', async () => {
    onLook = () => {
      throw new LineError('no_connection');
    };
    start({ retryBaseMs: 3_600_000, retryCapMs: 3_600_000, healthMs: 3_600_000 });
    await vi.waitFor(() => expect(lines.at(-1)?.state).toBe('down'));
    onLook = () => json(news);
    keep(1);
    sync.wake();
    await vi.waitFor(() => expect(received).toEqual(ids(1)));
  });

  it('after the one request that is under way, and is not forgotten meanwhile', async () => {
    keepEarlier(1);
    let release: () => void = () => undefined;
    onDelivery = async (events) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return receiveAll(events);
    };
    start();
    await vi.waitFor(() => expect(deliveries()).toHaveLength(1));
    keep(2);
    sync.wake();
    sync.wake();
    expect(deliveries()).toHaveLength(1);
    onDelivery = receiveAll;
    release();
    await vi.waitFor(() => expect(received).toEqual(ids(1, 2)));
    expect(deliveries()[1]?.priority).toBe(priority.live);
  });
});

it('a backlog that is told to come later comes then, and nothing is shown as sent before', async () => {
  keepEarlier(1);
  onDelivery = () => problem(429, { inMs: 3_600_000 }, { 'retry-after': '1' });
  start({ retryBaseMs: 1, retryCapMs: 10_000_000, healthMs: 10_000_000 });
  await vi.waitFor(() => expect(sync.status()).toMatchObject({ state: 'up', problem: 'busy' }));
  onDelivery = receiveAll;
  keep(2);
  sync.wake();
  await vi.waitFor(() => expect(received).toEqual(ids(2)));
  expect(outbox.countWaiting()).toBe(1);
  clock.moveTicks(3_600_000);
  keep(3);
  sync.wake();
  await vi.waitFor(() => expect(received).toEqual(ids(2, 3, 1)));
  expect(deliveries().at(-1)?.priority).toBe(priority.backlog);
});

it('after a restore of the middleware, all that is still kept is sent again', async () => {
  keepEarlier(1, 2);
  start();
  await vi.waitFor(() => expect(received).toEqual(ids(1, 2)));
  onLook = () => json({ ...news, epoch: 'e2' });
  onDelivery = (events) => json(replyTo(events, { news: { epoch: 'e2' } }));
  sync.hurry();
  await vi.waitFor(() => expect(received).toEqual(ids(1, 2, 1, 2)));
  expect(outbox.countWaiting()).toBe(0);
});

it('a delivery after a restore that was not heard of is not taken: the news come first, and what is older goes before it', async () => {
  const lane = 'A'.repeat(22);
  outbox.keep(makeContent(1), { lane });
  start();
  await vi.waitFor(() => expect(received).toEqual(ids(1)));
  onLook = () => json({ ...news, epoch: 'e2' });
  onDelivery = (events) => (epochs.at(-1) === '"e2"' ? json(replyTo(events, { news: { epoch: 'e2' } })) : problem(412));
  outbox.keep(makeContent(2), { lane });
  sync.wake();
  await vi.waitFor(() => expect(received).toEqual(ids(1, 1, 2)));
  expect(epochs.slice(-2)).toEqual(['"e1"', '"e2"']);
  expect(asked.map(({ path }) => path).slice(-3)).toEqual(['/v1/transactions', '/v1/line', '/v1/transactions']);
});

it('does not ask again and again when the epoch is another one each time', async () => {
  onDelivery = () => problem(412);
  keepEarlier(1);
  start({ retryBaseMs: 1e6, retryCapMs: 1e6, healthMs: 1e6 });
  await vi.waitFor(() => expect(deliveries()).toHaveLength(2));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(deliveries()).toHaveLength(2);
  expect(outbox.countWaiting()).toBe(1);
});

it('a reply that tells of the restore settles what it answers, and brings back the rest', async () => {
  keepEarlier(1);
  start();
  await vi.waitFor(() => expect(received).toEqual(ids(1)));
  onDelivery = (events) => json(replyTo(events, { news: { epoch: 'e2' } }));
  keep(2);
  sync.wake();
  await vi.waitFor(() => expect(received).toEqual(ids(1, 2, 1)));
  expect(outbox.countWaiting()).toBe(0);
});

it('says what the disk lost before it delivers, again until it was written down, and delivers meanwhile', async () => {
  // The middleware knows a queue that this disk does not: it is older than it was.
  onLook = () => json({ ...news, generations: [{ generation: 'AAAAAAAAAAA', linked: 4, backedUp: 0 }] });
  onLoss = () => problem(500);
  keepEarlier(1);
  start();
  await vi.waitFor(() => expect(received).toEqual(ids(1)));
  expect(asked.map(({ path }) => path).slice(0, 3)).toEqual(['/v1/line', '/v1/losses', '/v1/transactions']);
  expect(outbox.losses()).toHaveLength(1);
  onLoss = () => json({ recorded: true });
  sync.hurry();
  await vi.waitFor(() => expect(outbox.losses()).toEqual([]));
});

it('says that the line is down, and up again, without anything to send', async () => {
  onLook = () => {
    throw new LineError('no_connection');
  };
  start();
  await vi.waitFor(() => expect(lines.map(({ state }) => state)).toEqual(['down']));
  onLook = () => json(news);
  await vi.waitFor(() => expect(lines.map(({ state }) => state)).toEqual(['down', 'up']));
  expect(sync.status()).toMatchObject({ lastContact: '2026-11-22T10:00:00.000Z', problem: null });
});

it('knows after a restart without a line when it was last heard, and decides nothing by it', async () => {
  const contact = { lastContact: '2026-11-21T10:00:00.000Z', clockOffset: 4, standing: 'held_revoked' } as const;
  const noted: unknown[] = [];
  let answers = false;
  onLook = () => {
    if (!answers) throw new LineError('no_connection');
    return json(news);
  };
  start(undefined, { read: () => contact, note: (heard) => noted.push(heard), close: () => noted.push('close') });
  expect(sync.status()).toMatchObject({ ...contact, state: 'unknown' });
  await vi.waitFor(() => expect(sync.status()).toMatchObject({ ...contact, state: 'down' }));
  expect(noted).toEqual([]);
  answers = true;
  await vi.waitFor(() => expect(sync.status()).toMatchObject({ lastContact: '2026-11-22T10:00:00.000Z', standing: 'active' }));
  await sync.stop();
  expect(noted).toEqual([{ lastContact: '2026-11-22T10:00:00.000Z', clockOffset: 0, standing: 'active' }, 'close']);
});

it('tells at each contact what the middleware said, and how far apart the clocks are, and orders nothing by them', async () => {
  onLook = () => json({ ...news, at: '2036-11-22T10:00:00.000Z', keySetSerial: 7, cursor: 'c2' });
  keepEarlier(1);
  start();
  await vi.waitFor(() => expect(received).toEqual(ids(1)));
  expect(heard[0]).toMatchObject({ keySetSerial: 7, cursor: 'c2' });
  clock.moveWall(-10 * 365 * 24 * 3_600_000);
  onLook = () => json(news);
  keep(2);
  sync.wake();
  await vi.waitFor(() => expect(received).toEqual(ids(1, 2)));
  expect(sync.status().clockOffset).toBe(10 * 365 * 24 * 3_600);
});

it('says once more what the disk lost when the middleware was restored', async () => {
  const lost = [{ generation: 'AAAAAAAAAAA', linked: 4, backedUp: 0 }];
  onLook = () => json({ ...news, generations: lost });
  start();
  await vi.waitFor(() => expect(asked.map(({ path }) => path)).toEqual(['/v1/line', '/v1/losses']));
  onLook = () => json({ ...news, epoch: 'e2', generations: lost });
  sync.hurry();
  await vi.waitFor(() => expect(asked.map(({ path }) => path)).toEqual(['/v1/line', '/v1/losses', '/v1/line', '/v1/losses']));
  await vi.waitFor(() => expect(outbox.losses()).toEqual([]));
});

it('a disk that takes no receipt lets the record wait, and the repeat ends it', async () => {
  keepEarlier(1);
  const { markAllReceived } = outbox;
  outbox.markAllReceived = () => {
    throw new Error('SQLITE_FULL');
  };
  start();
  await vi.waitFor(() => expect(logged.filter((event) => event === 'storage_failed').length).toBeGreaterThan(1));
  expect(received).toEqual([]);
  expect(outbox.countWaiting()).toBe(1);
  outbox.markAllReceived = markAllReceived;
  await vi.waitFor(() => expect(received).toEqual(ids(1)));
});

it('a disk that does not say in which epoch we are is told, with a delivery under way, and all goes later', async () => {
  const many = Array.from({ length: 350 }, (_, at) => at + 1);
  keepEarlier(...many);
  const { epoch } = outbox;
  let asks = 0;
  outbox.epoch = () => {
    asks += 1;
    if (asks === 3) throw new Error('SQLITE_IOERR');
    return epoch();
  };
  start();
  await vi.waitFor(() => expect(received).toHaveLength(350));
  expect(logged).toContain('storage_failed');
  expect(outbox.countWaiting()).toBe(0);
});

it('asks nothing more when what waits is behind something that a person has to settle', async () => {
  const lane = 'A'.repeat(22);
  for (const number of [1, 2]) outbox.keep(makeContent(number), { lane });
  clock.moveTicks(61_000);
  outbox.markStuck(ids(1)[0] ?? '', 'invalid');
  start();
  await vi.waitFor(() => expect(sync.status().state).toBe('up'));
  const next = vi.spyOn(outbox, 'next');
  keep(3);
  sync.wake();
  await vi.waitFor(() => expect(received).toEqual(ids(3)));
  expect(outbox.countWaiting()).toBe(1);
  // One that finds the third, one that finds nothing: not one after the other, all the time.
  expect(next.mock.calls.length).toBeLessThanOrEqual(4);
  outbox.decide(outbox.status().needsPerson[0]?.reference ?? '', 'again');
  sync.wake();
  await vi.waitFor(() => expect(received).toEqual(ids(3, 1, 2)));
  expect(asked.map(({ path }) => path)).toEqual(['/v1/line', '/v1/transactions', '/v1/transactions']);
});

describe('a backlog of several deliveries', () => {
  const many = Array.from({ length: 250 }, (_, at) => at + 1);
  const [firstHundred, secondHundred] = [many.slice(0, 100), many.slice(100, 200)];

  /** How much had been settled when each delivery came. */
  function watchSettled(answer: (events: TransactionEvent[], number: number) => LineAnswer = receiveAll): number[] {
    const settled: number[] = [];
    onDelivery = (events) => {
      settled.push(received.length);
      return answer(events, settled.length);
    };
    return settled;
  }

  it('goes on while what the one before brought is still settled', async () => {
    keepEarlier(...many);
    const settled = watchSettled();
    start();
    await vi.waitFor(() => expect(received).toEqual(ids(...many)));
    expect(settled).toEqual([0, 0, 100]);
    expect(sequences()).toEqual([firstHundred, secondHundred, many.slice(200)]);
    expect(outbox.countWaiting()).toBe(0);
  });

  it('settles first where a slot is to be kept', async () => {
    keepEarlier(...many);
    const settled = watchSettled((events) => json(replyTo(events, { news: { slot: { inMs: 1 } } })));
    start();
    await vi.waitFor(() => expect(received).toHaveLength(250));
    expect(settled).toEqual([0, 100, 200]);
  });

  it('lets nothing of a lane go behind a record of it that was refused', async () => {
    const lane = 'A'.repeat(22);
    for (const number of many) outbox.keep(makeContent(number), number === 100 || number === 101 ? { lane } : {});
    clock.moveTicks(61_000);
    watchSettled((events, number) => {
      const reply = replyTo(events);
      const last = reply.results.at(-1);
      if (number > 1 || last === undefined) return json(reply);
      return json({ ...reply, results: [...reply.results.slice(0, -1), { txId: last.txId, status: 'refused', reason: 'invalid' }] });
    });
    start();
    await vi.waitFor(() => expect(received).toHaveLength(248));
    expect(sequences().flat()).not.toContain(101);
    expect([stuck, outbox.countWaiting()]).toEqual([ids(100), 1]);
  });

  it('sends nothing after one whose receipt is not right before that one was taken: it would overtake it', async () => {
    keepEarlier(...many);
    const settled = watchSettled((events, number) => json(replyTo(events, number === 1 ? { key: makeKey('r1') } : {})));
    start();
    await vi.waitFor(() => expect(received).toHaveLength(250));
    expect(settled.slice(0, 3)).toEqual([0, 0, 0]);
    expect(sequences().slice(0, 3)).toEqual([firstHundred, firstHundred, secondHundred]);
    expect(received.slice(0, 100)).toEqual(ids(...firstHundred));
    expect(logged).toContain('receipt_refused');
  });

  /** The middleware takes the first at once; of those after it, `inTurn` says which is answered. */
  function watchUnderWay(inTurn: (atOnce: (() => void)[]) => void): { most: () => number } {
    const open: (() => void)[] = [];
    let most = 0;
    onDelivery = (events) => {
      const answer = receiveAll(events);
      if (deliveries().length === 1) return answer;
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
    keepEarlier(...more);
    const underWay = watchUnderWay((open) => open[0]?.());
    start();
    await vi.waitFor(() => expect(received).toEqual(ids(...more)));
    expect(underWay.most()).toBe(2);
  });

  it('sends nothing beside a delivery that has a record of the same lane', async () => {
    const lane = 'A'.repeat(22);
    for (const number of many) outbox.keep(makeContent(number), number === 150 || number === 250 ? { lane } : {});
    clock.moveTicks(61_000);
    const underWay = watchUnderWay((open) => open[0]?.());
    start();
    await vi.waitFor(() => expect(received).toEqual(ids(...many)));
    expect(underWay.most()).toBe(1);
  });

  it('settles the one that was taken when the one before it got lost, and brings that one again', async () => {
    keepEarlier(...many);
    let lost = 0;
    const inTurn = onDelivery;
    onDelivery = (events) => {
      if (events[0]?.sequence !== 101 || lost > 0) return inTurn(events);
      lost += 1;
      return Promise.reject(new LineError('no_connection'));
    };
    start();
    await vi.waitFor(() => expect(received).toHaveLength(250));
    expect(received).toEqual(ids(...firstHundred, ...many.slice(200), ...secondHundred));
    expect(outbox.countWaiting()).toBe(0);
  });

  it('stops for somebody who waits', async () => {
    keepEarlier(...many);
    watchSettled((events, number) => {
      if (number === 1) {
        keep(251);
        sync.wake();
      }
      return receiveAll(events);
    });
    start();
    await vi.waitFor(() => expect(received).toHaveLength(251));
    expect(sequences()[1]).toEqual([251]);
    expect(deliveries()[1]?.priority).toBe(priority.live);
  });
});
