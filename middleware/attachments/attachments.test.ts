import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { attachmentLimits, tus, writeUploadMetadata } from '../../contract/attachment.ts';
import { backUp, startBackup } from '../store/backup.ts';
import type { Queries } from '../store/database.ts';
import { createUploader, sealAttachment, upload } from '../testing/fake-attachment.ts';
import { createFakeTerminal, makeTxId } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { beginUpload } from './uploads.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

const { chunkBytes, tagBytes } = attachmentLimits;
const threeChunks = 2 * chunkBytes + 1000;

/** A record that names these, and what its case says once the worker has looked. */
async function deliver(middleware: TestMiddleware, ...attachments: ReturnType<typeof sealAttachment>[]) {
  const content = bench.terminal.makeContent({ attachments: attachments.map(({ attachment }) => attachment) });
  const reply = await middleware.deliver([await bench.terminal.seal(content)]);
  expect(reply.status).toBe(200);
  return async () => {
    await middleware.worker.drain();
    const [row] = await bench.database.query('SELECT status, doubts FROM cases WHERE tx_id = $1::uuid', [content.txId]);
    return row;
  };
}

const offsetOf = async (uploader: ReturnType<typeof createUploader>, id: string) =>
  Number((await uploader.look(id)).headers.get('upload-offset'));

test('a case waits for what its record names, and goes on when it has come', async () => {
  const middleware = await bench.start();
  const uploader = createUploader(middleware);
  const [photo, paper] = [sealAttachment(threeChunks), sealAttachment(1)];
  const readCase = await deliver(middleware, photo, paper);
  expect(await readCase()).toEqual({ status: 'awaiting_attachment', doubts: [] });
  expect(await upload(uploader, photo)).toBe(204);
  expect(await readCase()).toEqual({ status: 'awaiting_attachment', doubts: [] });
  expect(await upload(uploader, paper)).toBe(204);
  expect(await readCase()).toEqual({ status: 'open', doubts: [] });
});

test.each([1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes])('%i bytes open again, in pieces of any size', async (bytes) => {
  const middleware = await bench.start();
  const photo = sealAttachment(bytes);
  const readCase = await deliver(middleware, photo);
  expect(await upload(createUploader(middleware), photo, 100_003)).toBe(204);
  expect(await readCase()).toEqual({ status: 'open', doubts: [] });
});

test('cut at each boundary, at each instance, after a restart: it goes on where it was', async () => {
  const photo = sealAttachment(threeChunks);
  const { id } = photo.attachment;
  let at = 0;
  for (const size of [tus.pieceBytes, tus.pieceBytes, 1000 + tagBytes]) {
    const middleware = await bench.start({}, { database: bench.beside() });
    const uploader = createUploader(middleware);
    // Begun anew each time, as by a terminal that forgot: nothing is lost by it.
    expect((await uploader.begin(photo)).status).toBe(201);
    expect(await offsetOf(uploader, id)).toBe(at);
    const reply = await uploader.bring(id, at, photo.sealed.subarray(at, at + size));
    at += size;
    expect([reply.status, reply.headers.get('upload-offset')]).toEqual([204, String(at)]);
  }
  const middleware = await bench.start();
  expect(await (await deliver(middleware, photo))()).toEqual({ status: 'open', doubts: [] });
});

test('of two terminals that take one name at the same moment, the later hears that it is not its own', async () => {
  const announced = { id: makeTxId(), terminal: 'kiosk-3', length: 10, sha256: Buffer.alloc(32, 1) };
  await bench.enrol(createFakeTerminal('kiosk-3', bench.keys.sealKey));
  const inBetween: Queries = {
    async query(text, values) {
      // What a look found free is taken when the name is written down.
      if (text.includes('INSERT INTO attachment'))
        await beginUpload(bench.database, { ...announced, terminal: bench.terminal.id }, new Date());
      return await bench.database.query(text, values);
    },
  };
  expect(await beginUpload(inBetween, announced, new Date())).toEqual({ ok: false, error: 'not_yours' });
});

