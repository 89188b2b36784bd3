import type { Evidence } from '../../contract/evidence.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { parseIdentityFile } from '../../native/eid/identity-file.ts';
import type { Root } from '../../native/eid/roots.ts';
import { proveSigned } from '../../native/eid/signed/prove-signed.ts';
import { describeCitizen, findTarget, type Target } from '../revocation/find-target.ts';
import type { Revocations } from '../revocation/revocations.ts';

/**
 * What the authority says now of the certificate that signed and of its issuer: the worse of the two. `revokedAt`: since
 * when, where the authority told. `unknown`: nobody could be asked, or who was asked did not know.
 */
export type SignatureWord = { status: 'good' | 'unknown' } | { status: 'revoked'; revokedAt: Date | null };

/** The certificate that signed, and its issuer's. */
export type SignatureTargets = { person: Target; authority: Target };

/** Signed where nobody could be asked: the highest rung is provisional until somebody was (contract/transaction.ts). */
export function isToBeAsked({ signed, signatureRevocation }: Evidence): boolean {
  const status = signatureRevocation?.status ?? 'unchecked';
  return signed !== null && (status === 'unchecked' || status === 'unknown');
}

/** @param at when it was signed, as far as that can be believed. Null: not signed by anybody who can be asked about. */
export function findTargets({ evidence }: Pick<TransactionContent, 'evidence'>, roots: readonly Root[], at: Date): SignatureTargets | null {
  const parsed = evidence === null ? null : parseIdentityFile(Buffer.from(evidence.card.identityFile, 'base64'));
  if (evidence === null || evidence.signed === null || parsed === null || !parsed.ok) return null;
  const proven = proveSigned(evidence.signed, parsed.value.identity.nationalNumber, { roots, now: at });
  if (!proven.ok) return null;
  const person = describeCitizen(proven.value);
  const authority = findTarget({ certificate: proven.value.issuer.raw, issuer: null }, roots, at);
  return person.ok && authority.ok ? { person: person.value, authority: authority.value } : null;
}

export async function askAuthority(
  revocations: Pick<Revocations, 'find'>,
  { person, authority }: SignatureTargets,
): Promise<SignatureWord> {
  const words = await Promise.all([revocations.find(person), revocations.find(authority)]);
  const revoked = words.filter(({ status }) => status === 'revoked');
  if (revoked.length > 0) return { status: 'revoked', revokedAt: earliest(revoked.map(({ revokedAt }) => revokedAt)) };
  return { status: words.every(({ status }) => status === 'good') ? 'good' : 'unknown' };
}

/** Null as soon as one of them is not known: then nobody can say what was before what. */
function earliest(dates: readonly (Date | null)[]): Date | null {
  const known = dates.filter((date) => date !== null);
  return known.length < dates.length ? null : new Date(Math.min(...known.map((date) => date.getTime())));
}
