import { parseCertificate, webEidAlgorithm } from '../eid/certificate.ts';
import { type Answering, explainReading, explainSigning, problem, type QuestionParts } from './answer.ts';
import { knowCertificate, knowToken, knowTries, labels } from './card-knowledge.ts';
import { waysToGivePin } from './pin-ways.ts';
import { fitsAlgorithm, orderFor } from './sign-digest.ts';

/**
 * A signature over a hash with the signature key. The library asks for the PIN, for each one, where `way` says. It is not
 * verified here: node:crypto wants the signed bytes for that, and those are a person's answers, which stay where they are.
 */
export function* signDocument(parts: QuestionParts, { digest, way }: { digest: Uint8Array; way: 'pinpad' | 'dialog' }): Answering {
  const { session, knowledge } = parts;
  const read = knowCertificate(knowledge, session, labels.signature);
  if (!read.ok) return yield* explainReading(parts, read.error);
  if (read.value === null) return problem('no_certificate');
  const certificate = parseCertificate(read.value);
  const algorithm = certificate === null ? null : webEidAlgorithm(certificate);
  if (certificate === null || algorithm === null || !fitsAlgorithm(digest, algorithm)) return problem('unsupported');
  const token = knowToken(knowledge, session);
  if (!token.ok) return yield* explainReading(parts, token.error);
  if (!waysToGivePin('signature', token.value, parts.allowDialog).includes(way)) return problem('no_way');
  if (knowTries(knowledge, session) === 0) return problem('pin_blocked', 0);

  const signed = session.sign({ key: 'Signature', ...orderFor(algorithm, digest), pin: null });
  // The dialog lets people try again by itself (CL:card.cpp AskPinRetry): how many were wrong is not said.
  if (!signed.ok && way === 'dialog') knowledge.tries = { left: null };
  if (!signed.ok) return yield* explainSigning(parts, signed.error, 'signing');
  // Only a verified signature would say that the PIN was right and the counter is back where it was.
  knowledge.tries = { left: null };
  return { answer: 'signature', signature: signed.value.toString('base64') };
}
