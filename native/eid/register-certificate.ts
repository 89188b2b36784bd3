import type { KeyObject } from 'node:crypto';
import { type CertificateDetails, parseCertificate, readDetails } from './certificate.ts';
import { datesOf, isWithin, rootsOf } from './issuer.ts';
import type { Root } from './roots.ts';

/** id-kp-timeStamping and id-kp-OCSPSigning: roots issue such certificates too, to others than the National Register. */
const otherTrades: readonly string[] = ['1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.9'];

/**
 * The key that signs identity and address files, or null when the certificate is not the National Register's: issued by a
 * pinned root itself, no CA, made for signing, and within its dates and its root's.
 */
export function registerKey(file: Uint8Array, roots: readonly Root[], now: Date): KeyObject | null {
  const certificate = parseCertificate(file);
  const details = certificate === null ? null : readDetails(certificate);
  if (certificate === null || details === null || !isForSigning(details) || certificate.ca) return null;
  const isGood = isWithin(datesOf(certificate), now) && rootsOf(certificate, details, roots).some((root) => isWithin(root, now));
  try {
    return isGood ? certificate.publicKey : null;
  } catch {
    // A key that node:crypto cannot load.
    return null;
  }
}

/** A citizen CA is issued by the same roots; it signs certificates, never identity files. */
function isForSigning({ ca, keyUsage, purposes, unknownCritical }: CertificateDetails): boolean {
  if (ca !== null || unknownCritical) return false;
  if (purposes?.some((each) => otherTrades.includes(each)) === true) return false;
  return keyUsage === null || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
}
