import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BundleManifest, bundleLimits, bundleType } from '../../../contract/bundle.ts';
import { makeKey, signJws } from '../../testing/fake-middleware.ts';
import { makeClock } from '../../testing/outbox-room.ts';
import { readPublicKey } from '../keys/signed.ts';
import type { LineAnswer } from '../line.ts';
import { openBundles } from './bundles.ts';
import { chooseContents } from './contents.ts';

const key = makeKey('b1');
const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
const form = '{"id":"street-defect"}';
const products = '[]';

let folder: string;
let published: { cursor: string; manifest: string };
let blobs: Map<string, string>;
let answers: Map<string, Partial<LineAnswer>>;
let asked: string[];
let logged: unknown[];
let readied: number;
let clock: ReturnType<typeof makeClock>;

function publish(
  serial: number,
  files: Record<string, string>,
  changes: Partial<BundleManifest> = {},
  signer = key,
  typ: string = bundleType,
): void {
  for (const content of Object.values(files)) blobs.set(hash(content), content);
  const manifest = {
    serial,
    madeAt: '2026-11-22T08:00:00.000Z',
    files: Object.entries(files).map(([name, content]) => ({ name, sha256: hash(content), bytes: Buffer.byteLength(content) })),
    ...changes,
  };
  published = { cursor: `c${serial}`, manifest: signJws(manifest, signer, { typ }) };
}

function respond(path: string): LineAnswer {
  const json = (body: string): LineAnswer => ({
    status: 200,
    mediaType: 'application/json',
    headers: {},
    body: new TextEncoder().encode(body),
  });
  const changed = answers.get(path.split('?')[0] ?? '');
  if (changed) return { ...json('{}'), ...changed };
  if (path.startsWith('/v1/blobs/')) return json(blobs.get(path.slice('/v1/blobs/'.length)) ?? '');
  const given = new URL(path, 'https://m.example').searchParams.get('cursor');
  return json(JSON.stringify({ ...published, manifest: given === published.cursor ? null : published.manifest }));
}

function open() {
  return openBundles({
    folder: join(folder, 'bundles'),
    bundleKeys: () => new Map([['b1', readPublicKey(key.jwk)]]),
    line: {
      request: async (method, path) => {
        asked.push(`${method} ${path}`);
        return respond(path);
      },
    },
    clock,
    log: (event, detail) => logged.push([event, detail]),
    retryMs: 1_000,
    random: () => 0.5,
    onReady: () => {
      readied += 1;
    },
  });
}

const hear = (bundles: ReturnType<typeof open>) => bundles.hear({ cursor: published.cursor, standing: 'active' });
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-bundles-'));
  blobs = new Map();
  answers = new Map();
  asked = [];
  logged = [];
  readied = 0;
  clock = makeClock();
  publish(5, { 'forms/street-defect.json': form, 'catalogue/products.json': products });
});
afterEach(() => rmSync(folder, { recursive: true }));

it('takes a bundle whole, shows it between visits only, and has it after a start without asking anybody', async () => {
  const bundles = open();
  await hear(bundles);
  expect(bundles.current()).toBeNull();
  expect(readied).toBe(1);
  expect(bundles.switchOver()).toBe(true);
  expect(bundles.current()).toMatchObject({ serial: 5, madeAt: '2026-11-22T08:00:00.000Z' });
  expect(text(bundles.current()?.files.get('forms/street-defect.json'))).toBe(form);
  expect(bundles.switchOver()).toBe(false);
  asked = [];
  const started = open();
  expect(started.status()).toEqual({ current: { serial: 5, madeAt: '2026-11-22T08:00:00.000Z' }, problem: null });
  await hear(started);
  expect(asked).toEqual([]);
});

it('fetches what it lacks, and lets go of the one before', async () => {
  const bundles = open();
  await hear(bundles);
  asked = [];
  publish(6, { 'forms/street-defect.json': form, 'catalogue/products.json': '[{}]' });
  await hear(bundles);
  expect(asked).toEqual(['GET /v1/changes?cursor=c5', `GET /v1/blobs/${hash('[{}]')}`]);
  expect(readdirSync(join(folder, 'bundles')).filter((name) => name.startsWith('b-'))).toHaveLength(1);
  expect(open().current()?.serial).toBe(6);
});

it('does not fetch again what came before the line broke', async () => {
  const bundles = open();
  answers.set(`/v1/blobs/${hash(products)}`, { status: 503 });
  await hear(bundles);
  expect(bundles.status().problem).toBe('unreadable');
  answers.clear();
  asked = [];
  clock.moveTicks(2_000);
  await hear(open());
  expect(asked.filter((one) => one.includes('blobs'))).toEqual([`GET /v1/blobs/${hash(products)}`]);
});

