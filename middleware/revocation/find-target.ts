import type { KeyObject, X509Certificate } from 'node:crypto';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { crlUrls, ocspUrls, parseCertificate, readDetails } from '../../native/eid/certificate.ts';
import { proveChain } from '../../native/eid/chain.ts';
import { datesOf, isWithin, rootsOf } from '../../native/eid/issuer.ts';
import type { Root } from '../../native/eid/roots.ts';
import { type CertificateName, keyBitsOf, nameOf, sha256 } from './names.ts';

/** A certificate that may be asked about: a pinned root stands behind it. */
export type Target = CertificateName & {
  /** SHA-256 of the certificate, in hexadecimal. */
  fingerprint: string;
  issuerKey: KeyObject;
  issuerKeyBits: Uint8Array;
  isCa: boolean;
  /** A citizen's. What a root itself issued is a CA's or the National Register's, and names nobody. */
  isPersonal: boolean;
  ocspUrls: readonly string[];
  listUrls: readonly string[];
};

/**
 * Nothing is asked for a stranger: the certificate is one that a pinned root issued itself, or a citizen's of a CA that a
 * pinned root issued, within its dates. `issuer` is looked at for citizens only.
 */
export function findTarget(
  given: { certificate: Uint8Array; issuer: Uint8Array | null },
  roots: readonly Root[],
  now: Date,
): Result<Target, 'no_pinned_root'> {
  const certificate = parseCertificate(given.certificate);
  if (certificate === null) return refuse('no_pinned_root');
  const root = findRoot(certificate, roots, now);
  if (root !== null) return describe(certificate, root.key, false);
  const { issuer } = given;
  if (issuer === null) return refuse('no_pinned_root');
  for (const use of ['authentication', 'signature'] as const) {
    const chain = proveChain({ certificate: given.certificate, issuer, use, roots, now });
    if (chain.ok) return describeCitizen(chain.value);
  }
  return refuse('no_pinned_root');
}

/** @param chain as `proveChain` gave it */
export function describeCitizen(chain: { certificate: X509Certificate; issuer: X509Certificate }): Result<Target, 'no_pinned_root'> {
  return describe(chain.certificate, chain.issuer.publicKey, true);
}

/** A root's own certificate is signed by its key as well: nobody can revoke it but by taking it off the pinned list. */
function findRoot(certificate: X509Certificate, roots: readonly Root[], now: Date): Root | null {
  const details = readDetails(certificate);
  if (details === null || !isWithin(datesOf(certificate), now)) return null;
  const root = rootsOf(certificate, details, roots).find((each) => isWithin(each, now));
  return root === undefined || certificate.publicKey.equals(root.key) ? null : root;
}

function describe(certificate: X509Certificate, issuerKey: KeyObject, isPersonal: boolean): Result<Target, 'no_pinned_root'> {
  const name = nameOf(certificate);
  if (name === null) return refuse('no_pinned_root');
  return ok({
    ...name,
    fingerprint: sha256(certificate.raw).toString('hex'),
    issuerKey,
    issuerKeyBits: keyBitsOf(issuerKey),
    isCa: certificate.ca,
    isPersonal,
    ocspUrls: ocspUrls(certificate),
    listUrls: crlUrls(certificate),
  });
}
