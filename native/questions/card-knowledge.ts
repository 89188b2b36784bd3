import type { CardAnswer, KeyUse } from '../../contract/card.ts';
import type { Outcome } from '../../contract/identity.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { Failure } from '../pkcs11/codes.ts';
import type { CardSession, CertificateLabel, Token } from '../pkcs11/session.ts';

/** What one insertion's card was found to be, so that it is asked once. Goes with the visit, or with the card. */
export type CardKnowledge = {
  certificates: Map<CertificateLabel, Buffer | null>;
  token: Token | null;
  /** Wrong entries left: what the card said when it was connected, less those since. Null: nobody knows. */
  tries: { left: number | null } | null;
  /** What was proven of the identity file, on which the chip's proof hangs. */
  identity: Outcome;
  /** The chip's answer for the last transaction that asked: it is challenged once for each. */
  chip: { txId: string; answer: CardAnswer } | null;
};

export const mostTries = 3;
export const labels = { authentication: 'Authentication', signature: 'Signature' } as const satisfies Record<KeyUse, CertificateLabel>;

export function knowNothing(): CardKnowledge {
  return { certificates: new Map(), token: null, tries: null, identity: 'unchecked', chip: null };
}

/** A certificate names its holder. */
export function wipeKnowledge(knowledge: CardKnowledge): void {
  for (const certificate of knowledge.certificates.values()) certificate?.fill(0);
  Object.assign(knowledge, knowNothing());
}

export function knowCertificate(knowledge: CardKnowledge, session: CardSession, label: CertificateLabel): Result<Buffer | null, Failure> {
  const known = knowledge.certificates.get(label);
  if (known !== undefined) return ok(known);
  const read = session.readCertificate(label);
  if (read.ok) knowledge.certificates.set(label, read.value);
  return read;
}

export function knowToken(knowledge: CardKnowledge, session: CardSession): Result<Token, Failure> {
  if (knowledge.token !== null) return ok(knowledge.token);
  const read = session.readToken();
  if (read.ok) knowledge.token = read.value;
  return read;
}

/** The counter is read before the first entry only: the library keeps the value of when it connected. */
export function knowTries(knowledge: CardKnowledge, session: CardSession): number | null {
  knowledge.tries ??= { left: readCounter(session) };
  return knowledge.tries.left;
}

function readCounter(session: CardSession): number | null {
  const read = session.readFile('pinCounter');
  const [count] = read.ok && read.value?.length === 1 ? read.value : [];
  return count === undefined || count > mostTries ? null : count;
}
