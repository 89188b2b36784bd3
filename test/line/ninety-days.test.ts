import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LineNews, mediaType } from '../../contract/wire.ts';
import { systemClock as clock } from '../../electron/clock.ts';
import { openOutbox } from '../../electron/outbox/open-outbox.ts';
import { openKeySets } from '../../electron/sync/keys/key-set.ts';
import { createLine } from '../../electron/sync/line.ts';
import { createSync } from '../../electron/sync/sync.ts';
import { askOnce } from '../../electron/terminal/identity/ask-once.ts';
import type { TerminalIdentity } from '../../electron/terminal/identity/identity.ts';
import { fileKeyStore } from '../../electron/terminal/identity/key-store.ts';
import { openRegistry } from '../../electron/terminal/identity/registry.ts';
import { makeContent } from '../../electron/testing/outbox-room.ts';
import { rotateKeys } from '../../middleware/keys/rotate.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../../middleware/testing/harness.ts';
import { releaseHeld } from '../../middleware/worker/release.ts';

/** A terminal that was switched off or without a line for so long that its certificate ran out, with records in it. */

let bench: TestBench;
let folder: string;
beforeAll(async () => {
  bench = await openTestBench();
  folder = mkdtempSync(join(tmpdir(), 'loket-ninety-days-'));
}, 60_000);
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

const day = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * day);

async function codeFor(middleware: TestMiddleware): Promise<string> {
  const body = JSON.stringify({ terminal: 'kiosk-90', name: 'Kiosk 90' });
  const reply = await middleware.ask('/demo/enrolments', { method: 'POST', headers: { 'content-type': mediaType.json }, body });
  return ((await reply.json()) as { code: string }).code;
}

const openIdentity = (url: string) =>
  openRegistry({
    folder: join(folder, 'identity'),
    terminal: 'kiosk-90',
    url,
    keyStore: fileKeyStore,
    ask: askOnce,
    now: clock.wall,
  });

/** As main does at a start with this identity. */
function startTerminal(identity: TerminalIdentity, url: string) {
  const log = vi.fn();
  const line = createLine({ url, tls: () => identity.tls });
  const keySets = openKeySets({ file: join(folder, 'keys.jws'), identity, line, clock, log });
  const room = { folder: join(folder, 'outbox'), reserveMebibytes: 0, keepDays: 30 };
  const outbox = openOutbox({ ...room, identity, sealKey: keySets.sealKey, clock });
  const said = { standing: '' };
  const sync = createSync({
    outbox,
    line,
    receiptKeys: keySets.receiptKeys,
    terminal: 'kiosk-90',
    clock,
    log,
    pace: { retryBaseMs: 1, retryCapMs: 50, healthMs: 1_000 },
    onLine: () => undefined,
    onReceived: () => undefined,
    onStuck: () => undefined,
    onNews(news) {
      said.standing = news.standing;
      keySets.hear(news);
    },
  });
  return {
    outbox,
    keySets,
    sync,
    said,
    keep(numbers: readonly number[]): string[] {
      const contents = numbers.map((number) => makeContent(number));
      for (const content of contents) if (!outbox.keep(content, {}).ok) throw new Error('not kept');
      return contents.map(({ txId }) => txId);
    },
    async stop() {
      await sync.stop();
      outbox.close();
    },
  };
}

async function readStates(): Promise<Record<string, string>> {
  const rows = await bench.database.query('SELECT tx_id::text, state FROM inbox');
  return Object.fromEntries(rows.map(({ tx_id, state }) => [String(tx_id), String(state)]));
}

test('ninety days away, its certificate gone and its keys rotated twice: all of it arrives, waits for a person, and opens', async () => {
  const then = await bench.start({ keys: bench.keys.keysFile }, { now: () => ago(90) });
  const first = await openIdentity(then.url).enrol(await codeFor(then));
  if (!first.ok) throw new Error(first.error);
  expect(first.value.certificateUntil.getTime()).toBeLessThan(Date.now());
  const before = startTerminal(first.value, 'https://localhost:9');
  const away = before.keep([1, 2, 3, 4, 5]);
  const oldKey = before.keySets.sealKey().id;
  await before.stop();
  // The last one long enough ago that its keys are in use (`headStart` in middleware/keys/rotate.ts).
  for (const days of [60, 2]) {
    const rotated = await rotateKeys(bench.keys.keysFile, null, ago(days));
    if (!rotated.ok) throw new Error(rotated.error);
  }
  const now = await bench.start({ keys: bench.keys.keysFile });

  // Its records are taken in and held; it gets keys to seal to, and nothing else.
  const back = startTerminal(first.value, now.url);
  back.sync.start();
  const later = back.keep([6]);
  back.sync.wake();
  const outcomes = () => [...away, ...later].map((txId) => back.outbox.stateOf(txId));
  try {
    await vi.waitFor(() => expect(outcomes()).toEqual(Array(6).fill('received')), 20_000);
    await vi.waitFor(() => expect(back.keySets.sealKey().id).not.toBe(oldKey), 10_000);
    expect(back.said.standing).toBe('held_expired');
    expect([...away, ...later].map((txId) => back.outbox.receiptOf(txId)?.leaf.held)).toEqual(Array(6).fill(true));
  } finally {
    await back.stop();
  }
  await now.worker.drain();
  expect(await readStates()).toEqual(Object.fromEntries([...away, ...later].map((txId) => [txId, 'held'])));
  expect(await bench.database.query('SELECT 1 FROM cases')).toEqual([]);
  const as = { key: first.value.tls.key, cert: first.value.tls.cert };
  const ask = async (path: string) => (await now.ask(path, { as })).status;
  expect([await ask('/v1/line'), await ask('/v1/keys'), await ask('/v1/changes')]).toEqual([200, 200, 403]);

  // Enrolled anew it is believed again, in a queue of its own.
  const again = await openIdentity(now.url).enrol(await codeFor(now));
  if (!again.ok) throw new Error(again.error);
  const anew = startTerminal(again.value, now.url);
  const fresh = anew.keep([7, 8]);
  anew.sync.start();
  try {
    await vi.waitFor(() => expect(fresh.map((txId) => anew.outbox.stateOf(txId))).toEqual(['received', 'received']), 20_000);
    expect(anew.said.standing).toBe('active');
    expect(fresh.map((txId) => anew.outbox.receiptOf(txId)?.leaf.held)).toEqual([false, false]);
  } finally {
    await anew.stop();
  }
  await now.worker.drain();
  const states = await readStates();
  expect(fresh.map((txId) => states[txId])).toEqual(['executed', 'executed']);

  // A person releases what was held: all of it opens, with the keys of its time.
  expect(await releaseHeld(bench.database, [...away, ...later], 'an operator')).toBe(6);
  await now.worker.drain();
  expect(Object.values(await readStates())).toEqual(Array(8).fill('executed'));
  const keys = await bench.database.query('SELECT key_id, count(*)::int AS n FROM inbox GROUP BY key_id');
  expect(keys.find(({ key_id }) => key_id === oldKey)?.n).toBeGreaterThanOrEqual(5);
  const news = LineNews.parse(await (await now.ask('/v1/line', { as: { key: again.value.tls.key, cert: again.value.tls.cert } })).json());
  expect(news.standing).toBe('active');
}, 60_000);
