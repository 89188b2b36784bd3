import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer as createPlainServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaType, type TransactionEvent } from '../../contract/wire.ts';
import { systemClock } from '../clock.ts';
import type { OpenOutbox } from '../outbox/open-outbox.ts';
import { makeKey, news, receive } from '../testing/fake-middleware.ts';
import { makeClock, makeContent, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import { type Authority, makeAuthority, makePair, type Pair, startTlsServer, type TlsServer } from '../testing/tls-server.ts';
import { readPublicKey } from './keys/signed.ts';
import { createLine, type Line, type LineTls } from './line.ts';
import { toLineError } from './line-problem.ts';
import { createSync, type Sync } from './sync.ts';

/** Bad days over real TLS: whatever comes back, entries stay, and the operator's page has a word for it. */

const right = makeKey('r1');
const identity = makeSigner('kiosk-2');
const day = 24 * 3_600_000;

let root: Authority;
let other: Authority;
let good: Pair;
let client: Pair;
let server: TlsServer;
let folder: string;
let outbox: OpenOutbox;
let line: Line;
let sync: Sync | null;
let tls: LineTls;
let received: string[];
let asked: string[];

beforeAll(async () => {
  root = await makeAuthority('Loket root');
  other = await makeAuthority('Loket root');
  good = await makePair('localhost', root);
  client = await makePair('kiosk-2', root);
});

beforeEach(async () => {
  server = await startTlsServer({ pair: good, clients: root });
  folder = mkdtempSync(join(tmpdir(), 'loket-lines-'));
  const clock = makeClock();
  outbox = openTestOutbox(folder, { identity, clock });
  for (const number of [1, 2]) outbox.keep(makeContent(number), {});
  clock.moveTicks(61_000);
  tls = { ...client, ca: root.pem };
  received = [];
  asked = [];
  sync = null;
  server.answer = work;
});
afterEach(async () => {
  await sync?.stop();
  await line.close();
  outbox.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

function start(url = server.url, deadlineMs = 5_000): void {
  line = createLine({ url, tls: () => tls, deadlineMs });
  sync = createSync({
    outbox,
    line,
    receiptKeys: () => new Map([['r1', readPublicKey(right.jwk)]]),
    terminal: 'kiosk-2',
    clock: systemClock,
    log: () => undefined,
    pace: { retryBaseMs: 5, retryCapMs: 20, healthMs: 60_000 },
    onLine: () => undefined,
    onReceived: (txId) => received.push(txId),
    onStuck: () => undefined,
    onNews: () => undefined,
  });
  sync.start();
}

const send = (response: ServerResponse, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': mediaType.json, ...headers }).end(body);
const replyTo = (body: string) => JSON.stringify(receive(JSON.parse(body) as TransactionEvent[], { terminal: 'kiosk-2', key: right }));

/** The middleware as it should be. */
const work: TlsServer['answer'] = (request, body, response) => {
  asked.push(request.url ?? '');
  send(response, request.url === '/v1/line' ? JSON.stringify(news) : replyTo(body));
};

/** As it should be, but for deliveries. */
const spoil =
  (answer: (body: string, response: ServerResponse) => void): TlsServer['answer'] =>
  (request, body, response) => {
    if (request.url === '/v1/line') return work(request, body, response);
    asked.push(request.url ?? '');
    answer(body, response);
  };

const all = () => [1, 2].map((number) => makeContent(number).txId);

async function expectRecovery(): Promise<void> {
  server.answer = work;
  await vi.waitFor(() => expect(received).toEqual(all()), { timeout: 10_000 });
  expect(outbox.countWaiting()).toBe(0);
  expect(sync?.status()).toMatchObject({ state: 'up', problem: null });
}

it('on a good day all is received', async () => {
  start();
  await expectRecovery();
});

describe('entries stay while', () => {
  const days: [string, string, TlsServer['answer']][] = [
    [
      'a captive portal answers',
      'not_the_middleware',
      (_request, _body, response) => send(response, '<h1>WiFi</h1>', { 'content-type': 'text/html' }),
    ],
    [
      'somebody sends it elsewhere',
      'not_the_middleware',
      (_request, _body, response) => response.writeHead(302, { location: 'https://portal.example/' }).end(),
    ],
    [
      'the answer is packed and cut',
      'unreadable',
      spoil((body, response) => send(response, gzipSync(replyTo(body)).subarray(0, 80), { 'content-encoding': 'gzip' })),
    ],
    [
      'the answer is packed, and whole',
      'unreadable',
      spoil((body, response) => send(response, gzipSync(replyTo(body)), { 'content-encoding': 'gzip' })),
    ],
    [
      'the answer has no end',
      'unreadable',
      spoil((_body, response) => {
        response.writeHead(200, { 'content-type': mediaType.json });
        const piece = Buffer.alloc(64 * 1024, 32);
        const flood = () => {
          while (!response.destroyed && response.write(piece));
          if (!response.destroyed) response.once('drain', flood);
        };
        flood();
      }),
    ],
    [
      'the line is cut in the middle of the answer',
      'no_connection',
      spoil((body, response) => {
        response.writeHead(200, { 'content-type': mediaType.json, 'content-length': String(body.length) });
        response.write(replyTo(body).slice(0, 100), () => response.destroy());
      }),
    ],
    ['a proxy resets it before the answer', 'no_connection', spoil((_body, response) => response.destroy())],
    ['headers go on for ever', 'unreadable', spoil((body, response) => send(response, replyTo(body), { 'x-much': 'x'.repeat(40_000) }))],
    [
      'another key signs the receipts',
      'receipt_refused',
      spoil((body, response) => send(response, JSON.stringify(receive(JSON.parse(body), { terminal: 'kiosk-2', key: makeKey('r1') })))),
    ],
    ['the ids are others', 'unreadable', spoil((body, response) => send(response, replyTo(body).replaceAll('-7000-8000-', '-7000-9000-')))],
    [
      'it is not let in',
      'refused',
      (_request, _body, response) => response.writeHead(403, { 'content-type': mediaType.problem }).end('{}'),
    ],
    [
      'it is told to be patient',
      'busy',
      (_request, _body, response) => response.writeHead(503, { 'content-type': mediaType.problem, 'retry-after': '0' }).end('{}'),
    ],
  ];
  it.each(days)('%s', async (_name, problem, answer) => {
    let seen = 0;
    server.answer = (...request) => {
      seen += 1;
      answer(...request);
    };
    start();
    await vi.waitFor(() => expect(sync?.status().problem).toBe(problem), { timeout: 10_000, interval: 2 });
    await vi.waitFor(() => expect(seen).toBeGreaterThan(2), { timeout: 10_000 });
    expect(received).toEqual([]);
    expect(outbox.countWaiting()).toBe(2);
    await expectRecovery();
  });

  const certificates: [string, string, () => Promise<Pair>][] = [
    ['its certificate has expired', 'dates', () => makePair('localhost', root, { until: new Date(Date.now() - day) })],
    ['its certificate is not valid yet', 'dates', () => makePair('localhost', root, { from: new Date(Date.now() + day) })],
    [
      'this clock is ten years behind',
      'dates',
      () => makePair('localhost', root, { from: new Date(Date.now() + 3650 * day), until: new Date(Date.now() + 3700 * day) }),
    ],
    ['another authority of the same name certifies it', 'not_the_middleware', () => makePair('localhost', other)],
  ];
  it.each(certificates)('%s', async (_name, problem, make) => {
    server.show(await make());
    start();
    await vi.waitFor(() => expect(sync?.status()).toMatchObject({ state: 'down', problem }), { timeout: 10_000, interval: 5 });
    expect(asked).toEqual([]);
    expect(outbox.countWaiting()).toBe(2);
    server.show(good);
    await expectRecovery();
  });

  it('its name is another', async () => {
    start(server.url.replace('localhost', '127.0.0.1'));
    await vi.waitFor(() => expect(sync?.status()).toMatchObject({ state: 'down', problem: 'not_the_middleware' }), { timeout: 10_000 });
    expect(asked).toEqual([]);
  });

  it('this terminal’s certificate is of another authority', async () => {
    tls = { ...(await makePair('kiosk-2', other)), ca: root.pem };
    start();
    // Node's server hangs up without a word; others say why (below).
    await vi.waitFor(() => expect(sync?.status()).toMatchObject({ state: 'down', problem: 'no_connection' }), { timeout: 10_000 });
    expect(asked).toEqual([]);
    // A new one after a renewal goes with the next request.
    tls = { ...client, ca: root.pem };
    await expectRecovery();
  });

  it('something without TLS stands in its place', async () => {
    const plain = createPlainServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    start(`https://localhost:${(plain.address() as AddressInfo).port}`);
    await vi.waitFor(() => expect(sync?.status()).toMatchObject({ state: 'down', problem: 'not_the_middleware' }), { timeout: 10_000 });
    plain.close();
    plain.closeAllConnections();
  });

  it('only an older TLS is spoken', async () => {
    const old = await startTlsServer({ pair: good, clients: root, maxVersion: 'TLSv1.2' });
    old.answer = work;
    start(old.url);
    await vi.waitFor(() => expect(sync?.status()).toMatchObject({ state: 'down', problem: 'not_the_middleware' }), { timeout: 10_000 });
    expect(asked).toEqual([]);
    await old.close();
  });

  it('nobody listens', async () => {
    const gone = await startTlsServer({ pair: good, clients: root });
    await gone.close();
    start(gone.url);
    await vi.waitFor(() => expect(sync?.status()).toMatchObject({ state: 'down', problem: 'no_connection' }), { timeout: 10_000 });
  });

  it('the answer comes too late: the repeat is settled, and the late one is nobody’s', async () => {
    const late: (() => void)[] = [];
    server.answer = spoil((body, response) => late.push(() => send(response, replyTo(body))));
    start(server.url, 300);
    await vi.waitFor(() => expect(late.length).toBeGreaterThan(1), { timeout: 10_000 });
    expect(received).toEqual([]);
    for (const answer of late) answer();
    await expectRecovery();
  });
});

it('asks for nothing packed, and says who it is in its certificate alone', async () => {
  const headers: unknown[] = [];
  server.answer = (request, body, response) => {
    headers.push(Object.keys(request.headers).sort());
    work(request, body, response);
  };
  start();
  await vi.waitFor(() => expect(received).toEqual(all()), { timeout: 10_000 });
  expect(headers).toEqual([
    ['connection', 'host', 'priority'],
    ['connection', 'content-length', 'content-type', 'host', 'if-match', 'prefer', 'priority'],
  ]);
});

it.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'refused'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', 'refused'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'refused'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'dates'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'not_the_middleware'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'not_the_middleware'],
  ['ENOTFOUND', 'no_connection'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no_connection'],
  ['UND_ERR_HEADERS_TIMEOUT', 'no_connection'],
])('what TLS and the network call %s is %s to the operator', (code, problem) => {
  const error = new Error('inside', { cause: Object.assign(new Error('why'), { code }) });
  expect(toLineError(error).problem).toBe(problem);
  // Only what was carried too slowly is worth carrying in smaller parts.
  expect(toLineError(error).timedOut).toBe(code === 'UND_ERR_HEADERS_TIMEOUT');
});
