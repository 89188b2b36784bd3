import type { KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateDetails } from './certificate.ts';
import type { Root } from './roots.ts';

/**
 * RSA and ECDSA over SHA-2, and RSA over SHA-1, because the oldest cards still good carry such certificates: forging one
 * would take a second preimage, which nobody has. Anything weaker, or unknown, proves nothing.
 */
const soundAlgorithms: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.5',
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);

/** The pinned roots that this certificate names as its issuer and whose key signed it. Their dates are another question. */
export function rootsOf(certificate: X509Certificate, details: CertificateDetails, roots: readonly Root[]): Root[] {
  return roots.filter((root) => root.isNamedBy(certificate) && isSignedBy(certificate, details, root.key));
}

export function isSignedBy(certificate: X509Certificate, details: CertificateDetails, key: KeyObject): boolean {
  try {
    return soundAlgorithms.has(details.signedWith) && certificate.verify(key);
  } catch {
    return false;
  }
}

export type Dates = { notBefore: number; notAfter: number };

export function datesOf(certificate: X509Certificate): Dates {
  return { notBefore: Date.parse(certificate.validFrom), notAfter: Date.parse(certificate.validTo) };
}

/** When both are good; null when they never are, or when a date cannot be read. */
export function overlap(one: Dates, other: Dates): Dates | null {
  const both = { notBefore: Math.max(one.notBefore, other.notBefore), notAfter: Math.min(one.notAfter, other.notAfter) };
  return both.notBefore <= both.notAfter ? both : null;
}

/** False too when a date cannot be read: NaN is neither before nor after. */
export function isWithin({ notBefore, notAfter }: Dates, now: Date): boolean {
  return now.getTime() >= notBefore && now.getTime() <= notAfter;
}
