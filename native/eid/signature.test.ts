import { constants, createECDH, createHash, generateKeyPairSync, type KeyObject, privateEncrypt, randomBytes, sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCertificate } from './certificate.ts';
import { verifyP384 } from './p384.ts';
import { makeSampleChain } from './sample-chain.ts';
import { verifyDigest } from './signature.ts';
import { signedBytes } from './token.ts';
import { tokenVectors, vectorOrigin } from './web-eid-vectors.ts';

const document = Buffer.from('the bytes that somebody signs');
const sha384 = createHash('sha384').update(document).digest();
const sha256 = createHash('sha256').update(document).digest();
const flip = (bytes: Buffer, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
const order = BigInt('0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973');
const bytesOf = (value: bigint) => Buffer.from(value.toString(16).padStart(96, '0'), 'hex');

type Signer = { certificate: NonNullable<ReturnType<typeof parseCertificate>>; key: KeyObject };
async function makeSigner(keys: 'p384' | 'rsa2048' | 'p256'): Promise<Signer> {
  const chain = await makeSampleChain({ use: 'signature', keys });
  const certificate = parseCertificate(chain.certificate);
  if (certificate === null) throw new Error('no certificate');
  return { certificate, key: chain.key };
}

test.each(tokenVectors)('the $algorithm signature of a Belgian test card over a hash', ({ nonce, algorithm, ...vector }) => {
  const certificate = parseCertificate(Buffer.from(vector.unverifiedCertificate, 'base64'));
  if (certificate === null) throw new Error('no certificate');
  const hash = algorithm === 'ES384' ? 'sha384' : 'sha256';
  const digest = createHash(hash)
    .update(signedBytes({ algorithm, origin: vectorOrigin, nonce }))
    .digest();
  const signature = Buffer.from(vector.signature, 'base64');
  expect(verifyDigest({ digest, signature, certificate })).toBe(true);
  expect(verifyDigest({ digest: flip(digest, 0), signature, certificate })).toBe(false);
  expect(verifyDigest({ digest: flip(digest, digest.length - 1), signature, certificate })).toBe(false);
});

describe('ECDSA P-384', () => {
  let signer: Signer;
  let signature: Buffer;
  beforeAll(async () => {
    signer = await makeSigner('p384');
    signature = sign('sha384', document, { key: signer.key, dsaEncoding: 'ieee-p1363' });
  });
  const verify = (changes: Partial<Parameters<typeof verifyDigest>[0]>) =>
    verifyDigest({ digest: sha384, signature, certificate: signer.certificate, ...changes });

  test('what node:crypto signs is verified, another hash is not', () => {
    expect(verify({})).toBe(true);
    expect(verify({ digest: createHash('sha384').update('another').digest() })).toBe(false);
    // The opposite of the hash, which a verifier that forgets the sign of a point would take.
    expect(verify({ digest: bytesOf(order - (BigInt(`0x${sha384.toString('hex')}`) % order)) })).toBe(false);
  });

  test('a hash of another length, or a changed, short or long signature is not', () => {
    for (const digest of [sha256, sha384.subarray(1), Buffer.alloc(0), Buffer.concat([sha384, Buffer.alloc(1)])]) {
      expect(verify({ digest })).toBe(false);
    }
    for (const changed of [flip(signature, 3), flip(signature, 60), signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])]) {
      expect(verify({ signature: changed })).toBe(false);
    }
    expect(verify({ signature: sign('sha384', document, { key: signer.key, dsaEncoding: 'der' }) })).toBe(false);
  });

  test('numbers out of range are not, nor those that make nonsense of the curve', () => {
    const good = signature.subarray(0, 48);
    for (const odd of [0n, 1n, order - 1n, order, order + 1n, 2n ** 384n - 1n]) {
      expect(verify({ signature: Buffer.concat([bytesOf(odd), signature.subarray(48)]) })).toBe(false);
      expect(verify({ signature: Buffer.concat([good, bytesOf(odd)]) })).toBe(false);
      expect(verify({ signature: Buffer.concat([bytesOf(odd), bytesOf(odd)]) })).toBe(false);
    }
    expect(verify({ digest: Buffer.alloc(48) })).toBe(false);
  });

  test('numbers written in another way than 48 bytes below the order are not, though they are worth the same', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const d = BigInt(`0x${Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url').toString('hex')}`);
    const two = createECDH('secp384r1');
    two.setPrivateKey(bytesOf(2n));
    const r = BigInt(`0x${two.getPublicKey().subarray(1, 49).toString('hex')}`);
    // With k = 2, s is 1 for this hash.
    const digest = bytesOf((((2n - r * d) % order) + order) % order);
    const good = Buffer.concat([bytesOf(r), bytesOf(1n)]);
    expect(verifyP384({ digest, signature: good, key: publicKey })).toBe(true);
    for (const odd of [Buffer.concat([bytesOf(r), bytesOf(1n + order)]), Buffer.concat([bytesOf(r), Buffer.of(1)])]) {
      expect(verifyP384({ digest, signature: odd, key: publicKey })).toBe(false);
    }
  });

  test('agrees with node:crypto over and over, right and wrong', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    for (let round = 0; round < 20; round += 1) {
      const data = randomBytes(round);
      const digest = createHash('sha384').update(data).digest();
      const made = sign('sha384', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(verifyP384({ digest, signature: made, key: publicKey })).toBe(true);
      expect(verifyP384({ digest: flip(digest, round), signature: made, key: publicKey })).toBe(false);
    }
  });

  test('another’s certificate, and one on another curve', async () => {
    const [other, small] = await Promise.all([makeSigner('p384'), makeSigner('p256')]);
    expect(verify({ certificate: other.certificate })).toBe(false);
    expect(verify({ certificate: small.certificate })).toBe(false);
  });
});

describe('RSA PKCS#1 v1.5', () => {
  let signer: Signer;
  beforeAll(async () => {
    signer = await makeSigner('rsa2048');
  });
  const verify = (signature: Uint8Array, digest: Uint8Array = sha256) =>
    verifyDigest({ digest, signature, certificate: signer.certificate });
  const pad = (payload: Buffer) => privateEncrypt({ key: signer.key, padding: constants.RSA_PKCS1_PADDING }, payload);
  const info = Buffer.from('3031300d060960864801650304020105000420', 'hex');

  test('what node:crypto signs is verified, another hash is not', () => {
    const signature = sign('sha256', document, signer.key);
    expect(verify(signature)).toBe(true);
    expect(verify(signature, createHash('sha256').update('another').digest())).toBe(false);
    expect(verify(signature, sha384)).toBe(false);
    for (const changed of [flip(signature, 9), signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)]), Buffer.alloc(256)]) {
      expect(verify(changed)).toBe(false);
    }
  });

  test('a hash of another length, however well it is signed', () => {
    const short = sha256.subarray(1);
    expect(verify(pad(Buffer.concat([info, short])), short)).toBe(false);
  });

  test('the hash alone, another algorithm’s name, or anything behind the hash is not', () => {
    expect(verify(pad(Buffer.concat([info, sha256])))).toBe(true);
    expect(verify(pad(sha256))).toBe(false);
    expect(verify(pad(Buffer.concat([info, sha256, Buffer.alloc(20)])))).toBe(false);
    const otherName = Buffer.from(info);
    otherName.writeUInt8(0x03, 14);
    expect(verify(pad(Buffer.concat([otherName, sha256])))).toBe(false);
    expect(verify(sign('sha256', document, { key: signer.key, padding: constants.RSA_PKCS1_PSS_PADDING }))).toBe(false);
  });
});
