import type { KeyUse } from '../../contract/card.ts';
import type { Result } from '../../contract/result.ts';
import { belongsTo, parseCertificate, webEidAlgorithm } from '../eid/certificate.ts';
import { type ChainError, proveChain } from '../eid/chain.ts';
import { parseIdentityFile } from '../eid/identity-file.ts';
import { type Answering, explainReading, problem, type QuestionParts } from './answer.ts';
import { knowCertificate, knowToken, knowTries, labels } from './card-knowledge.ts';
import { waysToGivePin } from './pin-ways.ts';

/**
 * The certificate of a key and its issuer, what was proven of them, and where the PIN can be typed. A certificate of
 * another person than the identity file's proves nothing here: the card's two halves do not belong together.
 */
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
  const holder = readHolder(session.readFile('identity'));
  const sameHolder = holder !== null && belongsTo(parsed, holder);
  if (!sameHolder) parts.log('chain_not_proven', `${use} other_holder`);
  return {
    answer: 'prepared',
    certificate: parsed.raw.toString('base64'),
    issuer: issuer.value.toString('base64'),
    algorithm,
    chain: judge(chain, sameHolder),
    ways: waysToGivePin(use, token.value, parts.allowDialog),
    triesLeft: knowTries(knowledge, session),
  };
}

function judge(chain: Result<unknown, ChainError>, sameHolder: boolean): 'proven' | 'not_proven' | 'expired' {
  if (!sameHolder) return 'not_proven';
  if (chain.ok) return 'proven';
  return chain.error === 'expired' ? 'expired' : 'not_proven';
}

/** The national number in the identity file, which the library has in its memory since the card was read. */
function readHolder(read: Result<Buffer | null, unknown>): string | null {
  if (!read.ok || read.value === null) return null;
  const parsed = parseIdentityFile(read.value);
  read.value.fill(0);
  return parsed.ok ? parsed.value.identity.nationalNumber : null;
}
