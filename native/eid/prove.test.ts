import 'reflect-metadata';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { ExtendedKeyUsageExtension, Extension, KeyUsageFlags } from '@peculiar/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import pinned from './belgium-roots.json' with { type: 'json' };
import {
  type Fields,
  makeSampleCard,
  makeSampleChip,
  makeSigner,
  type SampleCard,
  type SignerOptions,
  sampleIdentityFields,
} from './fixtures/sample-card.ts';
import { type CardFiles, judgeValidity, nothingProven, proveBasicKey, proveCard } from './prove.ts';
import { pinnedRoots, testRoot } from './roots.ts';

const now = new Date('2026-06-15T10:00:00Z');
const all = { issuer: 'proven', identity: 'proven', address: 'proven', photo: 'proven', basicKey: 'unchecked' };
const none = { issuer: 'not_proven', identity: 'not_proven', address: 'not_proven', photo: 'not_proven', basicKey: 'unchecked' };
const prove = (card: SampleCard, files: Partial<CardFiles> = {}) =>
  proveCard({ ...card.files, ...files }, card.said, [...pinnedRoots(), testRoot(card.root)]);
const printed = (date: string | null) => ({ date, original: 'as printed' });
const flip = (bytes: Buffer, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe.each([
  { generation: 'ec', photoHash: 'sha384' },
  { generation: 'ec', photoHash: 'sha1' },
  { generation: 'rsa_sha256', photoHash: 'sha256' },
  { generation: 'rsa_sha1', photoHash: 'sha1' },
  { generation: 'rsa_sha256', photoHash: 'sha1' },
] as const)('a card with $generation signatures and a $photoHash photo hash', (options) => {
  let card: SampleCard;
  beforeAll(async () => {
    card = await makeSampleCard(options);
  });

  test('is proven', () => {
    expect(prove(card)).toEqual(all);
  });

  test('a changed identity is not, nor the photo whose hash stands in it', () => {
    expect(prove(card, { identity: flip(card.files.identity, 60) })).toEqual({ ...all, identity: 'not_proven', photo: 'not_proven' });
  });

  test('a changed address is not', () => {
    expect(prove(card, { address: flip(card.files.address, 5) })).toEqual({ ...all, address: 'not_proven' });
  });

  test('a changed photo is not', () => {
    expect(prove(card, { photo: flip(card.files.photo, 900) })).toEqual({ ...all, photo: 'not_proven' });
  });

  test('a changed signature is not, and takes the address with it', () => {
    const identitySignature = flip(card.files.identitySignature, 50);
    expect(prove(card, { identitySignature })).toEqual({ ...all, identity: 'not_proven', address: 'not_proven', photo: 'not_proven' });
  });

  test('another person’s address is not, however well it is signed', async () => {
    const signer = await makeSigner({ generation: options.generation });
    const one = await makeSampleCard({ ...options, signer });
    const other = await makeSampleCard({
      ...options,
      signer,
      address: { 1: 'Elders 1', 2: '1000', 3: 'Brussel' },
      identity: { ...sampleIdentityFields, 7: 'X' },
    });
    const { address, addressSignature } = other.files;
    expect(prove(other)).toEqual(all);
    expect(prove(one, { address, addressSignature })).toEqual({ ...all, address: 'not_proven' });
  });
});

test.each(['rsa_sha256', 'rsa_sha1'] as const)('zeroes behind a %s signature are the file’s, and no part of it', async (generation) => {
  const card = await makeSampleCard({ generation });
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(20)]);
  expect(prove(card, { addressSignature: pad(card.files.addressSignature) })).toEqual(all);
  expect(prove(card, { identitySignature: pad(card.files.identitySignature) })).toMatchObject({ identity: 'proven' });
});

