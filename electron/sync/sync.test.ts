import { createHash } from 'node:crypto';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaType, type TransactionEvent } from '../../contract/wire.ts';
import { systemClock as clock } from '../clock.ts';
import type { Outbox, WaitingEntry } from '../outbox/outbox.ts';
import type { Line, LineAnswer } from './line.ts';
import { createReceiptVerifier } from './receipt.ts';
import { createSync, type LineState } from './sync.ts';

const right = await generateKeyPair('ES256', { extractable: true });
const wrong = await generateKeyPair('ES256', { extractable: true });
const verifyReceipt = createReceiptVerifier({ key: { id: 'r1', jwk: { ...(await exportJWK(right.publicKey)) } }, terminal: 'kiosk-2' });

function entry(sequence: number): WaitingEntry {
  return {
    sequence,
    txId: `01936f5e-0000-7000-8000-00000000000${sequence}`,
    reference: `KTR-0000-000${sequence}`,
    keyId: 'k1',
    encapsulated: new Uint8Array([1]),
    ciphertext: new Uint8Array([sequence, 2, 3]),
    keptAt: '2026-11-20T10:00:00.000Z',
  };
}

async function receiptFor(event: TransactionEvent, change: Record<string, unknown> = {}, key = right.privateKey): Promise<string> {
  const claims = {
    txId: event.id,
    reference: event.reference,
    terminal: 'kiosk-2',
    sha256: createHash('sha256').update(Buffer.from(event.data_base64, 'base64')).digest('base64url'),
    receivedAt: '2026-11-20T10:05:00.000Z',
    ...change,
  };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims))).setProtectedHeader({ alg: 'ES256', kid: 'r1' }).sign(key);
}

/** Answers as the function says; throws where a real line would. */
let answerPost: (events: TransactionEvent[]) => Promise<LineAnswer>;
let answerGet: () => Promise<LineAnswer>;
let posts: TransactionEvent[][];
let waiting: WaitingEntry[];
let lines: LineState[];
let ended: string[];
let stopped: (() => Promise<void>)[];

const json = (value: unknown, status = 200, type: string = mediaType.json): LineAnswer => ({
  status,
  mediaType: type,
  body: JSON.stringify(value),
});
const receiveAll = async (events: TransactionEvent[]) =>
  json({
    results: await Promise.all(events.map(async (event) => ({ txId: event.id, status: 'received', receipt: await receiptFor(event) }))),
  });

beforeEach(() => {
  posts = [];
  waiting = [entry(1), entry(2)];
  lines = [];
  ended = [];
  stopped = [];
  answerGet = async () => json({ status: 'ok' });
  answerPost = receiveAll;
});
afterEach(async () => {
  for (const stop of stopped) await stop();
});

const outbox: Outbox = {
  keep: () => expect.unreachable('sync keeps nothing'),
  probe: () => expect.unreachable('sync keeps nothing'),
  waiting: ({ records }) => waiting.slice(0, records),
  countWaiting: () => waiting.length,
  markReceived: (txId) => {
    waiting = waiting.filter((candidate) => candidate.txId !== txId);
    ended.push(`received ${txId.slice(-1)}`);
  },
  markNeedsAttention: (txId, reason) => {
    waiting = waiting.filter((candidate) => candidate.txId !== txId);
    ended.push(`${reason} ${txId.slice(-1)}`);
  },
  close: () => undefined,
};

function start() {
  const line: Line = {
    get: () => answerGet(),
    post: (_path, _type, body) => {
      const events = JSON.parse(body) as TransactionEvent[];
      posts.push(events);
      return answerPost(events);
    },
    close: async () => undefined,
  };
  const sync = createSync({
    outbox,
    line,
    verifyReceipt,
    terminal: 'kiosk-2',
    clock,
    log: () => undefined,
    pace: { retryBaseMs: 1, retryCapMs: 5, healthMs: 1_000 },
    onLine: (state) => lines.push(state),
    onReceived: () => undefined,
    onRefused: () => undefined,
  });
  stopped.push(() => sync.stop());
  sync.start();
  return sync;
}