test('a piece that is cut on its way is not stored in part', async () => {
  const middleware = await bench.start();
  const identity = await bench.enrol(createFakeTerminal('kiosk-3', bench.keys.sealKey));
  const uploader = createUploader(middleware, identity);
  const photo = sealAttachment(threeChunks);
  const { id } = photo.attachment;
  await uploader.begin(photo);
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ port: middleware.port, host: 'localhost', ca: bench.keys.tls.root.pem, ...identity }, () => {
      const head = [
        `PATCH /v1/attachments/${id} HTTP/1.1`,
        'host: localhost',
        `tus-resumable: ${tus.version}`,
        `content-type: ${tus.piece}`,
        'upload-offset: 0',
        `content-length: ${tus.pieceBytes}`,
        '',
        '',
      ].join('\r\n');
      socket.write(head);
      socket.end(photo.sealed.subarray(0, 100_000));
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
  expect(await offsetOf(uploader, id)).toBe(0);
});

test('of two that bring the same piece at once, one is late, and nothing stands twice', async () => {
  const [here, there] = [await bench.start(), await bench.start({}, { database: bench.beside() })];
  const photo = sealAttachment(threeChunks);
  const { id } = photo.attachment;
  await createUploader(here).begin(photo);
  const piece = photo.sealed.subarray(0, tus.pieceBytes);
  const replies = await Promise.all([here, there].map((instance) => createUploader(instance).bring(id, 0, piece)));
  expect(replies.map(({ status }) => status).sort()).toEqual([204, 409]);
  expect(await offsetOf(createUploader(there), id)).toBe(tus.pieceBytes);
});

