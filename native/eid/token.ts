import { createHash, verify, type X509Certificate } from 'node:crypto';
import { type WebEidAlgorithm, type WebEidToken, webEidSignedBytes } from '../../contract/web-eid.ts';
import { parseCertificate, webEidAlgorithm } from './certificate.ts';
import { hashNames } from './signature.ts';

/** What the authentication key signs to sign in at `origin`. The signature's algorithm hashes it once more. */
export function signedBytes(input: { algorithm: WebEidAlgorithm; origin: string; nonce: string }): Uint8Array {
  return webEidSignedBytes(input, (text) => createHash(hashNames[input.algorithm]).update(text, 'utf8').digest());
}

/**
 * Whether the key of the token's own certificate signed this origin and nonce (Web eID token format 1.0). It says nothing
 * of who that certificate belongs to: `proveChain` does, and both are needed.
 */
export function verifyToken({ token, origin, nonce }: { token: WebEidToken; origin: string; nonce: string }): boolean {
  const certificate = readCertificate(token.unverifiedCertificate);
  // The algorithm is the key's own, so that nobody can choose another one for it.
  if (certificate === null || webEidAlgorithm(certificate) !== token.algorithm) return false;
  const bytes = signedBytes({ algorithm: token.algorithm, origin, nonce });
  try {
    const key = { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' as const };
    return verify(hashNames[token.algorithm], bytes, key, Buffer.from(token.signature, 'base64'));
  } catch {
    // Bytes that are no signature at all: OpenSSL answers false, BoringSSL may throw.
    return false;
  }
}

/** The whole of it: a token is made by software, which has no padding to bring. */
function readCertificate(base64: string): X509Certificate | null {
  const der = Buffer.from(base64, 'base64');
  const certificate = parseCertificate(der);
  return certificate?.raw.length === der.length ? certificate : null;
}
