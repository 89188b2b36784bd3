import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type OperatorView, QueueExport } from '../../contract/operator.ts';
import { mediaType } from '../../contract/wire.ts';
import { systemClock as clock } from '../../electron/clock.ts';
import type { Services } from '../../electron/operator/assemble-status.ts';
import { createOperatorDesk } from '../../electron/operator/operator-desk.ts';
import { type OpenOutbox, openOutbox } from '../../electron/outbox/open-outbox.ts';
import { openKeySets } from '../../electron/sync/keys/key-set.ts';
import { askOnce } from '../../electron/terminal/identity/ask-once.ts';
import type { TerminalIdentity } from '../../electron/terminal/identity/identity.ts';
import { fileKeyStore } from '../../electron/terminal/identity/key-store.ts';
import { type IdentityRegistry, openRegistry } from '../../electron/terminal/identity/registry.ts';
import { makeContent } from '../../electron/testing/outbox-room.ts';
import { takeCarried } from '../../middleware/ingest/carried.ts';
import { prepareReceipts } from '../../middleware/receipts/receipt-log.ts';
import { operatorCodeAt } from '../../middleware/terminals/operator-secret.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../../middleware/testing/harness.ts';

/** The operator's desk of a terminal, with the middleware that gave it its identity and takes what it carried. */

let bench: TestBench;
let middleware: TestMiddleware;
beforeAll(async () => {
  bench = await openTestBench();
  middleware = await bench.start();
}, 60_000);
afterAll(() => bench.close());

let folder: string;
let stick: string;
let registry: IdentityRegistry;
let outbox: OpenOutbox | null;
let view: OperatorView | null;
beforeEach(() => {
  [folder, stick, outbox, view] = [mkdtempSync(join(tmpdir(), 'loket-desk-')), mkdtempSync(join(tmpdir(), 'loket-stick-')), null, null];
  const parts = { terminal: 'kiosk-9', url: middleware.url, keyStore: fileKeyStore, ask: askOnce, now: () => new Date() };
  registry = openRegistry({ folder: join(folder, 'identity'), ...parts });
});
afterEach(() => {
  outbox?.close();
  for (const each of [folder, stick]) rmSync(each, { recursive: true, force: true });
});

const makeDesk = (services: () => Services) =>
  createOperatorDesk({
    config: {
      terminal: 'kiosk-9',
      name: 'Kiosk 9',
      languages: ['nl'],
      screen: { pxPerMm: 'fit', kiosk: true },
      storage: { reserveMebibytes: 8, keepDays: 30, exportFolder: stick, openPort: null, shutPort: null },
    },
    folder,
    registry,
    services,
    titleOf: () => 'Attest',
    chooseFolder: null,
    audit: null,
    clock,
    log: () => undefined,
    publish: (shown) => {
      view = shown;
    },
    onEnrolled: openQueue,
  });

/** As main does when it starts anew with an identity. */
function openQueue(identity: TerminalIdentity): void {
  const line = { get: () => Promise.reject(new Error('no line')) };
  const keySets = openKeySets({ file: join(folder, 'keys.jws'), identity, line, clock, log: () => undefined });
  const room = { folder: join(folder, 'outbox'), reserveMebibytes: 8, keepDays: 30 };
  outbox = openOutbox({ ...room, identity, sealKey: () => keySets.sealKey(), clock });
}

test('enrolled, signed in with the code that the middleware shows, and what waited was carried and taken', async () => {
  const desk = makeDesk(() => ({ outbox, sync: null, keySets: null, bundles: null }));
  desk.open();
  expect(view?.page).toMatchObject({ page: 'enrol', why: 'first' });
  const body = JSON.stringify({ terminal: 'kiosk-9', name: 'Kiosk 9' });
  const reply = await middleware.ask('/demo/enrolments', { method: 'POST', headers: { 'content-type': mediaType.json }, body });
  desk.take('operator.enrol', { code: ((await reply.json()) as { code: string }).code });
  await vi.waitFor(() => expect(view?.page).toMatchObject({ page: 'enrol', state: 'done' }), 10_000);
  desk.close();

  for (const number of [1, 2, 3]) expect(outbox?.keep(makeContent(number), {}).ok).toBe(true);
  desk.open();
  const secret = registry.current()?.operatorSecret ?? '';
  desk.take('operator.sign_in', { code: operatorCodeAt(secret, new Date()).code });
  expect(view?.page).toMatchObject({ page: 'status', status: { queue: { waiting: [{ title: 'Attest', count: 3 }] } } });
  desk.take('operator.export', {});
  await vi.waitFor(() => expect(view?.page).toMatchObject({ export: { state: 'done', records: 3 } }), 10_000);
  await desk.stop();

  const carried = QueueExport.parse(JSON.parse(readFileSync(join(stick, readdirSync(stick)[0] ?? ''), 'utf8')));
  const ingest = {
    signReceipt: prepareReceipts(bench.keys.receiptKey),
    knownKeys: new Set([bench.keys.sealKey.id]),
    now: () => new Date(),
  };
  const { takeDelivery } = takeCarried({ ...ingest, database: bench.database, taken: () => undefined });
  const results = await Promise.all(carried.deliveries.map((items) => takeDelivery(carried.terminal, items)));
  expect(results.flat().map((result) => result?.status)).toEqual(['received', 'received', 'received']);
});
