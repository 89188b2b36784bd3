import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Attachment, readUploadMetadata, sealedBytes, tus } from '../../contract/attachment.ts';
import { mediaType } from '../../contract/wire.ts';
import { type Attachments, openAttachments } from '../outbox/attachments/attachments.ts';
import type { RecordState } from '../outbox/outbox.ts';
import { makeContent } from '../testing/outbox-room.ts';
import { createUploads, type Uploads } from './attachments.ts';
import type { Line, LineAnswer } from './line.ts';
import { LineError } from './line-problem.ts';

const { txId } = makeContent(1);
const bytes = 2 * 256 * 1024 + 1000;
const length = sealedBytes(bytes);

/** The other side of tus, in memory. */
type There = { length: number; sha256: string; content: Buffer; ended: boolean; backedUp: boolean };

let folder: string;
let states: Map<string, RecordState>;
let attachments: Attachments;
let there: Map<string, There>;
let sent: { method: string; bytes: number }[];
let logged: string[];
let uploads: Uploads | null;
let recordsGo: boolean;
let ticks: number;
/** What goes wrong with the nth request, counted from 0. */
let fault: (nth: number, bytes: number) => Fault | null;

type Fault = 'cut' | 'answer_lost' | 'too_slow' | LineAnswer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-uploads-'));
  states = new Map([[txId, 'received']]);
  attachments = openAttachments({ folder, reserveMebibytes: 0, stateOf: (of) => states.get(of) ?? null });
  there = new Map();
  sent = [];
  logged = [];
  uploads = null;
  recordsGo = false;
  ticks = 0;
  fault = () => null;
});
afterEach(async () => {
  await uploads?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const answer = (status: number, headers: Record<string, string> = {}, type = ''): LineAnswer => ({
  status,
  mediaType: type,
  headers: { 'tus-resumable': tus.version, ...headers },
  body: new Uint8Array(),
});
const portal: LineAnswer = { status: 200, mediaType: 'text/html', headers: {}, body: Buffer.from('<h1>Wifi</h1>') };
const busy = (inMs: number): LineAnswer => ({
  ...answer(429, {}, mediaType.problem),
  body: Buffer.from(JSON.stringify({ type: 'about:blank', title: 'later', status: 429, inMs })),
});

const request: Line['request'] = async (method, path, headers = {}, body = null) => {
  const wrong = fault(sent.length, body?.length ?? 0);
  sent.push({ method, bytes: body?.length ?? 0 });
  if (wrong === 'cut') throw new LineError('no_connection');
  if (wrong === 'too_slow') throw new LineError('no_connection', true);
  if (wrong !== null && typeof wrong === 'object') return wrong;
  const given = serve(method, path, headers, body as Uint8Array | null);
  if (wrong === 'answer_lost') throw new LineError('no_connection');
  return given;
};

function serve(method: string, path: string, headers: Readonly<Record<string, string>>, body: Uint8Array | null): LineAnswer {
  if (method === 'POST') {
    const metadata = readUploadMetadata(headers[tus.headers.metadata] ?? '');
    if (metadata === null) return answer(400);
    const { id, sha256 } = metadata;
    const known = there.get(id);
    if (known?.ended) return answer(410);
    if (!known)
      there.set(id, { length: Number(headers[tus.headers.length]), sha256, content: Buffer.alloc(0), ended: false, backedUp: false });
    return answer(201);
  }
  const upload = there.get(path.split('/').at(-1) ?? '');
  if (!upload) return answer(404);
  if (method === 'DELETE') {
    upload.ended = true;
    return answer(204);
  }
  if (upload.ended) return answer(410);
  const at = () => ({ 'upload-offset': String(upload.content.length), 'loket-slot': '0' });
  if (method === 'HEAD')
    return answer(200, { ...at(), 'upload-length': String(upload.length), 'loket-backed-up': upload.backedUp ? '?1' : '?0' });
  if (Number(headers['upload-offset']) !== upload.content.length) return answer(409);
  upload.content = Buffer.concat([upload.content, body ?? Buffer.alloc(0)]);
  if (upload.content.length < upload.length || hash(upload.content) === upload.sha256) return answer(204, at());
  upload.content = Buffer.alloc(0);
  return answer(460);
}

const hash = (content: Uint8Array) => createHash('sha256').update(content).digest('base64url');

async function prepare(): Promise<Attachment> {
  const photo = randomBytes(bytes);
  photo.set([0xff, 0xd8, 0xff]);
  const prepared = await attachments.prepare(txId, photo, { name: 'foto.jpg', mediaType: 'image/jpeg' });
  if (!prepared.ok) throw new Error(prepared.error);
  return prepared.value;
}

function start(): Uploads {
  uploads = createUploads({
    line: { request },
    attachments,
    recordsGo: () => recordsGo,
    clock: { wall: () => new Date(), ticks: () => performance.now() + ticks },
    log: (event) => logged.push(event),
    pace: { retryBaseMs: 1, retryCapMs: 4 },
  });
  uploads.start();
  return uploads;
}

const isThere = ({ id, sha256 }: Attachment) => hash(there.get(id)?.content ?? Buffer.alloc(0)) === sha256;
const arrives = (attachment: Attachment) => vi.waitFor(() => expect(isThere(attachment)).toBe(true));
const methods = () => sent.map(({ method }) => method);
const sentBytes = () => sent.reduce((sum, { bytes }) => sum + bytes, 0);
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
/** Past any time after which it looks again. */
const later = () => {
  ticks += 25 * 3_600_000;
};

it('brings it in chunks, once, and keeps it until a backup has it', async () => {
  const attachment = await prepare();
  start();
  await arrives(attachment);
  await vi.waitFor(() => expect(logged).toEqual(['attachment_sent']));
  expect(methods()).toEqual(['HEAD', 'POST', 'PATCH', 'PATCH', 'PATCH']);
  expect(sentBytes()).toBe(length);
  await uploads?.stop();
  expect(attachments.list()).toHaveLength(1);

  later();
  start();
  await vi.waitFor(() => expect(methods()).toHaveLength(6));
  await uploads?.stop();
  expect(attachments.list()).toHaveLength(1);

  const upload = there.get(attachment.id);
  if (upload) upload.backedUp = true;
  later();
  start();
  await vi.waitFor(() => expect(attachments.list()).toEqual([]));
  expect(methods().slice(5)).toEqual(['HEAD', 'HEAD']);
});

describe('the line breaks', () => {
  const faults: [string, Fault][] = [
    ['cut', 'cut'],
    ['its answer lost', 'answer_lost'],
    ['too slow', 'too_slow'],
    ['a portal answers', portal],
    ['a portal answers with 204', { ...portal, status: 204, body: new Uint8Array() }],
    ['a portal says it is gone', { ...portal, status: 410 }],
    ['a portal forbids', { ...portal, status: 403 }],
    ['it fails', answer(500)],
    ['not now', busy(1)],
    ['an offset that nobody asked for', answer(204, { 'upload-offset': '7', 'loket-slot': '0' })],
    ['it says nothing is there', answer(404)],
    ['it says wrong place', answer(409)],
  ];
  const places = [0, 1, 2, 3, 4].flatMap((nth) => faults.map(([what, wrong]) => [nth, what, wrong] as const));
  // What the begin answers with 409 is another upload's name, which no repeat would mend.
  const mending = places.filter(([nth, what]) => !(nth === 1 && what === 'it says wrong place'));

  it.each(mending)('at request %i, %s: it comes whole, and at most one piece goes twice', async (nth, _what, wrong) => {
    const attachment = await prepare();
    fault = (at) => (at === nth ? wrong : null);
    start();
    await arrives(attachment);
    expect(sentBytes()).toBeLessThanOrEqual(length + tus.pieceBytes);
    expect(there.size).toBe(1);
  });

  it('after each request, for ever: it goes on all the same', async () => {
    const attachment = await prepare();
    fault = (at) => (at % 2 === 0 ? 'answer_lost' : null);
    start();
    await arrives(attachment);
    expect(sentBytes()).toBeLessThanOrEqual(2 * length);
  });

  it('a line too slow for a chunk gets smaller pieces', async () => {
    const attachment = await prepare();
    fault = (_at, size) => (size > 70_000 ? 'too_slow' : null);
    start();
    await arrives(attachment);
    const tooLarge = sent.filter(({ bytes: size }) => size > 70_000);
    expect(tooLarge.map(({ bytes: size }) => size)).toEqual([tus.pieceBytes, tus.pieceBytes / 2]);
  });

  it('a new start asks where it was', async () => {
    const attachment = await prepare();
    fault = (at) => (at >= 4 ? 'cut' : null);
    start();
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(4));
    await uploads?.stop();
    const before = sentBytes();
    fault = () => null;
    sent = [];
    start();
    await arrives(attachment);
    expect(methods()).toEqual(['HEAD', 'PATCH']);
    expect(before).toBeGreaterThan(2 * tus.pieceBytes - 1);
  });
});

it('a middleware that was put back without it gets it again', async () => {
  const attachment = await prepare();
  start();
  await arrives(attachment);
  await uploads?.stop();
  there.clear();
  later();
  start();
  await arrives(attachment);
});

it.each(['waiting', 'stuck', 'aside'] as const)('nothing of it goes while its record is %s', async (state) => {
  await prepare();
  states.set(txId, state);
  start();
  await pause();
  expect(sent).toEqual([]);
});

it('counts what is not known to be whole there; what waits for a backup alone is', async () => {
  await prepare();
  uploads = start();
  expect(uploads.countWaiting()).toBe(1);
  await vi.waitFor(() => expect(logged).toEqual(['attachment_sent']));
  await vi.waitFor(() => expect(uploads?.countWaiting()).toBe(0));
  expect(attachments.list()).toHaveLength(1);
  there.clear();
  later();
  uploads.wake();
  await vi.waitFor(() => expect(methods().filter((method) => method === 'POST')).toHaveLength(2));
  await vi.waitFor(() => expect(uploads?.countWaiting()).toBe(0));
});

it('nothing of it goes before its record is kept', async () => {
  await prepare();
  states.clear();
  start();
  await pause();
  expect(sent).toEqual([]);
});

it('records go first', async () => {
  const attachment = await prepare();
  recordsGo = true;
  start();
  await pause();
  expect(sent).toEqual([]);
  recordsGo = false;
  uploads?.wake();
  await arrives(attachment);
});

it('goes on though its record was let go meanwhile', async () => {
  const attachment = await prepare();
  attachments.list();
  states.clear();
  start();
  await arrives(attachment);
});

it('waits for its appointment', async () => {
  await prepare();
  fault = (at) => (at === 2 ? busy(3_600_000) : null);
  start();
  await vi.waitFor(() => expect(sent).toHaveLength(3));
  uploads?.wake();
  await pause();
  expect(sent).toHaveLength(3);
});

it('what is refused for good stands in nobody’s way', async () => {
  const [refused, next] = [await prepare(), await prepare()];
  fault = (at) => (at === 0 ? answer(403) : null);
  start();
  await arrives(next);
  expect([isThere(refused), logged[0]]).toEqual([false, 'attachment_refused']);
  expect(attachments.list()).toHaveLength(2);
});

it.each([
  ['changed', (file: string) => writeFileSync(file, randomBytes(length))],
  ['cut short', (file: string) => truncateSync(file, 1000)],
  ['gone', (file: string) => rmSync(file)],
])('what the disk has %s is said to be lost, so that nobody waits for it', async (_what, damage) => {
  const [damaged, next] = [await prepare(), await prepare()];
  damage(join(folder, 'attachments', `${damaged.id}.sealed`));
  start();
  await arrives(next);
  expect(there.get(damaged.id)).toMatchObject({ ended: true, content: Buffer.alloc(0) });
  expect(logged[0]).toBe('attachment_damaged');
  expect(attachments.list()).toMatchObject([{ id: next.id }]);
});

it('what the disk does not let be read now is not said to be lost: it comes later, and holds up no other', async () => {
  const [unreadable, next] = [await prepare(), await prepare()];
  const { read } = attachments;
  let refuses = true;
  attachments.read = (id, ...more) =>
    refuses && id === unreadable.id ? Promise.reject(Object.assign(new Error('busy'), { code: 'EMFILE' })) : read(id, ...more);
  start();
  await arrives(next);
  expect([there.get(unreadable.id)?.ended, logged[0]]).toEqual([undefined, 'storage_failed']);
  refuses = false;
  later();
  uploads?.wake();
  await arrives(unreadable);
});

it.each([
  ['cannot be read', () => Promise.reject(Object.assign(new Error('read'), { code: 'EIO' })), false],
  ['is cut short', () => Promise.resolve(new Uint8Array()), true],
])('what %s after it was looked at holds up no other', async (_what, refusal, ended) => {
  const [failing, next] = [await prepare(), await prepare()];
  const { read } = attachments;
  let reads = 0;
  attachments.read = (id, ...more) => (id === failing.id && reads++ >= 4 ? refusal() : read(id, ...more));
  start();
  await arrives(next);
  expect(there.get(failing.id)?.ended).toBe(ended);
});

it('a whole that did not arrive as it is goes again', async () => {
  const attachment = await prepare();
  let isFirst = true;
  fault = (at) => {
    const upload = there.get(attachment.id);
    // What came before changes at the other side.
    if (at === 4 && upload && isFirst) {
      isFirst = false;
      upload.content[5] = (upload.content[5] ?? 0) ^ 1;
    }
    return null;
  };
  start();
  await arrives(attachment);
  expect(there.get(attachment.id)?.ended).toBe(false);
});
