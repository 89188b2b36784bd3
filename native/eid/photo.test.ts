import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { samplePhoto } from './fixtures/sample-card.ts';
import { asJpeg, isPhotoOfHash } from './photo.ts';

test('only a JPEG of a card’s size is handed on to be drawn', () => {
  expect(asJpeg(samplePhoto)).toBe(samplePhoto.toString('base64'));
  expect(asJpeg(Buffer.concat([samplePhoto, Buffer.alloc(64 * 1024)]))).toBeNull();
  for (const other of [null, Buffer.alloc(0), samplePhoto.subarray(0, 2), Buffer.from('<svg onload="x"/>'), samplePhoto.subarray(1)]) {
    expect(asJpeg(other)).toBeNull();
  }
});

test.each(['sha1', 'sha256', 'sha384'])('a %s of the photo is its hash, by its length', (algorithm) => {
  const hash = createHash(algorithm).update(samplePhoto).digest();
  expect(isPhotoOfHash(samplePhoto, hash)).toBe(true);
  expect(isPhotoOfHash(samplePhoto.subarray(1), hash)).toBe(false);
  expect(isPhotoOfHash(samplePhoto, hash.subarray(1))).toBe(false);
});

test('a hash of any other length proves nothing', () => {
  for (const hash of [Buffer.alloc(0), createHash('md5').update(samplePhoto).digest(), createHash('sha512').update(samplePhoto).digest()]) {
    expect(isPhotoOfHash(samplePhoto, hash)).toBe(false);
  }
});
