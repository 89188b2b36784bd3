import { createHash } from 'node:crypto';
import type { WebEidAlgorithm } from '../../contract/web-eid.ts';

/** node:crypto's name of the hash that goes with each kind of key; both OpenSSL and BoringSSL know it. */
export const hashNames: Record<WebEidAlgorithm, 'sha384' | 'sha256'> = { ES384: 'sha384', RS256: 'sha256' };

export function hashFor(algorithm: WebEidAlgorithm, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash(hashNames[algorithm]);
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
