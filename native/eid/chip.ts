import { createHash, createPublicKey, type KeyObject, randomBytes, timingSafeEqual, verify } from 'node:crypto';
import { type ChipEvidence, chipChallenge } from '../../contract/evidence.ts';
import { cutDerSequence } from './der.ts';

/**
 * The chip of an applet 1.8 card shows that it is the one the National Register wrote this identity file for: its key's
 * hash stands in that file (tag 1A), and no copy of the files can answer a challenge (applet 1.8, INTERNAL AUTHENTICATE).
 */
const saltLength = 32;

export function makeSalt(): string {
  return randomBytes(saltLength).toString('base64');
}

/**
 * What the key "Card" signs (CKM_ECDSA): the hash of the challenge, never the challenge itself. For a 48-byte "hash" of
 * one's own choice anybody can compute a signature that fits a given public key.
 */
export function hashChallenge(asked: { txId: string; salt: string }): Buffer {
  return createHash('sha384').update(chipChallenge(asked)).digest();
}

/** SHA-384 over file 4040 as it is. */
export function isBasicKeyOfHash(basicKey: Uint8Array, hash: Uint8Array): boolean {
  return hash.length === 48 && timingSafeEqual(createHash('sha384').update(basicKey).digest(), hash);
}

/** `basicKeyHash` must come from an identity file that is proven itself, `txId` from whoever has the transaction before him. */
export function verifyChip(evidence: ChipEvidence, { basicKeyHash, txId }: { basicKeyHash: Uint8Array; txId: string }): boolean {
  const basicKey = Buffer.from(evidence.basicKey, 'base64');
  const key = isBasicKeyOfHash(basicKey, basicKeyHash) ? readKey(basicKey) : null;
  if (key === null || Buffer.from(evidence.salt, 'base64').length !== saltLength) return false;
  const challenge = chipChallenge({ txId, salt: evidence.salt });
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
