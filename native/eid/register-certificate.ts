import type { KeyObject } from 'node:crypto';
import type { Identity } from '../../contract/identity.ts';
import { type CertificateDetails, parseCertificate, readDetails } from './certificate.ts';
import { type Dates, datesOf, overlap, rootsOf } from './issuer.ts';
import type { Root } from './roots.ts';

/** id-kp-timeStamping and id-kp-OCSPSigning: roots issue such certificates too, to others than the National Register. */
const otherTrades: readonly string[] = ['1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.9'];

/** How long before its first day (tag 03) a card may have been signed. Nobody publishes it; cards are made in weeks. */
const madeAheadMs = 31 * 86_400_000;
const dayMs = 86_400_000;

/** `good`: when the certificate and a root that issued it were both within their dates; a root that was renewed gives two. */
export type RegisterCertificate = { key: KeyObject; good: readonly Dates[] };

/**
 * The certificate that signs identity and address files, or null when it is not the National Register's: issued by a pinned
 * root itself, no CA, and made for signing. Whether it was good when it signed is `wasGoodFor`'s question.
 */
export function readRegisterCertificate(file: Uint8Array, roots: readonly Root[]): RegisterCertificate | null {
  const certificate = parseCertificate(file);
  const details = certificate === null ? null : readDetails(certificate);
  if (certificate === null || details === null || !isForSigning(details) || certificate.ca) return null;
  const issuers = rootsOf(certificate, details, roots);
  if (issuers.length === 0) return null;
  const dates = datesOf(certificate);
  try {
    return { key: certificate.publicKey, good: issuers.flatMap((root) => overlap(dates, root) ?? []) };
  } catch {
    // A key that node:crypto cannot load.
    return null;
  }
}

/**
 * Whether it was good at a moment of this card's life, by the card's own dates (tags 03 and 04) and never by today's: a
 * card outlives the certificate that signed it, and the terminal's clock may be wrong. Not at tag 03 alone, because the
 * register signs again later: the address at each move, and all files of a re-keyed card (applet 1.7 addendum). The
 * dates must come from a proven identity file. Without a first day nothing can be said, so false.
 */
export function wasGoodFor(card: Pick<Identity, 'validFrom' | 'validUntil'>, { good }: RegisterCertificate): boolean {
  const [from, until] = [card.validFrom.date, card.validUntil.date].map((date) => (date === null ? null : Date.parse(date)));
  if (from === null || from === undefined) return false;
  const life = { notBefore: from - madeAheadMs, notAfter: (until ?? Number.POSITIVE_INFINITY) + dayMs };
  return good.some((each) => overlap(each, life) !== null);
}

/** A citizen CA is issued by the same roots; it signs certificates, never identity files. */
function isForSigning({ ca, keyUsage, purposes, unknownCritical }: CertificateDetails): boolean {
  if (ca || unknownCritical) return false;
  if (purposes?.some((each) => otherTrades.includes(each)) === true) return false;
  return keyUsage === null || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
}
