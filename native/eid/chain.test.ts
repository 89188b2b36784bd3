import 'reflect-metadata';
import { BasicConstraintsExtension, ExtendedKeyUsageExtension, Extension, KeyUsageFlags } from '@peculiar/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import type { KeyUse } from '../../contract/card.ts';
import { proveChain } from './chain.ts';
import { type ChainOptions, makeSampleChain, type SampleChain } from './fixtures/sample-chain.ts';
import { pinnedRoots, testRoot } from './roots.ts';

const now = new Date('2026-06-15T10:00:00Z');
const prove = (chain: SampleChain, changes: Partial<Parameters<typeof proveChain>[0]> = {}) => {
  const { certificate, issuer, root } = chain;
  const proven = proveChain({ certificate, issuer, use: 'authentication', roots: [...pinnedRoots(), testRoot(root)], now, ...changes });
  return proven.ok ? 'proven' : proven.error;
};
const proveMade = async (options: ChainOptions, changes: Parameters<typeof prove>[1] = {}) =>
  prove(await makeSampleChain(options), changes);
const flip = (bytes: Buffer, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
/** NULL in an extension that nobody has heard of. */
const unheardOf = (critical: boolean) => new Extension('1.3.6.1.4.1.99999.1', critical, Uint8Array.of(5, 0));
const clientAuth = '1.3.6.1.5.5.7.3.2';
const emailProtection = '1.3.6.1.5.5.7.3.4';

let good: SampleChain;
beforeAll(async () => {
  good = await makeSampleChain();
});

test.each(['p384', 'p256', 'rsa2048', 'rsa1024'] as const)(
  'a citizen with a %s key under a citizen CA under a pinned root',
  async (keys) => {
    const chain = await makeSampleChain({ keys });
    expect(prove(chain)).toBe('proven');
    const { certificate, issuer, root } = chain;
    const proven = proveChain({ certificate, issuer, use: 'authentication', roots: [testRoot(root)], now });
    expect(proven.ok && [proven.value.certificate.raw, proven.value.issuer.raw]).toEqual([certificate, issuer]);
  },
);

test('padding behind the certificates is the card’s and harmless', () => {
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1100)]);
  expect(prove(good, { certificate: pad(good.certificate), issuer: pad(good.issuer) })).toBe('proven');
});

test('bytes that are no certificate are unreadable', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(900), good.certificate.subarray(0, 200), Buffer.of(0x30, 0x03, 1, 2, 3)]) {
    expect(prove(good, { certificate: bytes })).toBe('unreadable');
    expect(prove(good, { issuer: bytes })).toBe('unreadable');
  }
});

describe('issuer_unknown', () => {
  test('no pinned root issued the citizen CA', () => {
    expect(prove(good, { roots: pinnedRoots() })).toBe('issuer_unknown');
    expect(prove(good, { roots: [] })).toBe('issuer_unknown');
  });

  test('another root of the same name does not help', async () => {
    const other = await makeSampleChain();
    expect(prove(good, { roots: [testRoot(other.root)] })).toBe('issuer_unknown');
  });

  test('another citizen CA of the same name, under the same root', async () => {
    const other = await makeSampleChain();
    expect(prove(good, { issuer: other.issuer, roots: [testRoot(good.root), testRoot(other.root)] })).toBe('issuer_unknown');
  });

  test.each<[string, ChainOptions]>([
    ['the citizen names another issuer', { citizen: { issuerName: 'CN=Elders' } }],
    ['the citizen CA names another root', { issuer: { issuerName: 'CN=Elders' } }],
    ['the citizen is signed with another key', { citizen: { forged: true } }],
    ['the citizen CA is signed with another key', { issuer: { forged: true } }],
    ['the citizen is signed with a hash that is not sound', { citizen: { hash: 'SHA-1' } }],
    ['the citizen CA is signed with a hash that is not sound', { issuer: { hash: 'SHA-1' } }],
  ])('%s', async (_, options) => {
    expect(await proveMade(options)).toBe('issuer_unknown');
  });

  test('a changed bit anywhere in the citizen’s certificate or the CA’s', () => {
    for (let at = 0; at < good.certificate.length; at += 7) {
      expect(prove(good, { certificate: flip(good.certificate, at) })).not.toBe('proven');
    }
    for (let at = 0; at < good.issuer.length; at += 7) expect(prove(good, { issuer: flip(good.issuer, at) })).not.toBe('proven');
  });

  test('the root on the card is never asked: a self-signed issuer', async () => {
    const other = await makeSampleChain();
    expect(prove(other, { roots: [testRoot(good.root)] })).toBe('issuer_unknown');
  });
});

