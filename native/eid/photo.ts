import { createHash, timingSafeEqual } from 'node:crypto';

/** Larger than any card's photo, which has some 3 kB. */
const largestPhoto = 64 * 1024;

/** The photo in base64, or null: nothing but a JPEG is handed on to be drawn, proven or not. */
export function asJpeg(photo: Uint8Array | null): string | null {
  if (photo === null || photo.length > largestPhoto) return null;
  const isJpeg = photo[0] === 0xff && photo[1] === 0xd8 && photo[2] === 0xff;
  return isJpeg ? inBase64(photo) : null;
}

/** Tag 11 of the identity file names its algorithm by its length alone (eID content v5_4 §6.2). */
export function isPhotoOfHash(photo: Uint8Array, hash: Uint8Array): boolean {
  const algorithm = new Map([
    [20, 'sha1'],
    [32, 'sha256'],
    [48, 'sha384'],
  ]).get(hash.length);
  return algorithm !== undefined && timingSafeEqual(createHash(algorithm).update(photo).digest(), hash);
}

export function inBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
