import { createECDH, createHash, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashChallenge, verifyChip } from './chip.ts';
import { verifyP384 } from './p384.ts';
import { makeSampleChip } from './sample-card.ts';

const chip = makeSampleChip();
const challenge = randomBytes(48);
const evidence = chip.answer(challenge);
const base64 = (bytes: Buffer) => bytes.toString('base64');

test('the chip that holds the key of the identity file answers', () => {
  expect(verifyChip(evidence, chip.hash)).toBe(true);
});

test('what the card is given to sign is the hash of the challenge', () => {
  const key = createPublicKey({ key: chip.basicKey, format: 'der', type: 'spki' });
  expect(verifyP384({ digest: hashChallenge(challenge), signature: Buffer.from(evidence.signature, 'base64'), key })).toBe(true);
});

describe('not proven:', () => {
  test('a copied card: the files of one, the chip of another', () => {
    const clone = makeSampleChip();
    expect(verifyChip(clone.answer(challenge), chip.hash)).toBe(false);
    expect(verifyChip({ ...clone.answer(challenge), basicKey: base64(chip.basicKey) }, chip.hash)).toBe(false);
  });

  test('an answer to another challenge, or a changed one', () => {
    expect(verifyChip({ ...evidence, challenge: base64(randomBytes(48)) }, chip.hash)).toBe(false);
    const changed = Buffer.from(evidence.signature, 'base64');
    changed.writeUInt8(changed.readUInt8(5) ^ 1, 5);
    expect(verifyChip({ ...evidence, signature: base64(changed) }, chip.hash)).toBe(false);
    expect(verifyChip({ ...evidence, signature: '' }, chip.hash)).toBe(false);
  });

  test('a challenge too short to be a chance number', () => {
    for (const length of [0, 31]) expect(verifyChip(chip.answer(Buffer.alloc(length, 1)), chip.hash)).toBe(false);
    expect(verifyChip(chip.answer(Buffer.alloc(32, 1)), chip.hash)).toBe(true);
  });

  test('an identity file without that hash, or with one of another length', () => {
    for (const hash of [
      Buffer.alloc(0),
      chip.hash.subarray(0, 47),
      Buffer.alloc(48),
      createHash('sha256').update(chip.basicKey).digest(),
    ]) {
      expect(verifyChip(evidence, hash)).toBe(false);
    }
  });

  test('a key on another curve, however well it answers', () => {
    const small = makeSampleChip('P-256');
    expect(verifyChip(small.answer(challenge), small.hash)).toBe(false);
  });

  test.each<[string, Buffer]>([
    ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' })],
    ['nothing', Buffer.alloc(0)],
    ['noise', randomBytes(120)],
    ['a key cut off', chip.basicKey.subarray(0, 60)],
  ])('%s for a basic key, even when its hash is right', (_, basicKey) => {
    const hash = createHash('sha384').update(basicKey).digest();
    expect(verifyChip({ ...evidence, basicKey: base64(basicKey) }, hash)).toBe(false);
  });
});

test('zeroes behind the key in its file are part of what is hashed, not of the key', () => {
  const file = Buffer.concat([chip.basicKey, Buffer.alloc(30)]);
  const hash = createHash('sha384').update(file).digest();
  expect(verifyChip({ ...evidence, basicKey: base64(file) }, hash)).toBe(true);
  expect(verifyChip({ ...evidence, basicKey: base64(file) }, chip.hash)).toBe(false);
});

/**
 * Why the card signs the hash of the challenge. With R = a·G + 2·Q, which takes only the public key Q, r = x(R) and s = r/2
 * fit the "hash" a·s. (The sum is made with the private key here, because that is shorter.)
 */
test('a signature made for a hash of the forger’s own choice is worth nothing', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const toNumber = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
  const toBytes = (value: bigint) => Buffer.from((value % order).toString(16).padStart(96, '0'), 'hex');
  const order = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;
  const a = 123456789n;
  const sum = createECDH('secp384r1');
  sum.setPrivateKey(toBytes(a + 2n * toNumber(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'))));
  const r = toNumber(sum.getPublicKey().subarray(1, 49));
  const half = (r * ((order + 1n) / 2n)) % order;
  const forged = { signature: Buffer.concat([toBytes(r), toBytes(half)]), hash: toBytes(a * half) };
  expect(verifyP384({ digest: forged.hash, signature: forged.signature, key: publicKey })).toBe(true);

  const basicKey = publicKey.export({ format: 'der', type: 'spki' });
  const claimed = { basicKey: base64(basicKey), challenge: base64(forged.hash), signature: base64(forged.signature) };
  expect(verifyChip(claimed, createHash('sha384').update(basicKey).digest())).toBe(false);
});
