import type { X509Certificate } from 'node:crypto';
import type { KeyUse } from '../../contract/card.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { type CertificateDetails, type KeyUsageBit, parseCertificate, readDetails } from './certificate.ts';
import { datesOf, isSignedBy, isWithin, rootsOf } from './issuer.ts';
import type { Root } from './roots.ts';

export type ChainError = 'unreadable' | 'issuer_unknown' | 'wrong_usage' | 'expired' | 'not_yet';
export type Chain = { certificate: X509Certificate; issuer: X509Certificate };

type Link = { certificate: X509Certificate; details: CertificateDetails };

/** RFC 5280, 4.2.1.3. The card has a key for each, so that what signs a person in can sign no document. */
const neededUsage: Record<KeyUse, KeyUsageBit> = { authentication: 'digitalSignature', signature: 'nonRepudiation' };

/** id-kp-clientAuth, or any purpose (RFC 5280, 4.2.1.12). Cards without this extension exist and are fine. */
const signInPurposes: readonly string[] = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];

/**
 * A citizen's certificate, issued by a citizen CA that a pinned root issued (RFC 5280, 6.1, for exactly these two
 * certificates). DER, with or without the card's padding behind it. The root on the card is never asked. Revocation is not
 * looked at: that takes a line.
 */
export function proveChain(input: {
  certificate: Uint8Array;
  issuer: Uint8Array;
  use: KeyUse;
  roots: readonly Root[];
  now: Date;
}): Result<Chain, ChainError> {
  const [citizen, issuer] = [readLink(input.certificate), readLink(input.issuer)];
  if (citizen === null || issuer === null) return refuse('unreadable');
  const roots = rootsOf(issuer.certificate, issuer.details, input.roots);
  if (roots.length === 0 || !isIssuedBy(citizen, issuer)) return refuse('issuer_unknown');
  if (!mayIssue(issuer) || !mayBeUsed(citizen, input.use)) return refuse('wrong_usage');
  const dates = [datesOf(citizen.certificate), datesOf(issuer.certificate)];
  const rootIsGood = roots.some((root) => isWithin(root, input.now));
  if (dates.some(({ notBefore }) => input.now.getTime() < notBefore)) return refuse('not_yet');
  if (!rootIsGood || !dates.every((each) => isWithin(each, input.now))) return refuse('expired');
  return ok({ certificate: citizen.certificate, issuer: issuer.certificate });
}

function readLink(der: Uint8Array): Link | null {
  const certificate = parseCertificate(der);
  const details = certificate === null ? null : readDetails(certificate);
  return certificate === null || details === null ? null : { certificate, details };
}

/** By names and key identifiers, then by the signature itself. */
function isIssuedBy(citizen: Link, issuer: Link): boolean {
  try {
    return (
      citizen.certificate.checkIssued(issuer.certificate) && isSignedBy(citizen.certificate, citizen.details, issuer.certificate.publicKey)
    );
  } catch {
    return false;
  }
}

/** No path length is too short here: between this CA and the citizen stands nobody (RFC 5280, 4.2.1.9). */
function mayIssue({ certificate, details }: Link): boolean {
  return certificate.ca && details.ca && details.keyUsage?.has('keyCertSign') === true && !details.unknownCritical;
}

function mayBeUsed({ certificate, details }: Link, use: KeyUse): boolean {
  if (certificate.ca || details.ca || details.unknownCritical) return false;
  const { purposes } = details;
  const isForSignIn = use !== 'authentication' || purposes === null || purposes.some((each) => signInPurposes.includes(each));
  return details.keyUsage?.has(neededUsage[use]) === true && isForSignIn;
}
