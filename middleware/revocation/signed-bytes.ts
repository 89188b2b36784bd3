import { type KeyObject, verify } from 'node:crypto';

/** RFC 4055, 5 and RFC 5758, 3.2. SHA-1 is left out: what is signed now must not rest on it. */
const algorithms: Record<string, { key: 'rsa' | 'ec'; hash: 'sha256' | 'sha384' | 'sha512' }> = {
  '1.2.840.113549.1.1.11': { key: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', hash: 'sha512' },
  '1.2.840.10045.4.3.2': { key: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', hash: 'sha512' },
};

/** @param algorithm as the signed thing names it: believed only when it is of the key's own kind */
export function isSignedWith(key: KeyObject, signed: { algorithm: string; bytes: Uint8Array; signature: Uint8Array }): boolean {
  const algorithm = algorithms[signed.algorithm];
  if (algorithm === undefined || algorithm.key !== key.asymmetricKeyType) return false;
  try {
    return verify(algorithm.hash, signed.bytes, key, signed.signature);
  } catch {
    return false;
  }
}
