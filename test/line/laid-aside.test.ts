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
import { fileKeyStore } from '../../electron/terminal/identity/key-store.ts';
import { openRegistry } from '../../electron/terminal/identity/registry.ts';
import { makeContent } from '../../electron/testing/outbox-room.ts';
import { backUp, startBackup } from '../../middleware/store/backup.ts';
import { openTestBench, type TestBench } from '../../middleware/testing/harness.ts';

let bench: TestBench;
let folder: string;
beforeAll(async () => {
  bench = await openTestBench();
  folder = mkdtempSync(join(tmpdir(), 'loket-aside-'));
}, 60_000);
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

const txIdOf = (number: number) => makeContent(number).txId;

test('what a person laid aside leaves no hole: what was kept before and after it is covered, and let go', async () => {
  const middleware = await bench.start();
  const terminal = 'kiosk-91';
  const ask = { terminal, url: middleware.url, keyStore: fileKeyStore, ask: askOnce, now: () => new Date() };
  const registry = openRegistry({ folder: join(folder, 'identity'), ...ask });
  const body = JSON.stringify({ terminal, name: 'Kiosk 91' });
  const reply = await middleware.ask('/demo/enrolments', { method: 'POST', headers: { 'content-type': mediaType.json }, body });
  const enrolled = await registry.enrol(((await reply.json()) as { code: string }).code);
  if (!enrolled.ok) throw new Error(enrolled.error);
  const identity = enrolled.value;
  const log = vi.fn();
  const line = createLine({ url: middleware.url, tls: () => identity.tls });
  const keySets = openKeySets({ file: join(folder, 'keys.jws'), identity, line, clock, log });
  const room = { folder: join(folder, 'outbox'), reserveMebibytes: 0, keepDays: 0 };
  const outbox = openOutbox({ ...room, identity, sealKey: keySets.sealKey, clock });
  let told: LineNews | null = null;
  const sync = createSync({
    outbox,
    line,
    receiptKeys: keySets.receiptKeys,
    terminal,
    clock,
    log,
    pace: { retryBaseMs: 1, retryCapMs: 20, healthMs: 50 },
    onLine: () => undefined,
    onReceived: () => undefined,
    onStuck: () => undefined,
    onNews: (news) => {
      told = LineNews.parse(news);
    },
  });
  const states = () => [1, 2, 3, 4, 5, 6].map((number) => outbox.stateOf(txIdOf(number)));
  const linked = () => told?.generations.map((each) => each.linked);
  try {
    for (const number of [1, 2, 3, 4]) outbox.keep(makeContent(number), {});
    outbox.markStuck(txIdOf(2), 'invalid');
    sync.start();
    await vi.waitFor(() => expect(states()).toEqual(['received', 'stuck', 'received', 'received', null, null]), 10_000);
    await vi.waitFor(() => expect(linked()).toEqual([1]), 10_000);

    expect(outbox.decide(makeContent(2).reference, 'aside')).toBe(1);
    for (const number of [5, 6]) outbox.keep(makeContent(number), {});
    // A second one, of a queue that is closed by then.
    outbox.markStuck(txIdOf(6), 'invalid');
    sync.wake();
    await vi.waitFor(() => expect(linked()).toEqual([4, 1]), 10_000);
    outbox.decide(makeContent(6).reference, 'aside');
    sync.hurry();
    await vi.waitFor(() => expect(linked()).toEqual([4, 2]), 10_000);
    expect(await backUp(bench.database, await startBackup(bench.database))).toBe(true);
    await vi.waitFor(() => expect(states()).toEqual([null, 'aside', null, null, null, 'aside']), 10_000);
    expect(told).toMatchObject({ standing: 'active' });
    expect(outbox.status().lost).toBe(0);
  } finally {
    await sync.stop();
    outbox.close();
  }
});
