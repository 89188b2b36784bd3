import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { CodeReply, ConfirmReply, ContactChannel } from '../../contract/profile.ts';
import type { Database, Queries } from '../store/database.ts';
import { lockHolder } from './lock-holder.ts';

/** Who asks, proven by a grant. */
export type Asker = { terminal: string; visit: string; holder: string };
export type Contact = { channel: ContactChannel; value: string };

export type Codes = {
  /** `send` brings the code there; false: it was not taken. */
  give(asker: Asker, contact: Contact, send: (code: string) => Promise<boolean>): Promise<CodeReply>;
  confirm(asker: Asker, answer: { verification: string; code: string }): Promise<ConfirmReply>;
};

const minute = 60_000;
const day = 24 * 60 * minute;
/** A message takes seconds; a person who looks for their telephone, minutes. */
export const codeLifeMs = 10 * minute;
/** Of a million codes: one in 200,000 is guessed. */
export const codeTries = 5;
/** Whoever signs in could have a stranger's telephone ring all day. */
export const codesPerDay = 8;
/** As long as a terminal's clock is believed to have waited without a line (worker/verify-content.ts). */
const confirmedDays = 100;

const Row = z.object({ code: z.instanceof(Uint8Array), tries_left: z.number() });

export function createCodes({ database, now }: { database: Database; now: () => Date }): Codes {
  return {
    async give(asker, contact, send) {
      const token = randomBytes(32);
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      const isWritten = await database.transaction(async (queries) => {
        await lockHolder(queries, asker.holder);
        await sweep(queries, now());
        if ((await countToday(queries, asker.holder, now())) >= codesPerDay) return false;
        await write(queries, { token, code, asker, contact, at: now() });
        return true;
      });
      if (!isWritten) return { status: 'refused', why: 'too_many' };
      if (await send(code)) return { status: 'sent', verification: token.toString('base64url'), expiresInMs: codeLifeMs };
      await database.query('DELETE FROM profile_code WHERE token_sha256 = $1', [hashToken(token)]);
      return { status: 'refused', why: 'not_sent' };
    },

    async confirm({ terminal, visit, holder }, { verification, code }) {
      const token = Buffer.from(verification, 'base64url');
      // Counted before it is looked at: whoever asks a hundred times at once has five tries all the same.
      const [raw] = await database.query(
        `UPDATE profile_code SET tries_left = tries_left - 1
         WHERE token_sha256 = $1 AND terminal = $2 AND visit = $3::uuid AND holder = $4
           AND expires_at > $5::timestamptz AND tries_left > 0 AND confirmed_at IS NULL RETURNING code, tries_left`,
        [hashToken(token), terminal, visit, holder, now().toISOString()],
      );
      if (raw === undefined) return { status: 'over' };
      const row = Row.parse(raw);
      if (!timingSafeEqual(row.code, hashCode(token, code)))
        return row.tries_left === 0 ? { status: 'over' } : { status: 'wrong', triesLeft: row.tries_left };
      await database.query('UPDATE profile_code SET confirmed_at = $2::timestamptz WHERE token_sha256 = $1', [
        hashToken(token),
        now().toISOString(),
      ]);
      return { status: 'confirmed' };
    },
  };
}

/**
 * When this person confirmed this address or number, at this terminal; null: they did not. A confirmation is for one change.
 */
export async function takeConfirmation(
  queries: Queries,
  { verification, terminal, holder, contact }: { verification: string; terminal: string; holder: string; contact: Contact },
): Promise<Date | null> {
  const token = Buffer.from(verification, 'base64url');
  const [raw] = await queries.query(
    `DELETE FROM profile_code WHERE token_sha256 = $1 AND terminal = $2 AND holder = $3 AND said = $4 AND confirmed_at IS NOT NULL
     RETURNING confirmed_at`,
    [hashToken(token), terminal, holder, hashContact(token, holder, contact)],
  );
  return raw === undefined ? null : z.object({ confirmed_at: z.date() }).parse(raw).confirmed_at;
}

type Written = { token: Buffer; code: string; asker: Asker; contact: Contact; at: Date };

async function write(queries: Queries, { token, code, asker, contact, at }: Written): Promise<void> {
  await queries.query(
    `INSERT INTO profile_code (token_sha256, terminal, visit, holder, said, code, sent_at, expires_at, tries_left)
     VALUES ($1, $2, $3::uuid, $4, $5, $6, $7::timestamptz, $8::timestamptz, $9::int)`,
    [
      hashToken(token),
      asker.terminal,
      asker.visit,
      asker.holder,
      hashContact(token, asker.holder, contact),
      hashCode(token, code),
      at.toISOString(),
      new Date(at.getTime() + codeLifeMs).toISOString(),
      codeTries,
    ],
  );
}

async function countToday(queries: Queries, holder: string, at: Date): Promise<number> {
  const since = new Date(at.getTime() - day).toISOString();
  const [row] = await queries.query('SELECT count(*)::int AS n FROM profile_code WHERE holder = $1 AND sent_at > $2::timestamptz', [
    holder,
    since,
  ]);
  return Number(row?.n);
}

/**
 * Those that were never answered, once they count no more; and confirmations that no change came for. Of everybody, so
 * several instances may sweep at once: none waits for another.
 */
async function sweep(queries: Queries, at: Date): Promise<void> {
  await queries.query(
    `DELETE FROM profile_code WHERE token_sha256 IN
       (SELECT token_sha256 FROM profile_code
        WHERE sent_at <= $1::timestamptz AND (confirmed_at IS NULL OR confirmed_at <= $2::timestamptz) FOR UPDATE SKIP LOCKED)`,
    [new Date(at.getTime() - day).toISOString(), new Date(at.getTime() - confirmedDays * day).toISOString()],
  );
}

function hashToken(token: Uint8Array): Buffer {
  return createHash('sha256').update(token).digest();
}

function hashCode(token: Uint8Array, code: string): Buffer {
  return createHmac('sha256', token).update(`loket/code/1\0${code}`).digest();
}

function hashContact(token: Uint8Array, holder: string, { channel, value }: Contact): Buffer {
  return createHmac('sha256', token)
    .update(JSON.stringify(['loket/contact/1', holder, channel, value]))
    .digest();
}
