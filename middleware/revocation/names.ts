import { createHash, type KeyObject, type X509Certificate } from 'node:crypto';
import { Certificate, PublicKeyInfo } from 'pkijs';

/** How OCSP and lists name a certificate: its serial, and its issuer's name and key. Bytes as they stand in DER. */
export type CertificateName = {
  /** Content of the INTEGER. */
  serial: Uint8Array;
  /** The issuer's name as the certificate spells it. */
  issuerName: Uint8Array;
};

/** @returns null when pkijs cannot read what node:crypto could */
export function nameOf(certificate: X509Certificate): CertificateName | null {
  try {
    const { serialNumber, issuer } = Certificate.fromBER(copyOf(certificate.raw));
    return { serial: new Uint8Array(serialNumber.valueBlock.valueHexView), issuerName: new Uint8Array(issuer.valueBeforeDecode) };
  } catch {
    return null;
  }
}

/** The bits of a public key, whose hash names it in OCSP (RFC 6960, 4.1.1). */
export function keyBitsOf(key: KeyObject): Uint8Array {
  const info = PublicKeyInfo.fromBER(copyOf(key.export({ format: 'der', type: 'spki' })));
  return new Uint8Array(info.subjectPublicKey.valueBlock.valueHexView);
}

export function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** asn1js keeps views on what it read: a copy of its own, so that no pooled buffer is held or seen whole. */
export function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
