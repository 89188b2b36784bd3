import { mkdtemp, rm } from 'node:fs/promises';
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

const seal = (privateJwk: Record<string, unknown>) => ({ sealKeys: [{ id: 'k', privateJwk }] });
const receipt = (privateJwk: Record<string, unknown>) => ({ receiptKey: { id: 'k', alg: 'ES256' as const, privateJwk } });

test('what belongs together is taken, as text or as files', async () => {
  expect(await refusalOf({})).toBe('taken');
  expect(await refusalOf({ tls: { key: keys.tls.key.path, cert: keys.tls.certificate.path } })).toBe('taken');
});

test('a sealing key that would open nothing is noticed before anything is received', async () => {
  const { privateJwk, publicJwk } = keys.sealKey;
  for (const wrong of [
    {},
    publicJwk,
    { ...privateJwk, d: 'AAAA' },
    { ...privateJwk, d: other.sealKey.privateJwk.d },
    { ...privateJwk, crv: 'P-384' },
  ])
    expect(await refusalOf(seal(wrong))).toMatch(/^A key of the configuration/);
});

test('a receipt key whose receipts nobody could verify is noticed too', async () => {
  const { privateJwk, publicJwk } = keys.receiptKey;
  for (const wrong of [{}, publicJwk, { ...privateJwk, d: other.receiptKey.privateJwk.d }])
    expect(await refusalOf(receipt(wrong))).toMatch(/^A key of the configuration/);
});

test('TLS files that are absent, broken or of another pair are named as such', async () => {
  const { certificate, key } = keys.tls;
  const broken = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
  expect(await refusalOf({ tls: { key: join(folder, 'nothing.pem'), cert: certificate.path } })).toMatch(/is not there/);
  expect(await refusalOf({ tls: { key: broken, cert: certificate.pem } })).toMatch(/cannot be used/);
  expect(await refusalOf({ tls: { key: other.tls.key.pem, cert: certificate.pem } })).toMatch(/cannot be used/);
  expect(await refusalOf({ tls: { key: key.pem, cert: 'no-such-file.pem' } })).toMatch(/is not there/);
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
