import { createHash, randomBytes } from 'node:crypto';
import { codeBytes, writeCode } from '../../contract/enrolment.ts';
import type { Queries } from '../store/database.ts';

export const codeHours = 24;
const hour = 3_600_000;

export type IssuedCode = { terminal: string; code: string; expiresAt: Date };

/**
 * A one-time code for one terminal; the ones before it are worth nothing any more. Its secret is here and on the paper,
 * never in the database.
 * @param rootSha256 of the root's DER: by it the terminal knows whom it enrols with
 */
export async function issueEnrolmentCode(
  queries: Queries,
  order: { terminal: string; name: string; by: string; rootSha256: Uint8Array; now: Date },
): Promise<IssuedCode> {
  const secret = randomBytes(codeBytes.secret);
  const expiresAt = new Date(order.now.getTime() + codeHours * hour);
  await queries.query('DELETE FROM enrolment_code WHERE terminal = $1 AND used_at IS NULL', [order.terminal]);
  await queries.query(
    `INSERT INTO enrolment_code (secret_sha256, terminal, name, issued_by, expires_at) VALUES ($1, $2, $3, $4, $5::timestamptz)`,
    [hashSecret(secret), order.terminal, order.name, order.by, expiresAt.toISOString()],
  );
  return { terminal: order.terminal, code: writeCode(secret, order.rootSha256), expiresAt };
}

export function hashSecret(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}
