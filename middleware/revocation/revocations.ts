import type { Revocation } from '../../contract/evidence.ts';
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
  close(): Promise<void>;
};

export type RevocationParts = { database: Queries; hosts: Hosts; timeoutMs: number; now: () => Date; log: AskingLog };

const unchecked: Revocation = { status: 'unchecked', source: null, asOf: null };

/** OCSP first, a list where OCSP says nothing, and what was known before where neither can be had. */
export function createRevocations(parts: RevocationParts): Revocations {
  const { fetch, close } = createFetch();
  const answers = createKnownAnswers(parts);
  const askOcsp = createAskOcsp({ ...parts, fetch });
  const askLists = createAskLists({ ...parts, fetch, lists: createKnownLists(parts) });
  const underWay = new Map<string, Promise<Revocation>>();

  async function find(target: Target): Promise<Revocation> {
    const known = await answers.find(target);
    if (known !== null && known.askAgainAt > parts.now().getTime()) return describe(known);
    const finding = (await askOcsp(target)) ?? (await askLists(target));
    if (finding === null || (known !== null && known.asOf > finding.asOf)) return known === null ? unchecked : describe(known);
    await answers.keep(target, finding);
    return describe(finding);
  }

  return {
    close,
    check(target) {
      // A whole town's kiosks ask for the same Register certificate each morning: once is enough.
      const asked = underWay.get(target.fingerprint) ?? find(target).finally(() => underWay.delete(target.fingerprint));
      underWay.set(target.fingerprint, asked);
      return asked;
    },
  };
}

function describe({ status, source, asOf }: Finding): Revocation {
  return { status, source, asOf: asOf.toISOString() };
}
