import type { WebEidAlgorithm } from '../../contract/web-eid.ts';
import type { SigningOrder } from '../pkcs11/session.ts';

/** DigestInfo of SHA-256 up to the hash (RFC 8017, 9.2, note 1): CKM_RSA_PKCS pads what it is given and adds nothing. */
const sha256Info = Buffer.from('3031300d060960864801650304020105000420', 'hex');

const digestLength: Record<WebEidAlgorithm, number> = { ES384: 48, RS256: 32 };

export function fitsAlgorithm(digest: Uint8Array, algorithm: WebEidAlgorithm): boolean {
  return digest.length === digestLength[algorithm];
}

/** How the card's key gets a hash: as it is on EC cards (applet 1.8), in a DigestInfo on RSA cards (1.7). */
export function orderFor(algorithm: WebEidAlgorithm, digest: Uint8Array): Pick<SigningOrder, 'data' | 'kind'> {
  if (algorithm === 'ES384') return { kind: 'ec', data: Buffer.from(digest) };
  return { kind: 'rsa', data: Buffer.concat([sha256Info, digest]) };
}