describe('the issuer', () => {
  const provenBy = async (options: SignerOptions) => {
    const signer = await makeSigner(options);
    return { card: await makeSampleCard({ signer }), signer };
  };

  test('a root that is not pinned proves nothing', async () => {
    const card = await makeSampleCard();
    expect(proveCard(card.files, card.said, pinnedRoots())).toEqual(none);
  });

  test('the name of a pinned root without its signature proves nothing', async () => {
    const { card } = await provenBy({ rootName: 'CN=Belgium Root CA6' });
    expect(proveCard(card.files, card.said, pinnedRoots())).toEqual(none);
  });

  test('the signature of a pinned root under another name proves nothing', async () => {
    const { card } = await provenBy({ issuerName: 'CN=Proef Root CA2' });
    expect(prove(card)).toEqual(none);
  });

  test('a signature by another key under the root’s name proves nothing', async () => {
    const { card } = await provenBy({ forged: true });
    expect(prove(card)).toEqual(none);
  });

  test('signatures on another curve than P-384 are not the National Register’s', async () => {
    const { card } = await provenBy({ curve: 'P-256' });
    expect(prove(card)).toMatchObject({ issuer: 'proven', identity: 'not_proven', address: 'not_proven' });
  });

  test('a CA is no signer of identity files', async () => {
    const { card } = await provenBy({ ca: true });
    expect(prove(card)).toEqual(none);
  });

  test.each<[string, SignerOptions]>([
    ['a certificate that signs other certificates only', { usages: KeyUsageFlags.keyCertSign }],
    ['a critical extension that nobody understands', { extensions: [new Extension('1.3.6.1.4.1.99999.1', true, Uint8Array.of(5, 0))] }],
    ['an OCSP responder, which roots have too', { extensions: [new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.9'])] }],
    ['a time-stamping authority', { extensions: [new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.8'])] }],
    ['a signature by its root over a hash that is not sound', { hash: 'SHA-1' }],
  ])('%s proves nothing', async (_, options) => {
    const { card } = await provenBy(options);
    expect(prove(card)).toEqual(none);
  });

  test.each<[string, SignerOptions]>([
    ['no key usage', { usages: null }],
    ['digitalSignature alone', { usages: KeyUsageFlags.digitalSignature }],
    ['nonRepudiation alone', { usages: KeyUsageFlags.nonRepudiation }],
    ['an extension that may be ignored', { extensions: [new Extension('1.3.6.1.4.1.99999.1', false, Uint8Array.of(5, 0))] }],
    ['the purpose of signing e-mail', { extensions: [new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.4'])] }],
  ])('%s is fine', async (_, options) => {
    const { card } = await provenBy(options);
    expect(prove(card)).toEqual(all);
  });

  /** A card from 14.03.2022 until 14.03.2032. */
  test.each<[string, SignerOptions]>([
    ['that ended years ago, long after the card was made', { notAfter: '2022-06-01' }],
    ['whose root ended years ago', { rootNotAfter: '2023-01-01' }],
    ['that ended while the card was being made', { notAfter: '2022-02-11' }],
    ['that a re-keyed card got in its last year', { notBefore: '2032-03-14T12:00:00Z', notAfter: '2042-01-01' }],
  ])('a certificate %s was good for this card', async (_, options) => {
    const { card } = await provenBy(options);
    expect(prove(card)).toEqual(all);
  });

  test.each<[string, SignerOptions]>([
    ['ended long before the card was made', { notAfter: '2022-02-10' }],
    ['begins after the card’s last day', { notBefore: '2032-03-15T00:00:01Z', notAfter: '2042-01-01' }],
    ['is of a root that had ended', { rootNotAfter: '2022-02-10' }],
    ['had ended before its root began', { rootNotBefore: '2024-01-01', notAfter: '2023-12-31' }],
  ])('a certificate that %s proves nothing, and it is said why', async (_, options) => {
    const { card } = await provenBy(options);
    expect(prove(card)).toEqual({ ...none, issuer: 'other_time' });
  });

  test('one of two dates of a renewed root will do', async () => {
    const { card } = await provenBy({ rootNotAfter: '2022-01-01' });
    const root = testRoot(card.root);
    expect(proveCard(card.files, card.said, [root])).toEqual({ ...none, issuer: 'other_time' });
    expect(proveCard(card.files, card.said, [root, { ...root, notAfter: Date.parse('2032-10-22') }])).toEqual(all);
  });

  test.each<[Fields, string]>([
    [{ 3: '31.02.2022' }, 'other_time'],
    [{ 3: '', 4: '14.03.2032' }, 'other_time'],
    [{ 4: '' }, 'proven'],
    [{ 3: '14.03.2032', 4: '14.03.2022' }, 'other_time'],
  ])('a card that prints %j: %s', async (dates, issuer) => {
    const signer = await makeSigner();
    const card = await makeSampleCard({ signer, identity: { ...sampleIdentityFields, ...dates } });
    expect(prove(card).issuer).toBe(issuer);
  });

  test('dates of a file that is not proven itself say nothing about the certificate', async () => {
    const { card } = await provenBy({ notAfter: '2022-02-10' });
    expect(prove(card, { identity: flip(card.files.identity, 60) })).toMatchObject({ issuer: 'proven', identity: 'not_proven' });
  });

  test('bytes that are no certificate prove nothing', async () => {
    const card = await makeSampleCard();
    for (const certificate of [
      Buffer.alloc(0),
      Buffer.alloc(900),
      card.files.certificate.subarray(0, 100),
      flip(card.files.certificate, 12),
    ]) {
      expect(prove(card, { certificate })).toEqual(none);
    }
  });
});

test('what the card does not carry is unchecked, not disproven', async () => {
  const card = await makeSampleCard();
  expect(prove(card, { certificate: null })).toEqual(nothingProven);
  expect(prove(card, { photo: null })).toEqual({ ...all, photo: 'unchecked' });
  expect(prove(card, { addressSignature: null })).toEqual({ ...all, address: 'unchecked' });
  expect(prove(card, { identitySignature: null })).toEqual({
    issuer: 'proven',
    identity: 'unchecked',
    address: 'unchecked',
    photo: 'unchecked',
    basicKey: 'unchecked',
  });
});

describe('the basic key', () => {
  const chip = makeSampleChip();
  const { basicKey, hash } = chip;

  test('is proven when its hash stands in a proven identity file', () => {
    expect(proveBasicKey({ basicKey, hash, identity: 'proven' })).toBe('proven');
  });

  test('another chip’s, a hash of another length, or an identity that is not proven', () => {
    expect(proveBasicKey({ basicKey: makeSampleChip().basicKey, hash, identity: 'proven' })).toBe('not_proven');
    expect(proveBasicKey({ basicKey, hash: hash.subarray(0, 32), identity: 'proven' })).toBe('not_proven');
    expect(proveBasicKey({ basicKey, hash, identity: 'not_proven' })).toBe('not_proven');
  });

  test('without the file, the hash or a checked identity it is unchecked', () => {
    expect(proveBasicKey({ basicKey: null, hash, identity: 'proven' })).toBe('unchecked');
    expect(proveBasicKey({ basicKey, hash: Buffer.alloc(0), identity: 'proven' })).toBe('unchecked');
    expect(proveBasicKey({ basicKey, hash, identity: 'unchecked' })).toBe('unchecked');
  });
});

test('SHA-1 is believed only on the cards that have nothing better', async () => {
  const card = await makeSampleCard({ generation: 'rsa_sha1', photoHash: 'sha256' });
  expect(prove(card)).toMatchObject({ issuer: 'proven', identity: 'not_proven' });
});

test.each([
  ['2022-03-14', '2032-03-14', 'valid'],
  ['2022-03-14', '2026-06-15', 'valid'],
  ['2022-03-14', '2026-06-14', 'expired'],
  ['2026-06-16', '2032-03-14', 'not_yet'],
  [null, '2032-03-14', 'unknown'],
  [null, '2020-03-14', 'expired'],
  ['2022-03-14', null, 'unknown'],
])('a card from %s until %s', (validFrom, validUntil, validity) => {
  expect(judgeValidity({ validFrom: printed(validFrom), validUntil: printed(validUntil) }, now)).toBe(validity);
});

test('a card is good until midnight in Belgium', () => {
  const dates = { validFrom: printed('2022-03-14'), validUntil: printed('2026-06-15') };
  expect(judgeValidity(dates, new Date('2026-06-15T21:59:59Z'))).toBe('valid');
  expect(judgeValidity(dates, new Date('2026-06-15T22:00:00Z'))).toBe('expired');
});

describe('the pinned roots', () => {
  test.each(pinned.roots)('$commonName $notAfter: key and hash agree', (root) => {
    expect(createHash('sha256').update(Buffer.from(root.spki, 'base64')).digest('hex')).toBe(root.spkiSha256);
  });

  test('are Root CA2, CA3, CA4 twice with one key, and CA6', () => {
    expect(pinned.roots.map((root) => root.commonName.slice(-3))).toEqual(['CA2', 'CA3', 'CA4', 'CA4', 'CA6']);
    const [, , one, two] = pinnedRoots();
    expect(two !== undefined && one?.key.equals(two.key)).toBe(true);
    expect(pinnedRoots().map((root) => root.key.asymmetricKeyType)).toEqual(['rsa', 'rsa', 'rsa', 'rsa', 'ec']);
    expect(pinnedRoots().every((root) => root.notBefore < root.notAfter)).toBe(true);
    // CA2 ended in 2021 and is listed for what was signed then; CA3, CA4 and CA6 are good today.
    expect(pinnedRoots().map((root) => root.notBefore <= now.getTime() && now.getTime() <= root.notAfter)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  test('a test root that is no certificate is our own mistake', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(() => testRoot(publicKey.export({ format: 'pem', type: 'spki' }).toString())).toThrow();
  });
});
