import { createHash, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { ChipEvidence } from '../../contract/evidence.ts';
import { cutDerSequence } from './der.ts';

/**
 * The chip of an applet 1.8 card shows that it is the one the National Register wrote this identity file for: its key's
 * hash stands in that file (tag 1A), and no copy of the files can answer a challenge (applet 1.8, INTERNAL AUTHENTICATE).
 */
const shortestChallenge = 32;

/**
 * What the key "Card" signs (CKM_ECDSA): the hash of the challenge, never the challenge itself. For a 48-byte "hash" of
 * one's own choice anybody can compute a signature that fits a given public key, and evidence is verified by who did not
 * choose the challenge.
 */
export function hashChallenge(challenge: Uint8Array): Buffer {
  return createHash('sha384').update(challenge).digest();
}

/** SHA-384 over file 4040 as it is. */
export function isBasicKeyOfHash(basicKey: Uint8Array, hash: Uint8Array): boolean {
  return hash.length === 48 && timingSafeEqual(createHash('sha384').update(basicKey).digest(), hash);
}

/** `basicKeyHash` must come from an identity file that is proven itself. */
export function verifyChip(evidence: ChipEvidence, basicKeyHash: Uint8Array): boolean {
  const basicKey = Buffer.from(evidence.basicKey, 'base64');
  const challenge = Buffer.from(evidence.challenge, 'base64');
  const key = isBasicKeyOfHash(basicKey, basicKeyHash) ? readKey(basicKey) : null;
  if (key === null || challenge.length < shortestChallenge) return false;
  try {
    return verify('sha384', challenge, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(evidence.signature, 'base64'));
  } catch {
    return false;
  }
}

function readKey(file: Uint8Array): KeyObject | null {
  const der = cutDerSequence(file);
  if (der === null) return null;
  try {
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? key : null;
  } catch {
    return null;
  }
}
