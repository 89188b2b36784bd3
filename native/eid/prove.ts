import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { Identity, Outcome, Proof } from '../../contract/identity.ts';
import { cutDerSequence } from './der.ts';
import { isPhotoOfHash } from './photo.ts';
import type { Root } from './roots.ts';
import { lengthWithoutPadding } from './tlv.ts';

/** Raw card files; null is a file that the card does not carry or does not give. */
export type CardFiles = {
  identity: Uint8Array;
  identitySignature: Uint8Array | null;
  address: Uint8Array | null;
  addressSignature: Uint8Array | null;
  photo: Uint8Array | null;
  certificate: Uint8Array | null;
};

export const nothingProven: Omit<Proof, 'validity'> = {
  identity: 'unchecked',
  address: 'unchecked',
  photo: 'unchecked',
  issuer: 'unchecked',
};

/**
 * Checks what a card says of itself (eID content v5_4 §6.2). The PKCS#11 library checks none of it. Without a pinned
 * issuer the signatures are not the National Register's, so nothing that hangs on them is proven either.
 */
export function proveCard(files: CardFiles, photoHash: Uint8Array, roots: readonly Root[], now: Date): Omit<Proof, 'validity'> {
  if (files.certificate === null) return nothingProven;
  const certificate = parseCertificate(files.certificate);
  const key = certificate !== null && isIssuedByRoot(certificate, roots, now.getTime()) ? keyOf(certificate) : null;
  if (key === null) {
    return {
      issuer: 'not_proven',
      identity: files.identitySignature === null ? 'unchecked' : 'not_proven',
      address: files.addressSignature === null ? 'unchecked' : 'not_proven',
      photo: files.photo === null ? 'unchecked' : 'not_proven',
    };
  }
  const identity = proveIdentity(files, photoHash, key);
  return { issuer: 'proven', identity, address: proveAddress(files, photoHash, key), photo: provePhoto(files, photoHash, identity) };
}

/** A card's own dates against the terminal's calendar in Belgium: the last day is still a good one. */
export function judgeValidity(identity: Pick<Identity, 'validFrom' | 'validUntil'>, now: Date): Proof['validity'] {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Brussels' }).format(now);
  const { validFrom, validUntil } = identity;
  if (validUntil !== null && validUntil < today) return 'expired';
  if (validFrom !== null && validFrom > today) return 'not_yet';
  return validFrom === null || validUntil === null ? 'unknown' : 'valid';
}

export function parseCertificate(file: Uint8Array): X509Certificate | null {
  const der = cutDerSequence(file);
  if (der === null) return null;
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
}

export function isIssuedByRoot(certificate: X509Certificate, roots: readonly Root[], now: number): boolean {
  // A citizen CA is issued by the same roots; it signs certificates, never identity files.
  if (certificate.ca || !isWithin(now, Date.parse(certificate.validFrom), Date.parse(certificate.validTo))) return false;
  return roots.some(
    (root) => root.isNamedBy(certificate) && isWithin(now, root.notBefore, root.notAfter) && isSignedBy(certificate, root.key),
  );
}

function isWithin(now: number, from: number, until: number): boolean {
  return now >= from && now <= until;
}

function isSignedBy(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.verify(key);
  } catch {
    return false;
  }
}

function keyOf(certificate: X509Certificate): KeyObject | null {
  try {
    return certificate.publicKey;
  } catch {
    return null;
  }
}

/** Identity: the signature is over the file as it is. */
function proveIdentity(files: CardFiles, photoHash: Uint8Array, key: KeyObject): Outcome {
  if (files.identitySignature === null) return 'unchecked';
  return outcome(isSignature(files.identity, files.identitySignature, key, photoHash));
}

/** Address: over the file without its padding, then the identity's signature, which ties it to this person. */
function proveAddress(files: CardFiles, photoHash: Uint8Array, key: KeyObject): Outcome {
  if (files.address === null || files.addressSignature === null || files.identitySignature === null) return 'unchecked';
  const address = files.address.subarray(0, lengthWithoutPadding(files.address));
  return outcome(isSignature(Buffer.concat([address, files.identitySignature]), files.addressSignature, key, photoHash));
}

/** The hash stands in the identity file, so it proves nothing unless that file is proven itself. */
function provePhoto(files: CardFiles, photoHash: Uint8Array, identity: Outcome): Outcome {
  if (files.photo === null || photoHash.length === 0 || identity === 'unchecked') return 'unchecked';
  return outcome(identity === 'proven' && isPhotoOfHash(files.photo, photoHash));
}

function outcome(proven: boolean): Outcome {
  return proven ? 'proven' : 'not_proven';
}

/**
 * The algorithm follows the signer's key, not the chip: re-keyed 1.7 cards have an RSA chip and EC signatures (applet 1.7
 * addendum). EC is P-384 with SHA-384; RSA is PKCS#1 v1.5 with SHA-1 on cards with a 20-byte photo hash, else SHA-256.
 */
function isSignature(data: Uint8Array, signature: Uint8Array, key: KeyObject, photoHash: Uint8Array): boolean {
  try {
    if (key.asymmetricKeyType === 'ec') {
      const der = cutDerSequence(signature);
      const isP384 = key.asymmetricKeyDetails?.namedCurve === 'secp384r1';
      return isP384 && der !== null && verify('sha384', data, { key, dsaEncoding: 'der' }, der);
    }
    if (key.asymmetricKeyType !== 'rsa') return false;
    const plain = signature.subarray(0, (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
    return (photoHash.length === 20 && verify('sha1', data, key, plain)) || verify('sha256', data, key, plain);
  } catch {
    // Bytes that are no signature at all: OpenSSL answers false, BoringSSL may throw.
    return false;
  }
}