test('a piece for another place, or beyond the end, is not taken', async () => {
  const middleware = await bench.start();
  const uploader = createUploader(middleware);
  const photo = sealAttachment(1000);
  const { id } = photo.attachment;
  await uploader.begin(photo);
  // One that was refused while it came may still be on its way out: as a terminal does, it waits and comes again.
  const bring = async (...piece: Parameters<typeof uploader.bring>) => {
    for (;;) {
      const { status } = await uploader.bring(...piece);
      if (status !== 429) return status;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  for (const offset of [1, 1016, 99_999]) expect(await bring(id, offset, photo.sealed)).toBe(409);
  expect(await bring(id, 0, Buffer.concat([photo.sealed, Buffer.of(0)]))).toBe(413);
  expect(await bring(id, 0, Buffer.alloc(tus.pieceBytes + 1))).toBe(413);
  expect(await bring(id, 0, photo.sealed, { 'content-type': 'application/json' })).toBe(415);
  for (const offset of ['-1', 'x', '']) expect(await bring(id, 0, photo.sealed, { 'upload-offset': offset })).toBe(400);
  expect(await offsetOf(uploader, id)).toBe(0);
});

test('a whole that is not the one that was announced begins anew', async () => {
  const middleware = await bench.start();
  const uploader = createUploader(middleware);
  const photo = sealAttachment(threeChunks);
  const changed = { ...photo, sealed: Buffer.from(photo.sealed) };
  changed.sealed[300_000] = (changed.sealed[300_000] ?? 0) ^ 1;
  expect(await upload(uploader, changed)).toBe(460);
  expect(await offsetOf(uploader, photo.attachment.id)).toBe(0);
  expect(await bench.database.query('SELECT count(*)::int AS n FROM attachment_piece')).toEqual([{ n: 0 }]);
  expect(await upload(uploader, photo)).toBe(204);
});

const lies: [string, (chunks: Buffer[]) => Buffer[]][] = [
  ['two chunks changed places', ([first, second, third]) => [second, first, third].flatMap((chunk) => chunk ?? [])],
  ['a chunk is missing', (chunks) => chunks.slice(0, 2)],
  ['a chunk is there twice', (chunks) => [...chunks.slice(0, 1), ...chunks]],
  ['a bit fell over', (chunks) => chunks.map((chunk) => Buffer.from(chunk.map((byte, at) => (at === 5 ? byte ^ 1 : byte))))],
];
test.each(lies)('what was announced rightly and does not open is for a person: %s', async (_what, damage) => {
  const middleware = await bench.start();
  const photo = sealAttachment(threeChunks, damage);
  const readCase = await deliver(middleware, photo);
  expect(await upload(createUploader(middleware), photo)).toBe(204);
  expect(await readCase()).toEqual({ status: 'doubted', doubts: ['attachment_broken'] });
});

test('another key, length or hash in the record is for a person', async () => {
  const middleware = await bench.start();
  for (const change of [
    { key: sealAttachment(1).attachment.key },
    { bytes: threeChunks - 1 },
    { sha256: sealAttachment(1).attachment.sha256 },
  ]) {
    const photo = sealAttachment(threeChunks);
    expect(await upload(createUploader(middleware), photo)).toBe(204);
    const readCase = await deliver(middleware, { ...photo, attachment: { ...photo.attachment, ...change } });
    expect(await readCase()).toEqual({ status: 'doubted', doubts: ['attachment_broken'] });
  }
});

test('an upload is its terminal’s own', async () => {
  const middleware = await bench.start();
  const photo = sealAttachment(1000);
  const { id } = photo.attachment;
  await createUploader(middleware).begin(photo);
  const other = createFakeTerminal('kiosk-2', bench.keys.sealKey);
  const stranger = createUploader(middleware, await bench.enrol(other));
  expect((await stranger.look(id)).status).toBe(403);
  expect((await stranger.begin(photo)).status).toBe(403);
  expect((await stranger.bring(id, 0, photo.sealed)).status).toBe(403);
  expect((await stranger.end(id)).status).toBe(403);
  const nobody = createUploader(middleware, null);
  expect((await nobody.look(id)).status).toBe(401);
  expect((await nobody.begin(photo)).status).toBe(401);
  expect((await nobody.bring(id, 0, photo.sealed)).status).toBe(401);
  expect((await nobody.end(id)).status).toBe(401);
  expect(await upload(createUploader(middleware), photo)).toBe(204);
});

test('what cannot be meant is not begun', async () => {
  const middleware = await bench.start();
  const uploader = createUploader(middleware);
  const photo = sealAttachment(1000);
  const { sha256 } = photo.attachment;
  for (const length of ['0', '-1', '1e3', '', '99999999999999999999'])
    expect((await uploader.begin(photo, { 'upload-length': length })).status).toBe(400);
  for (const metadata of ['', 'id', 'id !,sha256 !', `sha256 ${btoa(sha256)}`, writeUploadMetadata({ id: 'x', sha256 }), 'é'])
    expect((await uploader.begin(photo, { 'upload-metadata': metadata })).status).toBe(400);
  expect((await uploader.begin(photo, { 'upload-length': String(tus.largest + 1) })).status).toBe(413);
  expect((await uploader.begin(photo, { 'upload-length': String(tus.largest) })).status).toBe(201);
  // The same name for something else.
  expect((await uploader.begin(photo)).status).toBe(409);
  expect((await uploader.look(makeTxId())).status).toBe(404);
  expect((await uploader.bring(makeTxId(), 0, photo.sealed)).status).toBe(404);
  expect((await middleware.ask('/v1/attachments/..%2f', { method: 'HEAD', headers: { 'tus-resumable': tus.version } })).status).toBe(404);
});

test('another version of tus is told which one is spoken', async () => {
  const middleware = await bench.start();
  const reply = await createUploader(middleware).begin(sealAttachment(1), { 'tus-resumable': '0.2.2' });
  expect([reply.status, reply.headers.get('tus-version')]).toEqual([412, '1.0.0']);
  const options = await middleware.ask('/v1/attachments', { method: 'OPTIONS' });
  expect([options.status, options.headers.get('tus-extension'), options.headers.get('tus-max-size')]).toEqual([
    204,
    'creation,termination',
    String(tus.largest),
  ]);
});

test('a held terminal brings its attachments too', async () => {
  const middleware = await bench.start();
  await bench.database.query(`UPDATE terminal SET standing = 'revoked' WHERE terminal = 'kiosk-1'`);
  try {
    expect(await upload(createUploader(middleware), sealAttachment(1000))).toBe(204);
  } finally {
    await bench.database.query(`UPDATE terminal SET standing = 'active' WHERE terminal = 'kiosk-1'`);
  }
});

test('what the terminal lost does not keep its case waiting', async () => {
  const middleware = await bench.start();
  const uploader = createUploader(middleware);
  const photo = sealAttachment(threeChunks);
  const { id } = photo.attachment;
  const readCase = await deliver(middleware, photo);
  await uploader.begin(photo);
  await uploader.bring(id, 0, photo.sealed.subarray(0, tus.pieceBytes));
  expect((await uploader.end(id)).status).toBe(204);
  expect((await uploader.end(id)).status).toBe(204);
  expect(await readCase()).toEqual({ status: 'doubted', doubts: ['attachment_broken'] });
  expect((await uploader.bring(id, tus.pieceBytes, photo.sealed.subarray(0, 1000))).status).toBe(410);
  expect((await uploader.begin(photo)).status).toBe(410);
});

test('what is whole is not ended any more', async () => {
  const middleware = await bench.start();
  const photo = sealAttachment(1000);
  await upload(createUploader(middleware), photo);
  expect((await createUploader(middleware).end(photo.attachment.id)).status).toBe(204);
  expect(await (await deliver(middleware, photo))()).toEqual({ status: 'open', doubts: [] });
});

test('a terminal hears that it need not keep it when a backup that began later has ended', async () => {
  const middleware = await bench.start();
  const uploader = createUploader(middleware);
  const [before, meanwhile] = [sealAttachment(1000), sealAttachment(1000)];
  const said = async ({ attachment }: typeof before) => (await uploader.look(attachment.id)).headers.get('loket-backed-up');
  await upload(uploader, before);
  expect(await said(before)).toBe('?0');
  const backup = await startBackup(bench.database);
  await upload(uploader, meanwhile);
  expect(await said(before)).toBe('?0');
  await backUp(bench.database, backup);
  expect([await said(before), await said(meanwhile)]).toEqual(['?1', '?0']);
});

test('what no record ever named goes after sixty days, unless a record of that terminal may still name it', async () => {
  let now = new Date('2026-11-20T13:05:00.000Z');
  const middleware = await bench.start({}, { now: () => now });
  const uploader = createUploader(middleware);
  const [stray, named] = [sealAttachment(1000), sealAttachment(1000)];
  await upload(uploader, stray);
  await upload(uploader, named);
  await (await deliver(middleware, named))();
  // One that nobody can open yet.
  const sealed = await bench.terminal.sealBytes(Buffer.from('not json'), bench.terminal.makeContent());
  await middleware.deliver([sealed]);
  await middleware.worker.drain();
  const statusOf = async ({ attachment }: typeof stray) => (await uploader.look(attachment.id)).status;
  now = new Date('2027-01-20T13:05:00.000Z');
  await uploader.begin(sealAttachment(1));
  expect(await statusOf(stray)).toBe(200);
  await bench.database.query(`UPDATE inbox SET state = 'executed', quarantine_reason = NULL, settled_at = now()`);
  await uploader.begin(sealAttachment(1));
  expect([await statusOf(stray), await statusOf(named)]).toEqual([404, 200]);
  expect(await bench.database.query('SELECT count(*)::int AS n FROM attachment_piece')).toEqual([{ n: 1 }]);
});

test('a terminal that begins without end is told to wait', async () => {
  const middleware = await bench.start();
  const uploader = createUploader(middleware);
  await bench.database.query(
    `INSERT INTO attachment (id, terminal, length, sha256, touched_at)
     SELECT gen_random_uuid(), 'kiosk-1', 1, '\\x00', now() FROM generate_series(1, 2000)`,
  );
  const refused = await uploader.begin(sealAttachment(1));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3600']);
  await bench.database.query('UPDATE attachment SET claimed = true');
  expect((await uploader.begin(sealAttachment(1))).status).toBe(201);
  // One alone, as large as all may be.
  await bench.database.query(
    'UPDATE attachment SET length = $1::bigint, claimed = false WHERE id = (SELECT id FROM attachment WHERE received = 0 LIMIT 1)',
    [4 * 1024 ** 3],
  );
  expect((await uploader.begin(sealAttachment(1))).status).toBe(429);
});
