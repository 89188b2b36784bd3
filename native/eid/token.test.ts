import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type WebEidAlgorithm, WebEidToken, webEidFormat } from '../../contract/web-eid.ts';
import { makeSampleChain, type SampleChain } from './fixtures/sample-chain.ts';
import { tokenVectors, vectorOrigin } from './fixtures/web-eid-vectors.ts';
import { signedBytes, verifyToken } from './token.ts';

const origin = 'https://middleware.loket.invalid';
const nonce = Buffer.alloc(32, 7).toString('base64');
const hashes = { ES384: 'sha384', RS256: 'sha256' } as const;

/** Built by hand from the specification, with nothing of what is tested: hash of (hash of origin ‖ hash of nonce), signed. */
function makeToken({ certificate, key }: Pick<SampleChain, 'certificate' | 'key'>, algorithm: WebEidAlgorithm, changes = {}): WebEidToken {
  const hash = (text: string) => createHash(hashes[algorithm]).update(text).digest();
  const signature = sign(hashes[algorithm], Buffer.concat([hash(origin), hash(nonce)]), { key, dsaEncoding: 'ieee-p1363' });
  return WebEidToken.parse({
    unverifiedCertificate: certificate.toString('base64'),
    algorithm,
    signature: signature.toString('base64'),
    format: webEidFormat,
    appVersion: 'https://loket.invalid/releases/0.1.0',
    ...changes,
  });
}

let ec: SampleChain;
let rsa: SampleChain;
beforeAll(async () => {
  [ec, rsa] = await Promise.all([makeSampleChain(), makeSampleChain({ keys: 'rsa2048' })]);
});

describe.each(tokenVectors)('the published $algorithm token of a Belgian test card', ({ nonce: theirs, ...token }) => {
  const whole = WebEidToken.parse({ ...token, format: webEidFormat, appVersion: 'https://web-eid.eu/web-eid-app/releases/2.7.0+965' });

  test('is good for its own origin and nonce', () => {
    expect(verifyToken({ token: whole, origin: vectorOrigin, nonce: theirs })).toBe(true);
  });

  test('is good for no other, and not with a bit changed', () => {
    expect(verifyToken({ token: whole, origin: `${vectorOrigin}/`, nonce: theirs })).toBe(false);
    expect(verifyToken({ token: whole, origin: vectorOrigin, nonce: nonce })).toBe(false);
    const signature = Buffer.from(whole.signature, 'base64');
    signature.writeUInt8(signature.readUInt8(20) ^ 1, 20);
    expect(verifyToken({ token: { ...whole, signature: signature.toString('base64') }, origin: vectorOrigin, nonce: theirs })).toBe(false);
  });
});

test('a token made by hand is good, once for each algorithm', () => {
  expect(verifyToken({ token: makeToken(ec, 'ES384'), origin, nonce })).toBe(true);
  expect(verifyToken({ token: makeToken(rsa, 'RS256'), origin, nonce })).toBe(true);
});

test('what is signed is the hash of the origin, then the hash of the nonce', () => {
  const bytes = Buffer.from(signedBytes({ algorithm: 'ES384', origin, nonce }));
  expect(bytes.length).toBe(96);
  expect(bytes.subarray(0, 48)).toEqual(createHash('sha384').update(origin).digest());
  expect(bytes.subarray(48)).toEqual(createHash('sha384').update(nonce).digest());
  expect(signedBytes({ algorithm: 'RS256', origin, nonce }).length).toBe(64);
});

describe('a token is refused', () => {
  test('for another origin or nonce, or the two exchanged', () => {
    const token = makeToken(ec, 'ES384');
    expect(verifyToken({ token, origin: 'https://elsewhere.invalid', nonce })).toBe(false);
    expect(verifyToken({ token, origin, nonce: `${nonce} ` })).toBe(false);
    expect(verifyToken({ token, origin: nonce, nonce: origin })).toBe(false);
  });

  test('with another person’s certificate', async () => {
    const other = await makeSampleChain();
    const token = makeToken(ec, 'ES384', { unverifiedCertificate: other.certificate.toString('base64') });
    expect(verifyToken({ token, origin, nonce })).toBe(false);
  });

  test('when it names another algorithm than its key’s', () => {
    expect(verifyToken({ token: { ...makeToken(ec, 'ES384'), algorithm: 'RS256' }, origin, nonce })).toBe(false);
    expect(verifyToken({ token: { ...makeToken(rsa, 'RS256'), algorithm: 'ES384' }, origin, nonce })).toBe(false);
  });

  test.each(['p256', 'rsa1024'] as const)('with a %s key, however well it is signed', async (keys) => {
    const weak = await makeSampleChain({ keys });
    expect(verifyToken({ token: makeToken(weak, keys === 'p256' ? 'ES384' : 'RS256'), origin, nonce })).toBe(false);
  });

  test('with a signature in DER, or by RSA-PSS, or too long, too short or empty', () => {
    const bytes = signedBytes({ algorithm: 'ES384', origin, nonce });
    const good = Buffer.from(makeToken(ec, 'ES384').signature, 'base64');
    const der = sign('sha384', bytes, { key: ec.key, dsaEncoding: 'der' });
    for (const signature of [der, Buffer.concat([good, Buffer.alloc(1)]), good.subarray(1), Buffer.alloc(0), Buffer.alloc(96)]) {
      const token = makeToken(ec, 'ES384', { signature: signature.toString('base64') });
      expect(verifyToken({ token, origin, nonce })).toBe(false);
    }
    const pss = signPss(signedBytes({ algorithm: 'RS256', origin, nonce }), rsa.key);
    expect(verifyToken({ token: makeToken(rsa, 'RS256', { signature: pss.toString('base64') }), origin, nonce })).toBe(false);
  });

  test('when its certificate is none, is cut off, or has something behind it', () => {
    const { certificate } = ec;
    for (const bytes of [
      Buffer.alloc(0),
      certificate.subarray(0, 300),
      Buffer.concat([certificate, Buffer.alloc(1)]),
      Buffer.alloc(500, 0x30),
    ]) {
      const token = makeToken(ec, 'ES384', { unverifiedCertificate: bytes.toString('base64') });
      expect(verifyToken({ token, origin, nonce })).toBe(false);
    }
  });

  test('when somebody else’s key signed', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(verifyToken({ token: makeToken({ ...ec, key: privateKey }, 'ES384'), origin, nonce })).toBe(false);
  });
});

function signPss(bytes: Uint8Array, key: KeyObject): Buffer {
  return sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING });
}
