import * as z from 'zod';
import type { Queries } from '../store/database.ts';
import type { Target } from './find-target.ts';

/** What an authority said of one certificate. `revokedAt`: since when, as OCSP tells it; of a list, or of what was kept, it is not known. */
export type Finding = {
  status: 'good' | 'revoked' | 'unknown';
  source: 'ocsp' | 'crl';
  asOf: Date;
  usableUntil: number;
  revokedAt?: Date | null;
};

/** `askAgainAt`: while the line is up nothing older is used; when it is down, what is known holds until `usableUntil`. */
export type Known = Finding & { askAgainAt: number };

export type KnownAnswers = {
  find(target: Target): Promise<Known | null>;
  keep(target: Target, finding: Finding): Promise<void>;
};

const minute = 60_000;
const personalMs = 5 * minute;
const sharedGoodMs = 60 * minute;
const sharedOtherMs = 5 * minute;
/** Citizens' certificates at one time, above which the oldest is forgotten. */
const mostPersonal = 1000;

const Row = z.object({
  status: z.enum(['good', 'revoked', 'unknown']),
  source: z.enum(['ocsp', 'crl']),
  as_of: z.date(),
  usable_until: z.date(),
  asked_at: z.date(),
});

/**
 * A citizen's certificate names a citizen, and so does its hash: what is known of it stays in this instance's memory, for
 * five minutes. What a root issued names nobody: that is kept in the database, for all instances.
 */
export function createKnownAnswers(parts: { database: Queries; now: () => Date }): KnownAnswers {
  const { database, now } = parts;
  const personal = new Map<string, Known>();

  function findPersonal(fingerprint: string): Known | null {
    const known = personal.get(fingerprint);
    if (known === undefined) return null;
    if (known.askAgainAt > now().getTime()) return known;
    personal.delete(fingerprint);
    return null;
  }

  async function findShared(fingerprint: string): Promise<Known | null> {
    const [raw] = await database.query(
      `SELECT status, source, as_of, usable_until, asked_at FROM revocation_answer WHERE certificate_sha256 = decode($1, 'hex')`,
      [fingerprint],
    );
    if (raw === undefined) return null;
    const row = Row.parse(raw);
    return {
      status: row.status,
      source: row.source,
      asOf: row.as_of,
      usableUntil: row.usable_until.getTime(),
      askAgainAt: row.asked_at.getTime() + (row.status === 'good' ? sharedGoodMs : sharedOtherMs),
    };
  }

  return {
    async find({ fingerprint, isPersonal }) {
      const known = isPersonal ? findPersonal(fingerprint) : await findShared(fingerprint);
      return known !== null && known.usableUntil > now().getTime() ? known : null;
    },

    async keep({ fingerprint, isPersonal }, finding) {
      if (isPersonal) {
        const oldest = personal.size >= mostPersonal ? personal.keys().next().value : undefined;
        if (oldest !== undefined) personal.delete(oldest);
        personal.set(fingerprint, { ...finding, askAgainAt: now().getTime() + personalMs });
        return;
      }
      await database.query(
        `INSERT INTO revocation_answer (certificate_sha256, status, source, as_of, usable_until, asked_at)
         VALUES (decode($1, 'hex'), $2, $3, $4::timestamptz, $5::timestamptz, $6::timestamptz)
         ON CONFLICT (certificate_sha256) DO UPDATE SET status = excluded.status, source = excluded.source, as_of = excluded.as_of,
           usable_until = excluded.usable_until, asked_at = excluded.asked_at
         WHERE excluded.as_of >= revocation_answer.as_of`,
        [
          fingerprint,
          finding.status,
          finding.source,
          finding.asOf.toISOString(),
          new Date(finding.usableUntil).toISOString(),
          now().toISOString(),
        ],
      );
    },
  };
}
