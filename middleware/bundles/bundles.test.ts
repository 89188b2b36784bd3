import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compactVerify, importJWK } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BundleManifest, Changes } from '../../contract/bundle.ts';
import { publicHalf } from '../keys/keys-file.ts';
import { ConfigurationRefused } from '../prepare-database.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { publishBundle } from './publish.ts';
import { readBundleFolder } from './read-folder.ts';
import { readCursor } from './routes.ts';

let bench: TestBench;
let folder: string;
const clock = { now: new Date('2026-11-20T10:00:00.000Z') };
const now = () => clock.now;

beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-bundle-'));
});
afterEach(async () => {
  await bench.empty();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => bench.close());

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

async function publish() {
  const files = await readBundleFolder(folder);
  if (!files.ok) throw new Error(files.error);
  return await publishBundle({ database: bench.database, keys: bench.keys.keys.bundle, now }, files.value);
}

async function changes(middleware: TestMiddleware, cursor?: string): Promise<Changes> {
  const reply = await middleware.ask(`/v1/changes${cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`}`);
  return Changes.parse(await reply.json());
}

async function readManifest({ manifest }: Changes): Promise<BundleManifest> {
  const key = bench.keys.keys.bundle[0];
  if (key === undefined || manifest === null) throw new Error('no manifest');
  const { payload, protectedHeader } = await compactVerify(manifest, await importJWK(publicHalf(key.privateJwk), 'ES256'));
  expect(protectedHeader).toEqual({ alg: 'ES256', kid: key.id, typ: 'loket-bundle' });
  return BundleManifest.parse(JSON.parse(new TextDecoder().decode(payload)));
}

test('what is published comes down: a signed manifest, each file by its hash, nothing newer afterwards', async () => {
  const middleware = await bench.start();
  expect(await changes(middleware)).toEqual({ cursor: 'none', manifest: null });
  const form = '{"id":"straat","titel":"Straat é€"}\n';
  await put({ 'forms/street-defect.json': form, 'catalogue/products.json': '[]' });
  await publish();
  const newest = await changes(middleware);
  const manifest = await readManifest(newest);
  expect(manifest.files.map(({ name }) => name)).toEqual(['catalogue/products.json', 'forms/street-defect.json']);
  const named = manifest.files[1];
  const blob = Buffer.from(await (await middleware.ask(`/v1/blobs/${named?.sha256}`)).arrayBuffer());
  expect([blob.toString(), blob.length]).toEqual([form, named?.bytes]);
  expect(createHash('sha256').update(blob).digest('base64url')).toBe(named?.sha256);
  expect(await changes(middleware, newest.cursor)).toEqual({ cursor: newest.cursor, manifest: null });
  expect(await readCursor(bench.database)).toBe(newest.cursor);
});

test('the same files are no new bundle; others are, with a higher serial and another cursor', async () => {
  const middleware = await bench.start();
  await put({ 'forms/a.json': '1' });
  const first = await publish();
  const before = await changes(middleware);
  expect(await publish()).toEqual({ serial: first.serial, fresh: false });
  await put({ 'forms/a.json': '2' });
  const second = await publish();
  expect(second.serial).toBeGreaterThan(first.serial);
  const after = await changes(middleware, before.cursor);
  expect((await readManifest(after)).serial).toBe(second.serial);
  for (const unknown of ['none', 'x', 'of an older database']) expect((await changes(middleware, unknown)).manifest).toBe(after.manifest);
});

test('a database that was restored does not count anew from what terminals have already', async () => {
  await put({ 'forms/a.json': '1' });
  const { serial } = await publish();
  await bench.database.query('TRUNCATE bundle, blob');
  clock.now = new Date(clock.now.getTime() + 3_600_000);
  expect((await publish()).serial).toBeGreaterThan(serial);
});

test('instances that publish at once: one bundle', async () => {
  const instances = [bench.database, bench.beside(), bench.beside(), bench.beside()];
  // Connected beforehand, or they would come one after the other.
  await Promise.all(instances.map((database) => database.query('SELECT 1')));
  for (let round = 1; round <= 5; round++) {
    await put({ 'forms/a.json': String(round) });
    const files = await readBundleFolder(folder);
    if (!files.ok) throw new Error(files.error);
    const publishing = instances.map((database) => publishBundle({ database, keys: bench.keys.keys.bundle, now }, files.value));
    const published = await Promise.all(publishing);
    expect(published.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(new Set(published.map(({ serial }) => serial)).size).toBe(1);
  }
});

test('what does not belong in a bundle is named in a sentence', async () => {
  const refusal = async () => {
    const read = await readBundleFolder(folder);
    return read.ok ? 'taken' : read.error;
  };
  expect(await refusal()).toContain('is empty');
  expect(await readBundleFolder(join(folder, 'absent'))).toMatchObject({ ok: false });
  for (const [name, content] of [
    ['Forms/a.json', '1'],
    ['forms/a.txt', '1'],
    ['forms/a b.json', '1'],
    ['forms/.hidden.json', '1'],
    ['forms/a.json', 'no json'],
    ['forms/a.json', new Uint8Array([0xff])],
    ['forms/a.json', `"${'a'.repeat(1024 * 1024)}"`],
  ] as const) {
    await put({ [name]: content });
    expect(await refusal()).toContain(name);
    await rm(join(folder, name));
  }
});

test('the configuration’s folder is published at the start, and a folder that will not do stops the start', async () => {
  await put({ 'forms/a.json': '{"a":1}' });
  const middleware = await bench.start({ bundleFolder: folder });
  expect((await readManifest(await changes(middleware))).files.map(({ name }) => name)).toEqual(['forms/a.json']);
  await put({ 'forms/a.json': 'broken' });
  await expect(bench.start({ bundleFolder: folder })).rejects.toThrow(ConfigurationRefused);
});

test('hashes and cursors that are none', async () => {
  const middleware = await bench.start();
  for (const hash of ['x', 'A'.repeat(43), '..%2f..%2fetc%2fpasswd', 'A'.repeat(5000)])
    expect([hash.length, (await middleware.ask(`/v1/blobs/${hash}`)).status]).toEqual([hash.length, hash.length > 4000 ? 400 : 404]);
  expect((await middleware.ask(`/v1/changes?cursor=${'a'.repeat(201)}`)).status).toBe(400);
  expect((await middleware.ask('/v1/changes?cursor=a&cursor=b')).status).toBe(400);
});
