import { type KeyObject, verify } from 'node:crypto';
import type { Identity, Outcome, Proof } from '../../contract/identity.ts';
import { isBasicKeyOfHash } from './chip.ts';
import { cutDerSequence } from './der.ts';
import { isPhotoOfHash } from './photo.ts';
import { readRegisterCertificate, wasGoodFor } from './register-certificate.ts';
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

/** What the identity file says, as far as proving it takes: the file itself is among `CardFiles`. */
export type SaidByCard = { identity: Pick<Identity, 'validFrom' | 'validUntil'>; photoHash: Uint8Array };

export const nothingProven: Omit<Proof, 'validity'> = {
  identity: 'unchecked',
  address: 'unchecked',
  photo: 'unchecked',
  basicKey: 'unchecked',
  issuer: 'unchecked',
};

/**
 * Checks what a card says of itself (eID content v5_4 §6.2). The PKCS#11 library checks none of it. Without a pinned
 * issuer the signatures are not the National Register's, so nothing that hangs on them is proven either. No clock takes
 * part: the certificate is judged by the dates of the card (`wasGoodFor`). The chip's key is not among these files: it is
 * read only when the chip is challenged (`proveBasicKey`).
 */
export function proveCard(files: CardFiles, said: SaidByCard, roots: readonly Root[]): Omit<Proof, 'validity'> {
  if (files.certificate === null) return nothingProven;
  const certificate = readRegisterCertificate(files.certificate, roots);
  if (certificate === null) return notProvenBy('not_proven', files);
  const { photoHash } = said;
  const identity = proveIdentity(files, photoHash, certificate.key);
  // After the signature: only then are the dates by which the certificate is judged the register's own words.
  if (identity === 'proven' && !wasGoodFor(said.identity, certificate)) return notProvenBy('other_time', files);
  return {
    issuer: 'proven',
    identity,
    address: proveAddress(files, photoHash, certificate.key),
    photo: provePhoto(files, photoHash, identity),
    basicKey: 'unchecked',
  };
}

function notProvenBy(issuer: 'not_proven' | 'other_time', files: CardFiles): Omit<Proof, 'validity'> {
  return {
    issuer,
    identity: files.identitySignature === null ? 'unchecked' : 'not_proven',
    address: files.addressSignature === null ? 'unchecked' : 'not_proven',
    photo: files.photo === null ? 'unchecked' : 'not_proven',
    basicKey: 'unchecked',
  };
}

/** File 4040 against tag 1A. Like the photo's hash, that one proves nothing unless the identity file is proven itself. */
export function proveBasicKey(input: { basicKey: Uint8Array | null; hash: Uint8Array; identity: Outcome }): Outcome {
  if (input.basicKey === null || input.hash.length === 0 || input.identity === 'unchecked') return 'unchecked';
  return outcome(input.identity === 'proven' && isBasicKeyOfHash(input.basicKey, input.hash));
}

/** A card's own dates against the terminal's calendar in Belgium: the last day is still a good one. */
export function judgeValidity(identity: Pick<Identity, 'validFrom' | 'validUntil'>, now: Date): Proof['validity'] {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Brussels' }).format(now);
  const [from, until] = [identity.validFrom.date, identity.validUntil.date];
  if (until !== null && until < today) return 'expired';
  if (from !== null && from > today) return 'not_yet';
  return from === null || until === null ? 'unknown' : 'valid';
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
