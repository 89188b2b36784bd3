import { createHash, randomBytes, type X509Certificate } from 'node:crypto';
import { TerminalId } from '../../contract/ids.ts';
import { issuedAt } from '../enrolment/issued-at.ts';
import type { Database } from '../store/database.ts';
import { keyIdOf } from './key-id.ts';

/**
 * After a restore the database does not know what was issued since the backup. A renewed certificate is simply written
 * down again; one from before its terminal was enrolled anew is written down as revoked, as enrolling revoked those that
 * were known. A terminal that the backup never saw is written down as revoked: it delivers into quarantine, nothing of it
 * is lost, and it is enrolled anew.
 * @param certificate verified: this middleware's own CA signed it
 * @returns false when it names no terminal
 */
export async function adoptCertificate(database: Database, certificate: X509Certificate, now: Date): Promise<boolean> {
  const terminal = TerminalId.safeParse(/^CN=(.*)$/m.exec(certificate.subject)?.[1]);
  const keyId = keyIdOf(certificate.publicKey);
  if (!terminal.success || keyId === null) return false;
  await database.transaction(async (queries) => {
    await queries.query(
      `INSERT INTO terminal (terminal, name, standing, standing_since, operator_salt) VALUES ($1, $1, 'revoked', $2::timestamptz, $3)
       ON CONFLICT (terminal) DO NOTHING`,
      [terminal.data, now.toISOString(), randomBytes(16)],
    );
    // Locked: whoever enrols it at this moment revokes this certificate too, or is seen here.
    await queries.query('SELECT 1 FROM terminal WHERE terminal = $1 FOR UPDATE', [terminal.data]);
    await queries.query(
      `INSERT INTO terminal_certificate (sha256, terminal, certificate, key_id, not_before, not_after, revoked_at)
       SELECT $1, $2, $3, $4, $5::timestamptz, $6::timestamptz,
         CASE WHEN standing = 'active' AND date_trunc('second', standing_since) > $7::timestamptz THEN standing_since END
       FROM terminal WHERE terminal = $2 ON CONFLICT (sha256) DO NOTHING`,
      [
        createHash('sha256').update(certificate.raw).digest(),
        terminal.data,
        certificate.raw,
        keyId,
        new Date(certificate.validFrom).toISOString(),
        new Date(certificate.validTo).toISOString(),
        issuedAt(certificate).toISOString(),
      ],
    );
  });
  return true;
}
