import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pinnedRoots } from '../native/eid/roots.ts';
import type { MiddlewareConfig } from './config.ts';
import { type DemoKeys, makeDemoKeys } from './demo-keys.ts';
import { loadKeys } from './load-keys.ts';
import { makeConfig } from './testing/harness.ts';

let folder: string;
let keys: DemoKeys;
let other: DemoKeys;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-load-'));
  keys = await makeDemoKeys(folder);
  other = await makeDemoKeys(join(folder, 'other'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusalOf(changes: Partial<MiddlewareConfig>): Promise<string> {
  const loaded = await loadKeys(makeConfig(keys, changes));
  return loaded.ok ? 'taken' : loaded.error;
}

test('what belongs together is taken, as text or as files', async () => {
  expect(await refusalOf({})).toBe('taken');
  const { tls, terminalCa, keysFile } = keys;
  const files = { key: tls.key.path, cert: tls.certificate.path, root: tls.root.path };
  expect(await refusalOf({ tls: files, terminalCa: { key: terminalCa.key.path, cert: terminalCa.certificate.path }, keys: keysFile })).toBe(
    'taken',
  );
});

test('a key whose halves are not of one pair is noticed before anything is received or signed', async () => {
  for (const kind of ['seal', 'receipt', 'bundle'] as const) {
    const [first] = keys.keys[kind];
    if (first === undefined) throw new Error('no key');
    const d = other.sealKey.privateJwk.d;
    const wrong = { ...keys.keys, [kind]: [first, { ...first, id: 'second', privateJwk: { ...first.privateJwk, d } }] };
    expect([kind, await refusalOf({ keys: wrong })]).toEqual([kind, 'A key in the file of keys is not the private key that it should be.']);
  }
});

test('a file of keys that is absent or none, and a set whose signer is not there, are named as such', async () => {
  const path = join(folder, 'no-keys.json');
  expect(await refusalOf({ keys: path })).toMatch(/under keys is not there/);
  await writeFile(path, JSON.stringify({ ...keys.keys, seal: [{ id: 'k', privateJwk: keys.sealKey.publicJwk }] }));
  expect(await refusalOf({ keys: path })).toMatch(/under keys is not there/);
  expect(await refusalOf({ keys: { ...keys.keys, keySet: { publicJwk: keys.keySetKey } } })).toMatch(
    /neither the private key of keySet nor the signed set/,
  );
});

test('a CA for terminals that is none, or of another key, is named as such', async () => {
  const { certificate, key } = keys.terminalCa;
  for (const terminalCa of [
    { key: other.terminalCa.key.pem, cert: certificate.pem },
    { key: keys.tls.key.pem, cert: keys.tls.certificate.pem },
    { key: key.pem, cert: 'no-such-file.pem' },
  ])
    expect(await refusalOf({ terminalCa })).toMatch(/under terminalCa/);
});

test('TLS files that are absent, broken or of another pair are named as such', async () => {
  const { certificate, key } = keys.tls;
  const root = keys.tls.root.pem;
  const broken = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
  expect(await refusalOf({ tls: { key: join(folder, 'nothing.pem'), cert: certificate.path, root } })).toMatch(/is not there/);
  expect(await refusalOf({ tls: { key: broken, cert: certificate.pem, root } })).toMatch(/cannot be used/);
  expect(await refusalOf({ tls: { key: other.tls.key.pem, cert: certificate.pem, root } })).toMatch(/cannot be used/);
  expect(await refusalOf({ tls: { key: key.pem, cert: 'no-such-file.pem', root } })).toMatch(/is not there/);
});

test('test roots are believed in a demo, and refused everywhere else', async () => {
  const root = keys.tls.root;
  expect(await refusalOf({ demo: true, testRoots: [root.pem] })).toBe('taken');
  expect(await refusalOf({ demo: true, testRoots: [root.path] })).toBe('taken');
  const refusal = 'The configuration names testRoots, and they are for a demo only: take them out, or set demo to true.';
  expect(await refusalOf({ demo: false, testRoots: [root.pem] })).toBe(refusal);
  expect(await refusalOf({ demo: false })).toBe('taken');
  for (const wrong of [join(folder, 'absent.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])
    expect(await refusalOf({ demo: true, testRoots: [wrong] })).toContain('testRoots');
});

test('without test roots, only the pinned ones are believed', async () => {
  const without = await loadKeys(makeConfig(keys));
  const withOne = await loadKeys(makeConfig(keys, { testRoots: [keys.tls.root.pem] }));
  if (!without.ok || !withOne.ok) throw new Error('refused');
  expect([without.value.roots.length, withOne.value.roots.length]).toEqual([pinnedRoots().length, pinnedRoots().length + 1]);
});
