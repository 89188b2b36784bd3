import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { mediaType } from '../../contract/wire.ts';
import { systemClock as clock } from '../../electron/clock.ts';
import { openOutbox } from '../../electron/outbox/open-outbox.ts';
import { openKeySets } from '../../electron/sync/keys/key-set.ts';
import { createLine } from '../../electron/sync/line.ts';
import { createSync } from '../../electron/sync/sync.ts';
import { askOnce } from '../../electron/terminal/identity/ask-once.ts';
import { fileKeyStore } from '../../electron/terminal/identity/key-store.ts';
import { openRegistry } from '../../electron/terminal/identity/registry.ts';
import { makeContent } from '../../electron/testing/outbox-room.ts';
import { rotateKeys } from '../../middleware/keys/rotate.ts';
import { openTestBench, type TestBench } from '../../middleware/testing/harness.ts';

let bench: TestBench;
let folder: string;
beforeAll(async () => {
  bench = await openTestBench();
  folder = mkdtempSync(join(tmpdir(), 'loket-rotation-'));
}, 60_000);
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

const day = 86_400_000;

test('keys that changed three times meanwhile: what was sealed to the first one opens', async () => {
  const before = await bench.start({ keys: bench.keys.keysFile });
  const parts = { terminal: 'kiosk-90', url: before.url, keyStore: fileKeyStore, ask: askOnce, now: () => new Date() };
  const registry = openRegistry({ folder: join(folder, 'identity'), ...parts });
  const body = JSON.stringify({ terminal: 'kiosk-90', name: 'Kiosk 90' });
  const reply = await before.ask('/demo/enrolments', { method: 'POST', headers: { 'content-type': mediaType.json }, body });
  const enrolled = await registry.enrol(((await reply.json()) as { code: string }).code);
  if (!enrolled.ok) throw new Error(enrolled.error);
  const identity = enrolled.value;
  const log = vi.fn();

  // Without a line it seals to the key that enrolment gave.
  const silent = { get: () => Promise.reject(new Error('no line')) };
  const offline = openKeySets({ file: join(folder, 'keys.jws'), identity, line: silent, clock, log });
  const outbox = openOutbox({
    folder: join(folder, 'outbox'),
    identity,
    sealKey: offline.sealKey,
    clock,
    reserveMebibytes: 0,
    keepDays: 30,
  });
  const contents = [1, 2, 3].map((number) => makeContent(number));
  for (const content of contents) expect(outbox.keep(content, {}).ok).toBe(true);
  const first = offline.sealKey().id;

  // The last one long enough ago that its keys are in use (`headStart` in middleware/keys/rotate.ts).
  for (const ago of [62, 32, 2]) {
    const rotated = await rotateKeys(bench.keys.keysFile, null, new Date(Date.now() - ago * day));
    if (!rotated.ok) throw new Error(rotated.error);
  }
  const after = await bench.start({ keys: bench.keys.keysFile });
  const line = createLine({ url: after.url, tls: () => identity.tls });
  const keySets = openKeySets({ file: join(folder, 'keys.jws'), identity, line, clock, log });
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
    onNews: (news) => void keySets.hear(news),
  });
  sync.start();
  try {
    await vi.waitFor(() => expect(contents.map(({ txId }) => outbox.stateOf(txId))).toEqual(['received', 'received', 'received']), 20_000);
    await vi.waitFor(() => expect(keySets.current().serial).toBe(4), 10_000);
    expect(keySets.sealKey().id).not.toBe(first);
    await after.worker.drain();
    const cases = await bench.database.query('SELECT i.key_id AS key, c.status FROM cases c JOIN inbox i USING (tx_id)');
    expect(cases.map(({ key }) => key)).toEqual([first, first, first]);
    // By the newest receipt key, which came with the set.
    const kid = JSON.parse(Buffer.from(outbox.receiptOf(contents[0]?.txId ?? '')?.head.split('.')[0] ?? '', 'base64url').toString()).kid;
    expect(kid).toBe(keySets.current().receipt.at(-1)?.id);
  } finally {
    await sync.stop();
    outbox.close();
  }
});
