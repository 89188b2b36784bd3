import { setTimeout as wait } from 'node:timers/promises';
import type { Revocation } from '../../contract/evidence.ts';
import { answerWithinMs } from '../../contract/wire.ts';
import type { Queries } from '../store/database.ts';
import { type AskingLog, createAskLists } from './ask-lists.ts';
import { createAskOcsp } from './ask-ocsp.ts';
import { createFetch } from './fetch-bounded.ts';
import type { Target } from './find-target.ts';
import { createKnownAnswers, type Finding } from './known-answers.ts';
import { createKnownLists } from './known-lists.ts';
import type { Hosts } from './sources.ts';

export type Revocations = {
  /** What is known of a certificate, by asking when what is known is not fresh. Rejects only when the database does. */
  check(target: Target): Promise<Revocation>;
  /** The same, and since when it is revoked where the authority told. */
  find(target: Target): Promise<FoundRevocation>;
  close(): Promise<void>;
};

export type FoundRevocation = Revocation & { revokedAt: Date | null };

export type RevocationParts = {
  database: Queries;
  hosts: Hosts;
  timeoutMs: number;
  now: () => Date;
  log: AskingLog;
  /** Milliseconds for everything that is asked about one certificate. */
  patienceMs?: number;
};

/**
 * Three responders and three lists, each silent until its own timeout, take longer than a terminal waits: what is not known
 * by then is answered as unchecked. The rest of the terminal's time is for the way there and back, and for the database.
 */
export const longestSearchMs = (answerWithinMs * 2) / 3;

const unchecked: FoundRevocation = { status: 'unchecked', source: null, asOf: null, revokedAt: null };

/**
 * OCSP first, a list where OCSP says nothing or does not know the certificate, and what was known before where neither can
 * be had. "Unknown" says that this responder could not tell, so that another source may be tried (RFC 6960, 2.2).
 */
export function createRevocations(parts: RevocationParts): Revocations {
  const { fetch, close } = createFetch();
  const answers = createKnownAnswers(parts);
  const askOcsp = createAskOcsp({ ...parts, fetch });
  const askLists = createAskLists({ ...parts, fetch, lists: createKnownLists(parts) });
  const underWay = new Map<string, Promise<FoundRevocation>>();

  async function search(target: Target): Promise<FoundRevocation> {
    const known = await answers.find(target);
    if (known !== null && known.askAgainAt > parts.now().getTime()) return describe(known);
    const told = await askOcsp(target);
    const finding = told === null || told.status === 'unknown' ? ((await askLists(target)) ?? told) : told;
    if (finding === null || (known !== null && outlives(known, finding))) return known === null ? unchecked : describe(known);
    await answers.keep(target, finding);
    return describe(finding);
  }

  /** What comes too late for this question is kept for the next one. */
  async function inTime(target: Target, asked: Promise<FoundRevocation>): Promise<FoundRevocation> {
    const patience = new AbortController();
    const late = wait(parts.patienceMs ?? longestSearchMs, null, { signal: patience.signal }).catch(() => null);
    try {
      const found = await Promise.race([asked, late]);
      if (found !== null) return found;
      const known = await answers.find(target);
      return known === null ? unchecked : describe(known);
    } finally {
      patience.abort();
    }
  }

  function find(target: Target): Promise<FoundRevocation> {
    // A whole town's kiosks ask for the same Register certificate each morning: once is enough.
    const asked = underWay.get(target.fingerprint) ?? search(target).finally(() => underWay.delete(target.fingerprint));
    underWay.set(target.fingerprint, asked);
    return inTime(target, asked);
  }

  return {
    close,
    find,
    async check(target) {
      const { status, source, asOf } = await find(target);
      return { status, source, asOf };
    },
  };
}

/** Later knowledge stands; that nobody knew is none. */
function outlives(known: Finding, finding: Finding): boolean {
  return known.status !== 'unknown' && known.asOf > finding.asOf;
}

function describe({ status, source, asOf, revokedAt = null }: Finding): FoundRevocation {
  return { status, source, asOf: asOf.toISOString(), revokedAt };
}
