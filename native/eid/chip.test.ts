import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { chipChallenge } from '../../contract/evidence.ts';
import { hashChallenge, makeSalt, verifyChip } from './chip.ts';
import { makeSampleChip } from './fixtures/sample-card.ts';

const chip = makeSampleChip();
const txId = '019a0000-0000-7000-8000-000000000001';
const another = '019a0000-0000-7000-8000-000000000002';
const evidence = chip.answer(txId);
const base64 = (bytes: Buffer) => bytes.toString('base64');
const verify = (given = evidence, basicKeyHash: Uint8Array = chip.hash, of = txId) => verifyChip(given, { basicKeyHash, txId: of });

test('the chip that holds the key of the identity file answers', () => {
  expect(verify()).toBe(true);
});

test('what the card is given to sign is the hash of a challenge that only this transaction has', () => {
  const salt = makeSalt();
  expect(hashChallenge({ txId, salt })).toEqual(createHash('sha384').update(`["loket/chip/1","${txId}","${salt}"]`).digest());
  expect(makeSalt()).not.toBe(salt);
  expect(Buffer.from(salt, 'base64')).toHaveLength(32);
});

describe('not proven:', () => {
  test('a copied card: the files of one, the chip of another', () => {
    const clone = makeSampleChip();
    expect(verify(clone.answer(txId))).toBe(false);
    expect(verify({ ...clone.answer(txId), basicKey: base64(chip.basicKey) })).toBe(false);
  });

  test('an answer that was recorded for another transaction', () => {
    expect(verify(evidence, chip.hash, another)).toBe(false);
    expect(verify(chip.answer(another))).toBe(false);
  });

  test('an answer to another challenge, or a changed one', () => {
    expect(verify({ ...evidence, salt: makeSalt() })).toBe(false);
    const changed = Buffer.from(evidence.signature, 'base64');
    changed.writeUInt8(changed.readUInt8(5) ^ 1, 5);
    expect(verify({ ...evidence, signature: base64(changed) })).toBe(false);
    expect(verify({ ...evidence, signature: '' })).toBe(false);
  });

  test.each([0, 31, 33])('a salt of %i bytes, however well it is answered', (length) => {
    expect(verify(chip.answer(txId, randomBytes(length).toString('base64')))).toBe(false);
  });

  test('an identity file without that hash, or with one of another length', () => {
    for (const hash of [
      Buffer.alloc(0),
      chip.hash.subarray(0, 47),
      Buffer.alloc(48),
      createHash('sha256').update(chip.basicKey).digest(),
    ]) {
      expect(verify(evidence, hash)).toBe(false);
    }
  });

  test('a key on another curve, however well it answers', () => {
    const small = makeSampleChip('P-256');
    expect(verify(small.answer(txId), small.hash)).toBe(false);
  });

  test.each<[string, Buffer]>([
    ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' })],
    ['nothing', Buffer.alloc(0)],
    ['noise', randomBytes(120)],
    ['a key cut off', chip.basicKey.subarray(0, 60)],
  ])('%s for a basic key, even when its hash is right', (_, basicKey) => {
    const hash = createHash('sha384').update(basicKey).digest();
    expect(verify({ ...evidence, basicKey: base64(basicKey) }, hash)).toBe(false);
  });
});

test('zeroes behind the key in its file are part of what is hashed, not of the key', () => {
  const file = Buffer.concat([chip.basicKey, Buffer.alloc(30)]);
  const hash = createHash('sha384').update(file).digest();
  expect(verify({ ...evidence, basicKey: base64(file) }, hash)).toBe(true);
  expect(verify({ ...evidence, basicKey: base64(file) })).toBe(false);
});

test('the challenge of one transaction and salt is never that of others', () => {
  const salt = makeSalt();
  const texts = [
    { txId, salt },
    { txId: another, salt },
    { txId, salt: makeSalt() },
  ].map((each) => String(chipChallenge(each)));
  expect(new Set(texts).size).toBe(3);
});
