import { type KeyObject, sign } from 'node:crypto';

/**
 * ES256 as JWS wants it (RFC 7518, 3.4): `r‖s`, 64 bytes. Made of the DER that OpenSSL gives: asked for this form itself, Node 24
 * takes more than twice as long, and this is half of the cryptography of keeping a record.
 * @param key P-256
 */
export function signRaw(key: KeyObject, bytes: Uint8Array): Uint8Array {
  const der = sign('sha256', bytes, key);
  const raw = Buffer.alloc(64);
  // SEQUENCE { r INTEGER, s INTEGER }, all of it shorter than 128 bytes. An integer may begin with a zero, or be short.
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const from = at + 2 + Math.max(0, length - 32);
    at += 2 + length;
    der.copy(raw, end - (at - from), from, at);
  }
  return raw;
}