describe('changes nothing, and says why,', () => {
  const bad: [string, string, () => void][] = [
    ['when another key signed', 'bad_signature', () => publish(6, { 'forms/a.json': '{}' }, {}, makeKey('b1'))],
    ['when a key signed that the set does not have', 'bad_signature', () => publish(6, { 'forms/a.json': '{}' }, {}, makeKey('b9'))],
    ['when it is another signed thing', 'bad_signature', () => publish(6, {}, {}, key, 'loket-receipt')],
    ['when it is older', 'older', () => publish(4, { 'forms/a.json': '{}' })],
    ['when it is another of the same number', 'older', () => publish(5, { 'forms/a.json': '{}' })],
    ['when a name leads out of its folder', 'bad_manifest', () => publish(6, { '../../identity.json': '{}' })],
    [
      'when a name stands in it twice',
      'bad_manifest',
      () => publish(6, {}, { files: [1, 2].map(() => ({ name: 'forms/a.json', sha256: hash('{}'), bytes: 2 })) }),
    ],
    [
      'when it is too large as a whole',
      'bad_manifest',
      () =>
        publish(
          6,
          {},
          {
            files: Array.from({ length: 65 }, (_, at) => ({
              name: `forms/f${at}.json`,
              sha256: hash('{}'),
              bytes: bundleLimits.fileBytes,
            })),
          },
        ),
    ],
    [
      'when a file is another than its hash says',
      'wrong_content',
      () => {
        publish(6, { 'forms/a.json': '{"a":1}' });
        blobs.set(hash('{"a":1}'), '{"a":2}');
      },
    ],
    [
      'when a file is longer than it says',
      'wrong_content',
      () => publish(6, {}, { files: [{ name: 'forms/a.json', sha256: hash(form), bytes: form.length - 1 }] }),
    ],
    ['when a portal answers', 'unreadable', () => answers.set('/v1/changes', { mediaType: 'text/html' })],
    [
      'when a file is not to be had',
      'unreadable',
      () => {
        publish(6, { 'forms/a.json': '{"a":1}' });
        answers.set(`/v1/blobs/${hash('{"a":1}')}`, { status: 404 });
      },
    ],
  ];
  it.each(bad)('%s', async (_name, problem, spoil) => {
    const bundles = open();
    await hear(bundles);
    bundles.switchOver();
    spoil();
    published.cursor = 'c-bad';
    await hear(bundles);
    expect(bundles.switchOver()).toBe(false);
    expect(bundles.status()).toMatchObject({ current: { serial: 5 }, problem });
    expect(logged).toContainEqual(['bundle_refused', { why: problem }]);
    const started = open();
    expect(started.current()?.serial).toBe(5);
    expect(text(started.current()?.files.get('forms/street-defect.json'))).toBe(form);
  });

  it('when the disk does not take it', async () => {
    const bundles = open();
    await hear(bundles);
    publish(6, { 'forms/a.json': '{}' });
    // A file stands where its folder would be.
    const taken = createHash('sha256').update(published.manifest).digest('hex').slice(0, 32);
    writeFileSync(join(folder, 'bundles', `b-${taken}`), '');
    await hear(bundles);
    expect(bundles.status().problem).toBe('storage_failed');
    expect(open().current()?.serial).toBe(5);
  });
});

it('asks no more for a while after a refusal, and takes the right one then', async () => {
  const bundles = open();
  publish(6, { 'forms/a.json': '{}' }, {}, makeKey('b1'));
  await hear(bundles);
  await hear(bundles);
  expect(asked).toHaveLength(1);
  publish(7, { 'forms/a.json': '{}' });
  clock.moveTicks(1_001);
  await hear(bundles);
  expect(bundles.switchOver()).toBe(true);
  expect(bundles.status()).toEqual({ current: { serial: 7, madeAt: '2026-11-22T08:00:00.000Z' }, problem: null });
});

it('a held terminal does not ask: it would only be refused', async () => {
  await open().hear({ cursor: 'c9', standing: 'held_forked' });
  expect(asked).toEqual([]);
});

it('fetches a damaged bundle anew, and takes no older one in its place', async () => {
  await hear(open());
  const home = join(folder, 'bundles');
  const [name = ''] = readdirSync(home).filter((one) => one.startsWith('b-'));
  const file = join(home, name, Buffer.from(hash(form), 'base64url').toString('hex'));
  writeFileSync(file, readFileSync(file, 'utf8').replace('street', 'strEet'));
  const damaged = open();
  expect(damaged.current()).toBeNull();
  const { cursor, manifest } = published;
  publish(4, { 'forms/street-defect.json': form });
  await hear(damaged);
  expect(damaged.status().problem).toBe('older');
  published = { cursor, manifest };
  clock.moveTicks(2_000);
  await hear(damaged);
  damaged.switchOver();
  expect(text(damaged.current()?.files.get('forms/street-defect.json'))).toBe(form);
});

it('what was shipped is offered where a bundle has nothing that can be used', () => {
  const files = new Map([
    ['forms/a.json', new TextEncoder().encode('{"id":')],
    ['catalogue/concepts.json', new TextEncoder().encode('{}')],
  ]);
  const shipped = chooseContents(null, [], '34022', () => undefined);
  expect(shipped.catalogue.products.length).toBeGreaterThan(0);
  const contents = chooseContents({ serial: 1, madeAt: '', files }, [], '34022', (event) => logged.push(event));
  expect(contents.catalogue.products).toEqual(shipped.catalogue.products);
  expect(logged).toEqual(['form_refused', 'catalogue_refused']);
});
