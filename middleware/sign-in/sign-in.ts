import type { X509Certificate } from 'node:crypto';
import type { Revocation } from '../../contract/evidence.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { SignInRequest, SignInResult } from '../../contract/wire.ts';
import { readDetails } from '../../native/eid/certificate.ts';
import { type ChainError, proveChain } from '../../native/eid/chain.ts';
import { isNationalNumber } from '../../native/eid/national-number.ts';
import type { Root } from '../../native/eid/roots.ts';
import { verifyToken } from '../../native/eid/token.ts';
import { describeCitizen, findTarget, type Target } from '../revocation/find-target.ts';
import type { Revocations } from '../revocation/revocations.ts';
import type { Challenges } from './challenges.ts';

export type SignInRefusal = Extract<SignInResult, { status: 'refused' }>['reason'];

export type SignInParts = {
  challenges: Challenges;
  revocations: Revocations;
  roots: readonly Root[];
  origin: () => string;
  now: () => Date;
};

/** `ssin`: as the certificate names its holder. Null: it names nobody by a number, so nobody's file can be read with it. */
export type SignedIn = { revocation: Revocation; ssin: string | null };

/**
 * Decides about one sign-in. The challenge goes first, so that nothing can be tried twice against it; the authority is
 * asked last, and only about certificates that a pinned root stands behind.
 */
export async function signIn(
  parts: SignInParts,
  { terminal, nonce, token, issuer }: SignInRequest,
): Promise<Result<SignedIn, SignInRefusal>> {
  if (!(await parts.challenges.take(terminal, nonce))) return refuse('challenge');
  if (!verifyToken({ token, origin: parts.origin(), nonce })) return refuse('signature');
  const certificates = { certificate: Buffer.from(token.unverifiedCertificate, 'base64'), issuer: Buffer.from(issuer, 'base64') };
  const chain = proveChain({ ...certificates, use: 'authentication', roots: parts.roots, now: parts.now() });
  if (!chain.ok) return refuse(refusalOf(chain.error));
  const person = describeCitizen(chain.value);
  const authority = findTarget({ certificate: certificates.issuer, issuer: null }, parts.roots, parts.now());
  if (!person.ok || !authority.ok) return refuse('certificate');
  const judged = await judgeRevocation(parts.revocations, person.value, authority.value);
  return judged.ok ? ok({ revocation: judged.value, ssin: readSsin(chain.value.certificate) }) : judged;
}

function readSsin(certificate: X509Certificate): string | null {
  const number = readDetails(certificate)?.subjectNumber ?? null;
  return number !== null && isNationalNumber(number) ? number : null;
}

function refusalOf(error: ChainError): SignInRefusal {
  return error === 'expired' ? 'expired' : 'certificate';
}

/** Both must be good: a CA that was revoked takes everybody of its with it. What is told is the person's. */
async function judgeRevocation(revocations: Revocations, person: Target, authority: Target): Promise<Result<Revocation, SignInRefusal>> {
  const [ofPerson, ofAuthority] = await Promise.all([revocations.check(person), revocations.check(authority)]);
  if (ofPerson.status === 'revoked' || ofAuthority.status === 'revoked') return refuse('revoked');
  return ofPerson.status === 'good' && ofAuthority.status === 'good' ? ok(ofPerson) : refuse('revocation_unknown');
}
