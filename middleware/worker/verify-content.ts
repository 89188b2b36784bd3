import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { SignedDocument } from '../../contract/evidence.ts';
import type { Outcome, Proof } from '../../contract/identity.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { reaches, type Trust } from '../../contract/trust.ts';
import { type ProvenEvidence, proveEvidence } from '../../native/eid/evidence.ts';
import type { Root } from '../../native/eid/roots.ts';
import type { ActingDoubt } from '../roles/judge-acting.ts';

/** Why a person has to look before anything follows from a case. */
export type Doubt =
  /** It claims to be surer of the person than its evidence is. */
  | 'trust_not_proven'
  /** What it says of the person is not what the card says that the National Register signed. */
  | 'person_not_proven'
  | 'chip_not_proven'
  /** The National Register's certificate was revoked when the terminal asked. */
  | 'register_revoked'
  /** The certificate that signed was revoked, or its issuer's, when the terminal asked; or since, or nobody knows since when. */
  | 'signature_revoked'
  /** Signed where nobody could be asked; nobody could for days after either. */
  | 'revocation_unknown'
  /** The signed document vouches for another request already. */
  | 'document_used_before'
  /** Came whole, and is not what the record says. */
  | 'attachment_broken'
  /** The form that they were given to does not let these answers through, or asks another price for them. */
  | 'answers_not_valid'
  /** The item that it answers is not of the file of whom it is for, as far as this middleware ever said. */
  | 'item_not_theirs'
  | ActingDoubt;

export type Checks = Pick<Proof, 'identity' | 'address' | 'issuer' | 'validity'> & { chip: Outcome; signIn: Outcome; document: Outcome };

export type Verified = {
  trust: Trust;
  checks: Checks;
  doubts: Doubt[];
  documentSha256: Uint8Array | null;
  /** National number of whom the card names, when the National Register's signature bears it. */
  holder: string | null;
};

const nothing: Checks = {
  identity: 'unchecked',
  address: 'unchecked',
  issuer: 'unchecked',
  validity: 'unknown',
  chip: 'unchecked',
  signIn: 'unchecked',
  document: 'unchecked',
};

/**
 * What a record's evidence proves, from the record alone: the terminal is not believed. Its claim stays in the content.
 * @param at when the record was made, as far as that can be believed (`timeOf`)
 * @param signInAccepted whether the challenge of its sign-in was given to this terminal and accepted here
 */
export function verifyContent(
  content: TransactionContent,
  { roots, at, signInAccepted }: { roots: readonly Root[]; at: Date; signInAccepted: boolean },
): Verified {
  const { evidence } = content;
  if (evidence === null) {
    const doubts: Doubt[] = [...whenever(content.trust !== 'anonymous', 'trust_not_proven')];
    doubts.push(...whenever(content.person !== null, 'person_not_proven'));
    return { trust: 'anonymous', checks: nothing, doubts, documentSha256: null, holder: null };
  }
  const proven = proveEvidence(evidence, { txId: content.txId, roots, now: at });
  const { identity, address, issuer, validity } = proven.proof;
  const signIn = proven.signIn === 'proven' && !signInAccepted ? 'not_proven' : proven.signIn;
  const checks: Checks = { identity, address, issuer, validity, chip: proven.chip, signIn, document: proven.signed };
  const trust = trustOf(checks);
  const doubts: Doubt[] = [
    ...whenever(!reaches(trust, content.trust), 'trust_not_proven'),
    ...whenever(!isPersonOf(content, proven), 'person_not_proven'),
    ...whenever(proven.chip === 'not_proven', 'chip_not_proven'),
    ...whenever(evidence.registerRevocation.status === 'revoked', 'register_revoked'),
    ...whenever(evidence.signatureRevocation?.status === 'revoked', 'signature_revoked'),
  ];
  const documentSha256 = evidence.signed === null ? null : hashDocument(evidence.signed);
  const holder = identity === 'proven' ? (proven.identity?.nationalNumber ?? null) : null;
  return { trust, checks, doubts, documentSha256, holder };
}

const day = 86_400_000;
/** A certificate may have run out while a record waited on a terminal without a line; longer than this none waits unseen. */
const longestWaitDays = 100;

/** The terminal's clock is believed only as far as a queue can be old. */
export function timeOf(submittedAt: string, receivedAt: Date): Date {
  const said = Date.parse(submittedAt);
  const isLikely = said <= receivedAt.getTime() && said >= receivedAt.getTime() - longestWaitDays * day;
  return isLikely ? new Date(said) : receivedAt;
}

function trustOf({ identity, signIn, document }: Checks): Trust {
  if (identity !== 'proven') return 'anonymous';
  if (document === 'proven') return 'signed';
  return signIn === 'proven' ? 'authenticated' : 'card_read';
}

function isPersonOf({ person }: TransactionContent, { identity, address, proof }: ProvenEvidence): boolean {
  if (person === null) return true;
  const { address: said, ...facts } = person;
  const isSaid = (name: keyof typeof facts) => facts[name] === undefined || isDeepStrictEqual(facts[name], identity?.[name]);
  const names = ['surname', 'firstNames', 'birthDate', 'birthPlace', 'nationality', 'nationalNumber'] as const;
  const isTheirs = proof.identity === 'proven' && names.every(isSaid);
  return isTheirs && (said === undefined || (proof.address === 'proven' && isDeepStrictEqual(said, address)));
}

/** Over the signature too, which is different each time. */
function hashDocument(signed: SignedDocument): Uint8Array {
  return hash('sha256', signed.format === 'pades' ? Buffer.from(signed.pdf, 'base64') : signed.jws, 'buffer');
}

function whenever(so: boolean, doubt: Doubt): Doubt[] {
  return so ? [doubt] : [];
}
