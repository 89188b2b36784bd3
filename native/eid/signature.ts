import { constants, createHash, type KeyObject, publicDecrypt, type X509Certificate } from 'node:crypto';
import type { WebEidAlgorithm } from '../../contract/web-eid.ts';
import { webEidAlgorithm } from './certificate.ts';
import { verifyP384 } from './p384.ts';

/** node:crypto's name of the hash that goes with each kind of key; both OpenSSL and BoringSSL know it. */
export const hashNames: Record<WebEidAlgorithm, 'sha384' | 'sha256'> = { ES384: 'sha384', RS256: 'sha256' };

/** DigestInfo of SHA-256 up to the hash itself (RFC 8017, 9.2, note 1). */
const sha256Info = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/**
 * Whether a card's signature over a hash was made by the certificate's key: ECDSA P-384 as `r‖s` over 48 bytes, RSA as
 * PKCS#1 v1.5 over a SHA-256. The card only ever sees the hash, and so does its process; who holds the signed bytes
 * verifies those.
 */
export function verifyDigest(input: { digest: Uint8Array; signature: Uint8Array; certificate: X509Certificate }): boolean {
  const algorithm = webEidAlgorithm(input.certificate);
  if (algorithm === null || input.digest.length !== hashLength(algorithm)) return false;
  const key = input.certificate.publicKey;
  return algorithm === 'ES384' ? verifyP384({ ...input, key }) : verifyRsa(input.digest, input.signature, key);
}

function hashLength(algorithm: WebEidAlgorithm): number {
  return createHash(hashNames[algorithm]).digest().length;
}

function verifyRsa(digest: Uint8Array, signature: Uint8Array, key: KeyObject): boolean {
  try {
    const signed = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    // All of it, not its beginning: what may follow the hash in a sloppy check is where signatures were forged.
    return signed.equals(Buffer.concat([sha256Info, digest]));
  } catch {
    return false;
  }
}
