import type { KeyUse } from '../../contract/card.ts';
import { parseCertificate, webEidAlgorithm } from '../eid/certificate.ts';
import { proveChain } from '../eid/chain.ts';
import { type Answering, explainReading, problem, type QuestionParts } from './answer.ts';
import { knowCertificate, knowToken, knowTries, labels } from './card-knowledge.ts';
import { waysToGivePin } from './pin-ways.ts';

/** The certificate of a key and its issuer, what was proven of them, and where the PIN can be typed. */
export function* prepare(parts: QuestionParts, use: KeyUse): Answering {
  const { session, knowledge, roots, clock } = parts;
  const certificate = knowCertificate(knowledge, session, labels[use]);
  if (!certificate.ok) return yield* explainReading(parts, certificate.error);
  if (certificate.value === null) return problem('no_certificate');
  const issuer = knowCertificate(knowledge, session, 'CA');
  if (!issuer.ok) return yield* explainReading(parts, issuer.error);
  const token = knowToken(knowledge, session);
  if (!token.ok) return yield* explainReading(parts, token.error);

  const parsed = parseCertificate(certificate.value);
  const algorithm = parsed === null ? null : webEidAlgorithm(parsed);
  if (parsed === null || algorithm === null || issuer.value === null) return problem('unsupported');
  const chain = proveChain({ certificate: certificate.value, issuer: issuer.value, use, roots, now: clock.now() });
  if (!chain.ok) parts.log('chain_not_proven', `${use} ${chain.error}`);
  return {
    answer: 'prepared',
    certificate: parsed.raw.toString('base64'),
    issuer: issuer.value.toString('base64'),
    algorithm,
    chain: chain.ok ? 'proven' : 'not_proven',
    ways: waysToGivePin(use, token.value, parts.allowDialog),
    triesLeft: knowTries(knowledge, session),
  };
}
