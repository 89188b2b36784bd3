import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { BatchReply, epochHeader, type LineNews, mediaType, preference, priority, type TransactionEvent } from '../../contract/wire.ts';
import type { OpenOutbox } from '../outbox/open-outbox.ts';
import { readPublicKey } from '../sync/keys/signed.ts';
import type { LastContact } from '../sync/last-contact.ts';
import type { LineAnswer } from '../sync/line.ts';
import { createSync, type LineState, type Sync } from '../sync/sync.ts';
import { makeKey, news, receive, type Twist } from './fake-middleware.ts';
import { makeClock, makeContent, makeSigner, openTestOutbox } from './outbox-room.ts';

export const right = makeKey('r1');
export const identity = makeSigner('kiosk-2');

type Answer = LineAnswer | Promise<LineAnswer>;

/** What a test hands in (`on…`: the middleware's answers), and what it then finds: asked over the line, told by sync. */
export type SyncBench = {
  folder: string;
  outbox: OpenOutbox;
  clock: ReturnType<typeof makeClock>;
  sync: Sync;
  asked: { method: string; path: string; priority: string | undefined; prefer: string | undefined; events: TransactionEvent[] }[];
  epochs: (string | undefined)[];
  lines: LineState[];
  received: string[];
  stuck: string[];
  heard: LineNews[];
  logged: string[];
  /** Bodies that were others when they were answered; a test that leaves any fails. */
  overwritten: number;
  onLook: () => Answer;
  onDelivery: (events: TransactionEvent[]) => Answer;
  onLoss: () => Answer;
  deliveries(): SyncBench['asked'];
  sequences(): number[][];
  keep(...numbers: number[]): void;
  /** As when they were kept a while ago: nobody waits for them any more. */
  keepEarlier(...numbers: number[]): void;
  start(pace?: { retryBaseMs: number; retryCapMs: number; healthMs: number }, lastContact?: LastContact): Sync;
};

export function json(value: unknown, status = 200, type: string = mediaType.json, headers: Record<string, string> = {}): LineAnswer {
  return { status, mediaType: type, headers, body: new TextEncoder().encode(JSON.stringify(value)) };
}
export const problem = (status: number, more: object = {}, headers: Record<string, string> = {}) =>
  json({ type: 'about:blank', title: 'no', status, ...more }, status, mediaType.problem, headers);
export const replyTo = (events: TransactionEvent[], twist: Twist = {}): BatchReply =>
  receive(events, { terminal: 'kiosk-2', key: right }, twist);
export const receiveAll = (events: TransactionEvent[]) => json(replyTo(events));
export const ids = (...numbers: number[]) => numbers.map((number) => makeContent(number).txId);

/** As the middleware does it, of what a test makes it answer: where the delivery stands leaf by leaf under one receipt. */
function leaveProofsOut(answer: LineAnswer): LineAnswer {
  const read = answer.mediaType === mediaType.json ? BatchReply.safeParse(parseJson(answer.body)) : null;
  if (!read?.success || !read.data.results.every((result, at) => result.status === 'received' && result.receipt.proof?.index === at))
    return answer;
  const results = read.data.results.map((result) =>
    result.status === 'received' ? { ...result, receipt: { head: result.receipt.head } } : result,
  );
  return { ...answer, body: new TextEncoder().encode(JSON.stringify({ ...read.data, results })) };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

/** A new one for each test of the file: the real outbox and the real sync, before a line that answers as the test says. */
export function benchSync(): SyncBench {
  const bench = {
    deliveries: () => bench.asked.filter(({ path }) => path === '/v1/transactions'),
    sequences: () => bench.deliveries().map(({ events }) => events.map(({ sequence }) => sequence)),
    keep(...numbers) {
      for (const number of numbers) if (!bench.outbox.keep(makeContent(number), {}).ok) throw new Error('not kept');
    },
    keepEarlier(...numbers) {
      bench.keep(...numbers);
      bench.clock.moveTicks(61_000);
    },
    start(pace = { retryBaseMs: 1, retryCapMs: 4, healthMs: 1_000_000 }, lastContact) {
      bench.sync = startSync(bench, pace, lastContact);
      return bench.sync;
    },
  } as SyncBench;
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), 'loket-sync-'));
    const clock = makeClock();
    Object.assign(bench, {
      folder,
      clock,
      outbox: openTestOutbox(folder, { identity, clock }),
      ...{ asked: [], epochs: [], lines: [], received: [], stuck: [], heard: [], logged: [], overwritten: 0 },
      onLook: () => json(news),
      onDelivery: receiveAll,
      onLoss: () => json({ recorded: true }),
    });
  });
  afterEach(async () => {
    await bench.sync.stop();
    bench.outbox.close();
    rmSync(bench.folder, { recursive: true });
    expect(bench.overwritten).toBe(0);
  });
  return bench;
}

function startSync(bench: SyncBench, pace: Parameters<SyncBench['start']>[0] & object, lastContact?: LastContact): Sync {
  const sync = createSync({
    outbox: bench.outbox,
    line: {
      request: async (method, path, headers = {}, body) => {
        const text = String(body);
        const events = path === '/v1/transactions' ? (JSON.parse(text) as TransactionEvent[]) : [];
        bench.asked.push({ method, path, priority: headers[priority.header], prefer: headers[preference.header], events });
        if (path === '/v1/transactions') bench.epochs.push(headers[epochHeader]);
        if (path === '/v1/line') return bench.onLook();
        const answer = await (path === '/v1/losses' ? bench.onLoss() : bench.onDelivery(events));
        // A line may have a part of it still to send until then.
        if (String(body) !== text) bench.overwritten += 1;
        return headers[preference.header] === preference.minimal ? leaveProofsOut(answer) : answer;
      },
      close: async () => undefined,
    },
    receiptKeys: () => new Map([['r1', readPublicKey(right.jwk)]]),
    terminal: 'kiosk-2',
    // Real time for the waits, and a wall that stands still.
    clock: { wall: bench.clock.wall, ticks: () => performance.now() + bench.clock.ticks() },
    log: (event) => bench.logged.push(event),
    pace,
    onLine: (state) => bench.lines.push(state),
    onReceived: (txId) => bench.received.push(txId),
    onStuck: (txId) => bench.stuck.push(txId),
    onNews: (told) => bench.heard.push(told),
    ...(lastContact && { lastContact }),
  });
  sync.start();
  return sync;
}