describe('an entry ends', () => {
  it('with a verified receipt, oldest first, in one batch', async () => {
    start();
    await vi.waitFor(() => expect(ended).toEqual(['received 1', 'received 2']));
    expect(posts[0]?.map((event) => event.sequence)).toEqual([1, 2]);
    expect(lines.at(-1)?.state).toBe('up');
  });

  it('in a person’s hands when the middleware refuses it, without holding up the next', async () => {
    answerPost = async ([first, ...rest]) => {
      const received = await receiveAll(rest);
      const { results } = JSON.parse(received.body);
      return json({ results: [{ txId: first?.id, status: 'refused', reason: 'invalid' }, ...results] });
    };
    start();
    await vi.waitFor(() => expect(ended).toEqual(['invalid 1', 'received 2']));
  });
});

describe('an entry stays, and is sent again,', () => {
  const attempts: [string, (events: TransactionEvent[]) => Promise<LineAnswer>][] = [
    ['when there is no line', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['when a captive portal answers', async () => ({ status: 200, mediaType: 'text/html', body: '<h1>Log in to WiFi</h1>' })],
    ['when the middleware is busy', async () => json({ type: 'about:blank', title: 'busy', status: 503 }, 503, mediaType.problem)],
    ['when it is told to go away', async () => json({ type: 'about:blank', title: 'no', status: 403 }, 403, mediaType.problem)],
    ['when an error carries what looks like a reply', async (events) => ({ ...(await receiveAll(events)), status: 502 })],
    ['when a page carries what looks like a reply', async (events) => ({ ...(await receiveAll(events)), mediaType: 'text/html' })],
    ['when the reply is cut', async (events) => ({ ...(await receiveAll(events)), body: '{"results":[{"txId":' })],
    [
      'when the reply names other transactions',
      async ([event]) =>
        json({
          results: [{ txId: '01936f5e-0000-7000-8000-999999999999', status: 'received', receipt: event ? await receiptFor(event) : '' }],
        }),
    ],
    ['when the reply is empty', async () => json({ results: [] })],
    [
      'when another key signed the receipt',
      async (events) =>
        json({
          results: await Promise.all(
            events.map(async (event) => ({ txId: event.id, status: 'received', receipt: await receiptFor(event, {}, wrong.privateKey) })),
          ),
        }),
    ],
    [
      'when the receipt is for other bytes',
      async (events) =>
        json({
          results: await Promise.all(
            events.map(async (event) => ({
              txId: event.id,
              status: 'received',
              receipt: await receiptFor(event, { sha256: 'a'.repeat(43) }),
            })),
          ),
        }),
    ],
    [
      'when the receipt is for another terminal',
      async (events) =>
        json({
          results: await Promise.all(
            events.map(async (event) => ({
              txId: event.id,
              status: 'received',
              receipt: await receiptFor(event, { terminal: 'kiosk-3' }),
            })),
          ),
        }),
    ],
    [
      'when the receipt is unsigned',
      async (events) =>
        json({
          results: events.map((event) => ({
            txId: event.id,
            status: 'received',
            receipt: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`,
          })),
        }),
    ],
  ];
  for (const [name, answer] of attempts) {
    it(name, async () => {
      answerPost = answer;
      start();
      await vi.waitFor(() => expect(posts.length).toBeGreaterThan(2));
      expect(ended).toEqual([]);
      answerPost = receiveAll;
      await vi.waitFor(() => expect(ended).toEqual(['received 1', 'received 2']));
    });
  }
});

it('says that the line is down, and up again, without anything to send', async () => {
  waiting = [];
  answerGet = () => Promise.reject(new Error('ECONNREFUSED'));
  start();
  await vi.waitFor(() => expect(lines.at(-1)?.state).toBe('down'));
  answerGet = async () => json({ status: 'ok' });
  await vi.waitFor(() => expect(lines.at(-1)?.state).toBe('up'));
});

it('has one request in flight, and looks again when woken meanwhile', async () => {
  let release: () => void = () => undefined;
  answerPost = async (events) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return receiveAll(events);
  };
  waiting = [entry(1)];
  const sync = start();
  await vi.waitFor(() => expect(posts).toHaveLength(1));
  waiting.push(entry(2));
  sync.wake();
  sync.wake();
  expect(posts).toHaveLength(1);
  answerPost = receiveAll;
  release();
  await vi.waitFor(() => expect(ended).toEqual(['received 1', 'received 2']));
  expect(posts).toHaveLength(2);
});
