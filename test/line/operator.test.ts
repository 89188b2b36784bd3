import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { OperatorView } from '../../contract/operator.ts';
import { mediaType } from '../../contract/wire.ts';
import { systemClock as clock } from '../../electron/clock.ts';
import type { Services } from '../../electron/operator/assemble-status.ts';
import { createOperatorDesk } from '../../electron/operator/operator-desk.ts';
import { type Attachments, openAttachments } from '../../electron/outbox/attachments/attachments.ts';
import { openOutbox } from '../../electron/outbox/open-outbox.ts';
import { openWhenPossible, type PatientOutbox } from '../../electron/outbox/open-when-possible.ts';
import { openKeySets } from '../../electron/sync/keys/key-set.ts';
import { askOnce } from '../../electron/terminal/identity/ask-once.ts';
import type { TerminalIdentity } from '../../electron/terminal/identity/identity.ts';
import { fileKeyStore } from '../../electron/terminal/identity/key-store.ts';
import { type IdentityRegistry, openRegistry } from '../../electron/terminal/identity/registry.ts';
import { makeContent } from '../../electron/testing/outbox-room.ts';
import { addOperator, changePassword } from '../../middleware/operators/accounts.ts';
import { operatorCodeAt } from '../../middleware/terminals/operator-secret.ts';
import { createFakeBrowser } from '../../middleware/testing/fake-browser.ts';
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
let outbox: PatientOutbox | null;
let attachments: Attachments | null;
let view: OperatorView | null;
beforeEach(() => {
  [folder, stick] = [mkdtempSync(join(tmpdir(), 'loket-desk-')), mkdtempSync(join(tmpdir(), 'loket-stick-'))];
  [outbox, attachments, view] = [null, null, null];
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
    camera: () => null,
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
  const log = () => undefined;
  const open = (unreadable: 'throw' | 'replace') => openOutbox({ ...room, identity, sealKey: keySets.sealKey, clock, unreadable });
  outbox = openWhenPossible({ open, retryMs: 2_000, log, onLate: log });
  attachments = openAttachments({ folder, reserveMebibytes: 8, stateOf: outbox.stateOf });
}

test('enrolled, signed in with the code that the middleware shows, and what waited was carried and taken', async () => {
  const desk = makeDesk(() => ({ outbox, attachments, sync: null, uploads: null, keySets: null, bundles: null }));
  desk.open();
  expect(view?.page).toMatchObject({ page: 'enrol', why: 'first' });
  const body = JSON.stringify({ terminal: 'kiosk-9', name: 'Kiosk 9' });
  const reply = await middleware.ask('/demo/enrolments', { method: 'POST', headers: { 'content-type': mediaType.json }, body });
  desk.take('operator.enrol', { code: ((await reply.json()) as { code: string }).code });
  await vi.waitFor(() => expect(view?.page).toMatchObject({ page: 'enrol', state: 'done' }), 10_000);
  desk.close();

  const photo = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), randomBytes(600_000)]);
  expect(await attachments?.prepare(makeContent(1).txId, photo, { name: 'foto.jpg', mediaType: 'image/jpeg' })).toMatchObject({ ok: true });
  for (const number of [1, 2, 3]) expect(outbox?.keep(makeContent(number), {}).ok).toBe(true);
  desk.open();
  const secret = registry.current()?.operatorSecret ?? '';
  desk.take('operator.sign_in', { code: operatorCodeAt(secret, new Date()).code });
  expect(view?.page).toMatchObject({ page: 'status', status: { queue: { waiting: [{ title: 'Attest', count: 3 }] } } });
  desk.take('operator.export', {});
  await vi.waitFor(() => expect(view?.page).toMatchObject({ export: { state: 'done', records: 3, attachments: 1 } }), 10_000);
  await desk.stop();

  const said = await deliverElsewhere(join(stick, readdirSync(stick)[0] ?? ''));
  expect(said).toBe(
    'Klaar. Aanvragen ontvangen: 3, waarvan er 0 op u wachten. Geweigerd: 0; die blijven op de terminal. Bijlagen ontvangen: 1, niet ontvangen: 0.',
  );
  expect(await bench.database.query('SELECT count(*)::int AS n FROM inbox')).toEqual([{ n: 3 }]);
  expect(await bench.database.query('SELECT terminal, state FROM attachment')).toEqual([{ terminal: 'kiosk-9', state: 'whole' }]);
  // Again is the same.
  expect(await deliverElsewhere(join(stick, readdirSync(stick)[0] ?? ''))).toBe(said);
  expect(await bench.database.query('SELECT count(*)::int AS n FROM inbox')).toEqual([{ n: 3 }]);
});

test('a folder without a queue, or with one that was cut, brings nothing', async () => {
  const head = JSON.stringify({ kind: 'loket/export/1', terminal: 'kiosk-9', writtenAt: '2026-11-22T10:00:00.000Z' });
  const cases = [
    ['', 'In deze map staat geen wachtrij'],
    ['{"kind":"x"}\n', 'In deze map staat geen wachtrij'],
    [`${head}\n{"part":"delivery","terminal":"kiosk-9","items":[{}]}\n{"part":"de`, 'In deze map staat geen wachtrij'],
    [`${head}\n{"part":"delivery","terminal":"kiosk-9","items":[{}]}\n`, 'Dit bestand is niet heel'],
  ] as const;
  for (const [content, saying] of cases) {
    writeFileSync(join(stick, 'queue.jsonl'), content);
    expect(await deliverElsewhere(stick)).toContain(saying);
  }
});

/** An operator at the middleware's own page, with its own script. Answers what the page says in the end. */
async function deliverElsewhere(folder: string): Promise<string> {
  await addOperator(bench.database, { name: 'the-operator', role: 'operator' });
  await changePassword(bench.database, 'the-operator', 'brug over de Leie');
  const browser = createFakeBrowser(middleware);
  await browser.signIn('the-operator', 'brug over de Leie');
  const page = await (await browser.get('/operator/exports')).text();
  const words = (/data-words="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  const files = readdirSync(folder).map((name) => new File([readFileSync(join(folder, name))], name));
  const button = { disabled: false };
  const said = { textContent: '' };
  let submit: (event: { preventDefault(): void }) => Promise<void> = async () => undefined;
  const form = {
    dataset: { words },
    querySelector: () => button,
    addEventListener: (_event: string, listener: typeof submit) => {
      submit = listener;
    },
  };
  const elements: Record<string, unknown> = { export: form, said, folder: { files } };
  runInNewContext(await (await browser.get('/assets/exports.js')).text(), {
    document: { getElementById: (id: string) => elements[id] ?? null },
    fetch: (path: string, { body }: { body: string }) => browser.postJson(path, JSON.parse(body)),
    TextDecoderStream,
    btoa,
  });
  await submit({ preventDefault: () => undefined });
  expect(button.disabled).toBe(false);
  return said.textContent;
}
