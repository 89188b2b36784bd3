import type { AskingParts } from './ask-lists.ts';
import type { Target } from './find-target.ts';
import type { Finding } from './known-answers.ts';
import { readOcspAnswer } from './ocsp-answer.ts';
import { makeOcspQuestion } from './ocsp-question.ts';
import { locate } from './sources.ts';

/** An answer with its responder's certificate has two to four kilobytes. */
const mostBytes = 32 * 1024;
const mostPlaces = 3;

/** Asks the responders that the certificate names, one after the other; null when none gave an answer to believe. */
export function createAskOcsp({ hosts, timeoutMs, fetch, now, log }: AskingParts): (target: Target) => Promise<Finding | null> {
  async function ask(target: Target, place: URL, host: string): Promise<Finding | null> {
    const question = makeOcspQuestion({ ...target, keyBits: target.issuerKeyBits });
    const fetched = await fetch(place, { body: question.der, type: 'application/ocsp-request', limit: mostBytes, timeoutMs });
    const issuer = { key: target.issuerKey, issuerName: target.issuerName };
    const answer = fetched.ok ? readOcspAnswer(fetched.value, question, issuer, now()) : fetched;
    if (answer.ok) {
      const { status, thisUpdate, usableUntil, revokedAt } = answer.value;
      return { status, source: 'ocsp', asOf: thisUpdate, usableUntil, revokedAt };
    }
    log.warn({ host, reason: answer.error }, 'ocsp_not_answered');
    return null;
  }

  return async (target) => {
    for (const url of target.ocspUrls.slice(0, mostPlaces)) {
      const place = locate(url, hosts);
      const finding = place === null ? null : await ask(target, place, new URL(url).hostname);
      if (finding !== null) return finding;
    }
    return null;
  };
}
