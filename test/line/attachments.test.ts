import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Attachments, openAttachments } from '../../electron/outbox/attachments/attachments.ts';
import { createUploads, type Uploads } from '../../electron/sync/attachments.ts';
import { createLine, type Line } from '../../electron/sync/line.ts';
import { backUp, startBackup } from '../../middleware/store/backup.ts';
import type { ClientIdentity } from '../../middleware/testing/enrolled.ts';
import { createFakeTerminal, type FakeTerminal } from '../../middleware/testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../../middleware/testing/harness.ts';

/** A terminal's attachments against the real middleware, over real TLS. */

let bench: TestBench;
let terminal: FakeTerminal;
let identity: ClientIdentity;
let folder: string;
const lines: Line[] = [];
beforeAll(async () => {
  bench = await openTestBench();
  folder = mkdtempSync(join(tmpdir(), 'loket-attachments-'));
  terminal = createFakeTerminal('kiosk-7', bench.keys.sealKey);
  identity = await bench.enrol(terminal);
}, 60_000);
afterEach(async () => {
  await Promise.all(lines.splice(0).map((line) => line.close()));
  await bench.empty();
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

function connect({ url }: TestMiddleware): Line {
  const tls = { ...identity, ca: bench.keys.tls.root.pem };
  const line = createLine({ url, tls: () => tls });
  lines.push(line);
  return line;
}

function startUploads(attachments: Attachments, request: Line['request'], skipMs = 0): Uploads {
  const uploads = createUploads({
    line: { request },
    attachments,
    recordsGo: () => false,
    clock: { wall: () => new Date(), ticks: () => performance.now() + skipMs },
    log: () => undefined,
    pace: { retryBaseMs: 1, retryCapMs: 50 },
  });
  uploads.start();
  return uploads;
}

test('a photo goes through two instances that die in between, its case goes on, and the kiosk forgets it after a backup', async () => {
  let middleware = await bench.start();
  const attachments = openAttachments({ folder, reserveMebibytes: 0, stateOf: () => 'received' });
  const content = terminal.makeContent();
  const photo = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), randomBytes(1_000_000)]);
  const prepared = await attachments.prepare(content.txId, photo, { name: 'foto.jpg', mediaType: 'image/jpeg' });
  if (!prepared.ok) throw new Error(prepared.error);
  content.attachments.push(prepared.value);
  expect((await middleware.deliver([await terminal.seal(content)], terminal)).status).toBe(200);

  let line = connect(middleware);
  let pieces = 0;
  const uploads = startUploads(attachments, async (method, ...rest) => {
    if (method === 'PATCH') {
      pieces += 1;
      if (pieces === 2 || pieces === 4) {
        await middleware.close();
        middleware = await bench.start({}, { database: bench.beside() });
        line = connect(middleware);
        throw new Error('the line is gone');
      }
    }
    return await line.request(method, ...rest);
  });
  const readCase = async () => {
    await middleware.worker.drain();
    return await bench.database.query('SELECT status FROM cases WHERE tx_id = $1::uuid', [content.txId]);
  };
  try {
    await vi.waitFor(async () => expect(await readCase()).toEqual([{ status: 'open' }]), { timeout: 20_000 });
  } finally {
    await uploads.stop();
  }
  expect(pieces).toBe(6);
  expect(attachments.list()).toHaveLength(1);

  await backUp(bench.database, await startBackup(bench.database));
  const again = startUploads(attachments, line.request, 24 * 3_600_000);
  await vi.waitFor(() => expect(attachments.list()).toEqual([]), { timeout: 20_000 });
  await again.stop();
});
