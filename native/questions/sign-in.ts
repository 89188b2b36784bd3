import { type WebEidToken, webEidFormat } from '../../contract/web-eid.ts';
import manifest from '../../package.json' with { type: 'json' };
import { parseCertificate, webEidAlgorithm } from '../eid/certificate.ts';
import { hashFor } from '../eid/signature.ts';
import { signedBytes, verifyToken } from '../eid/token.ts';
import { type Answering, explainReading, explainSigning, problem, type QuestionParts } from './answer.ts';
import { knowCertificate, knowToken, knowTries, labels, mostTries } from './card-knowledge.ts';
import { waysToGivePin } from './pin-ways.ts';
import { orderFor } from './sign-digest.ts';

/**
 * A Web eID token for `origin` and `nonce`. C_Login's word is not taken for it: a slot that thinks somebody is logged in
 * answers CKR_OK to any PIN (P:session.c:349), so only a signature that verifies with this card's certificate is proof.
 * All that needs no PIN is done before, and the PIN goes to the card once.
 */
export function* signIn(parts: QuestionParts, { origin, nonce, pin }: { origin: string; nonce: string; pin: string | null }): Answering {
  const { session, knowledge } = parts;
  const read = knowCertificate(knowledge, session, labels.authentication);
  if (!read.ok) return yield* explainReading(parts, read.error);
  if (read.value === null) return problem('no_certificate');
  const certificate = parseCertificate(read.value);
  const algorithm = certificate === null ? null : webEidAlgorithm(certificate);
  if (certificate === null || algorithm === null) return problem('unsupported');
  const token = knowToken(knowledge, session);
  if (!token.ok) return yield* explainReading(parts, token.error);
  // Without a PIN the library asks for it, and where the reader has no keys that is a dialog over our screen.
  if (pin === null && !waysToGivePin('authentication', token.value, false).includes('pinpad')) return problem('no_way');
  if (knowTries(knowledge, session) === 0) return problem('pin_blocked', 0);

  const digest = hashFor(algorithm, signedBytes({ algorithm, origin, nonce }));
  const signed = session.sign({ key: 'Authentication', ...orderFor(algorithm, digest), pin: pin ?? '' });
  if (!signed.ok) return yield* explainSigning(parts, signed.error, 'login');
  const made: WebEidToken = {
    unverifiedCertificate: certificate.raw.toString('base64'),
    algorithm,
    signature: signed.value.toString('base64'),
    format: webEidFormat,
    appVersion: `https://loket.invalid/releases/${manifest.version}`,
  };
  if (!verifyToken({ token: made, origin, nonce })) {
    parts.log('not_verified', 'sign_in');
    return problem('not_verified');
  }
  // A right entry sets the card's counter back.
  knowledge.tries = { left: mostTries };
  return { answer: 'token', token: made };
}