describe('wrong_usage', () => {
  test.each<[KeyUse, KeyUse, string]>([
    ['authentication', 'authentication', 'proven'],
    ['authentication', 'signature', 'wrong_usage'],
    ['signature', 'signature', 'proven'],
    ['signature', 'authentication', 'wrong_usage'],
  ])('the %s certificate, to be used for %s: %s', async (made, use, outcome) => {
    expect(await proveMade({ use: made }, { use })).toBe(outcome);
  });

  test.each<[string, ChainOptions]>([
    ['a CA signs nobody in', { citizen: { ca: true } }],
    ['a certificate without key usage', { citizen: { usages: null } }],
    ['an issuer that is no CA', { issuer: { ca: false } }],
    ['an issuer that may not sign certificates', { issuer: { usages: KeyUsageFlags.cRLSign } }],
    ['an issuer without key usage', { issuer: { usages: null } }],
    ['a critical extension that nobody understands, on the citizen', { citizen: { extensions: [unheardOf(true)] } }],
    ['a critical extension that nobody understands, on the CA', { issuer: { extensions: [unheardOf(true)] } }],
    ['purposes that do not include signing in', { citizen: { extensions: [new ExtendedKeyUsageExtension([emailProtection])] } }],
    ['an extension that comes twice', { citizen: { extensions: [unheardOf(false), unheardOf(false)] } }],
    ['basic constraints that come twice', { citizen: { extensions: [new BasicConstraintsExtension(false)] } }],
  ])('%s', async (_, options) => {
    // node:crypto itself refuses some of these as an issuer, or does not read them at all.
    expect(['wrong_usage', 'issuer_unknown', 'unreadable']).toContain(await proveMade(options));
  });

  test.each<[string, ChainOptions]>([
    ['an extension that nobody understands and that says so', { citizen: { extensions: [unheardOf(false)] } }],
    ['purposes that include signing in', { citizen: { extensions: [new ExtendedKeyUsageExtension([emailProtection, clientAuth])] } }],
    ['no limit on the path', { issuer: { pathLength: 3 } }],
  ])('%s is fine', async (_, options) => {
    expect(await proveMade(options)).toBe('proven');
  });
});

describe('dates', () => {
  test.each<[string, ChainOptions, string]>([
    ['the last second', { citizen: { notAfter: '2026-06-15T10:00:00Z' } }, 'proven'],
    ['the second after', { citizen: { notAfter: '2026-06-15T09:59:59Z' } }, 'expired'],
    ['the first second', { citizen: { notBefore: '2026-06-15T10:00:00Z' } }, 'proven'],
    ['the second before', { citizen: { notBefore: '2026-06-15T10:00:01Z' } }, 'not_yet'],
    ['an expired citizen CA', { issuer: { notAfter: '2026-01-01' } }, 'expired'],
    ['a citizen CA from tomorrow', { issuer: { notBefore: '2026-06-16' } }, 'not_yet'],
    ['an expired root', { rootNotAfter: '2026-01-01' }, 'expired'],
  ])('%s', async (_, options, outcome) => {
    expect(await proveMade(options)).toBe(outcome);
  });

  test('a root that was renewed with the same key is still good', async () => {
    const chain = await makeSampleChain({ rootNotAfter: '2026-01-01' });
    const old = testRoot(chain.root);
    expect(prove(chain, { roots: [old, { ...old, notAfter: Date.parse('2032-10-22') }] })).toBe('proven');
  });
});
