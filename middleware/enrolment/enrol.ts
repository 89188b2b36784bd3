import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import * as z from 'zod';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { Database, Queries } from '../store/database.ts';
import { hashSecret } from './codes.ts';
import { beginsAt } from './issued-at.ts';
import type { RequestedKey } from './read-request.ts';
import type { TerminalCa } from './terminal-ca.ts';

const day = 86_400_000;
/** A terminal asks for the next one at two thirds. */
export const certificateDays = 60;

export type Enrolled = { certificate: X509Certificate; salt: Uint8Array };

type Parts = { database: Database; terminalCa: TerminalCa; now: () => Date };

const CodeRow = z.object({
  name: z.string(),
  expires_at: z.date(),
  used: z.boolean(),
  key_id: z.string().nullable(),
  certificate: z.instanceof(Uint8Array).nullable(),
  revoked: z.boolean(),
});
const SaltRow = z.object({ operator_salt: z.instanceof(Uint8Array) });

/**
 * Takes the code and gives the certificate, in one transaction: of two that come with the same code one is enrolled. The
 * same key may come again, because the answer may have got lost. Enrolling anew ends what came before: older certificates,
 * and the doubt after a fork.
 */
export async function enrol(
  { database, terminalCa, now }: Parts,
  order: { terminal: string; secret: Uint8Array; key: RequestedKey },
): Promise<Result<Enrolled, 'code' | 'key_in_use'>> {
  const { terminal, key } = order;
  const secret = hashSecret(order.secret);
  return await database.transaction(async (queries) => {
    const at = now();
    const code = await readCode(queries, secret, terminal);
    if (code === null || code.expires_at.getTime() <= at.getTime()) return refuse('code');
    if (code.used) return await repeat(queries, code, order);
    // A copy of the terminal has its old key: a new identity needs a new one.
    if (await isKeyKnown(queries, key.keyId)) return refuse('key_in_use');
    const salt = randomBytes(16);
    await queries.query(
      `INSERT INTO terminal (terminal, name, standing, standing_since, operator_salt) VALUES ($1, $2, 'active', $3::timestamptz, $4)
       ON CONFLICT (terminal) DO UPDATE SET name = excluded.name, standing = 'active', standing_since = excluded.standing_since,
         operator_salt = excluded.operator_salt`,
      [terminal, code.name, at.toISOString(), salt],
    );
    await queries.query('UPDATE terminal_certificate SET revoked_at = $2::timestamptz WHERE terminal = $1 AND revoked_at IS NULL', [
      terminal,
      at.toISOString(),
    ]);
    const certificate = await issueCertificate(queries, terminalCa, { terminal, key, at });
    await queries.query('UPDATE enrolment_code SET used_at = $2::timestamptz, certificate_sha256 = $3 WHERE secret_sha256 = $1', [
      secret,
      at.toISOString(),
      sha256Of(certificate),
    ]);
    return ok({ certificate, salt });
  });
}

/** Locked until the end: whoever comes second with this code reads what became of it. */
async function readCode(queries: Queries, secret: Uint8Array, terminal: string): Promise<z.infer<typeof CodeRow> | null> {
  const [locked] = await queries.query('SELECT 1 FROM enrolment_code WHERE secret_sha256 = $1 AND terminal = $2 FOR UPDATE', [
    secret,
    terminal,
  ]);
  if (locked === undefined) return null;
  const [raw] = await queries.query(
    `SELECT e.name, e.expires_at, e.used_at IS NOT NULL AS used, c.key_id, c.certificate, c.revoked_at IS NOT NULL AS revoked
     FROM enrolment_code e LEFT JOIN terminal_certificate c ON c.sha256 = e.certificate_sha256 WHERE e.secret_sha256 = $1`,
    [secret],
  );
  return CodeRow.parse(raw);
}

async function repeat(
  queries: Queries,
  code: z.infer<typeof CodeRow>,
  { terminal, key }: { terminal: string; key: RequestedKey },
): Promise<Result<Enrolled, 'code'>> {
  if (code.certificate === null || code.key_id !== key.keyId || code.revoked) return refuse('code');
  const [raw] = await queries.query('SELECT operator_salt FROM terminal WHERE terminal = $1', [terminal]);
  return ok({ certificate: new X509Certificate(code.certificate), salt: SaltRow.parse(raw).operator_salt });
}

/**
 * The next certificate of a terminal in good standing, for the key that it has or a new one of its own. `withdrawn`: since
 * its connection was looked at it was revoked, held, or enrolled anew; a copy with the old key would else outlive that.
 */
export async function renew(
  { database, terminalCa, now }: Parts,
  order: { terminal: string; key: RequestedKey; currentKeyId: string },
): Promise<Result<X509Certificate, 'key_in_use' | 'withdrawn'>> {
  const { terminal, key, currentKeyId } = order;
  return await database.transaction(async (queries) => {
    if (!(await isInGoodStanding(queries, terminal, currentKeyId))) return refuse('withdrawn');
    if (key.keyId !== currentKeyId && (await isKeyKnown(queries, key.keyId))) return refuse('key_in_use');
    return ok(await issueCertificate(queries, terminalCa, { terminal, key, at: now() }));
  });
}

/** Locked first, then asked anew: whoever revokes or enrols it at this moment comes before or after this. */
async function isInGoodStanding(queries: Queries, terminal: string, keyId: string): Promise<boolean> {
  await queries.query('SELECT 1 FROM terminal WHERE terminal = $1 FOR UPDATE', [terminal]);
  const rows = await queries.query(
    `SELECT 1 FROM terminal t JOIN terminal_certificate c ON c.terminal = t.terminal
     WHERE t.terminal = $1 AND t.standing = 'active' AND c.key_id = $2 AND c.revoked_at IS NULL LIMIT 1`,
    [terminal, keyId],
  );
  return rows.length > 0;
}

/** Locked until the end, by the key's name: of two that come with one key at once the second finds it known. */
async function isKeyKnown(queries: Queries, keyId: string): Promise<boolean> {
  await queries.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [keyId]);
  return (await queries.query('SELECT 1 FROM terminal_certificate WHERE key_id = $1 LIMIT 1', [keyId])).length > 0;
}

async function issueCertificate(
  queries: Queries,
  terminalCa: TerminalCa,
  { terminal, key, at }: { terminal: string; key: RequestedKey; at: Date },
): Promise<X509Certificate> {
  const from = beginsAt(at);
  const until = new Date(from.getTime() + (certificateDays + 1) * day);
  const certificate = await terminalCa.issue({ terminal, publicKey: key.publicKey, from, until });
  await queries.query(
    `INSERT INTO terminal_certificate (sha256, terminal, certificate, key_id, not_before, not_after)
     VALUES ($1, $2, $3, $4, $5::timestamptz, $6::timestamptz)`,
    [sha256Of(certificate), terminal, certificate.raw, key.keyId, from.toISOString(), until.toISOString()],
  );
  return certificate;
}

function sha256Of({ raw }: X509Certificate): Buffer {
  return createHash('sha256').update(raw).digest();
}
