import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Queries } from '../store/database.ts';
import { Role } from './accounts.ts';

export const sessionSeconds = 8 * 3600;

/** `__Host-`: browsers take it only from this very host, over HTTPS (draft-ietf-httpbis-rfc6265bis, 4.1.3.2). */
const cookieName = '__Host-loket-operator';

const Session = z.object({ name: z.string(), role: Role, mustChange: z.boolean() });
export type Session = z.infer<typeof Session>;

/** @returns the cookie to set */
export async function openSession(queries: Queries, operator: string, now: Date): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + sessionSeconds * 1000);
  await queries.query('DELETE FROM operator_session WHERE expires_at <= $1::timestamptz', [now.toISOString()]);
  await queries.query('INSERT INTO operator_session (token_sha256, operator, expires_at) VALUES ($1, $2, $3::timestamptz)', [
    hashToken(token),
    operator,
    expiresAt.toISOString(),
  ]);
  return `${cookieName}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${sessionSeconds}`;
}

/** Asked of the database each time: an operator who was disabled a moment ago is out. */
export async function readSession(queries: Queries, cookies: string | undefined, now: Date): Promise<Session | null> {
  const token = readToken(cookies);
  if (token === null) return null;
  const [raw] = await queries.query(
    `SELECT o.name, o.role, o.must_change AS "mustChange" FROM operator_session s JOIN operator o ON o.name = s.operator
     WHERE s.token_sha256 = $1 AND s.expires_at > $2::timestamptz AND NOT o.disabled`,
    [hashToken(token), now.toISOString()],
  );
  return raw === undefined ? null : Session.parse(raw);
}

/** @returns the cookie that takes the other away */
export async function closeSession(queries: Queries, cookies: string | undefined): Promise<string> {
  const token = readToken(cookies);
  if (token !== null) await queries.query('DELETE FROM operator_session WHERE token_sha256 = $1', [hashToken(token)]);
  return `${cookieName}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`;
}

function readToken(cookies: string | undefined): string | null {
  return new RegExp(`(?:^|; *)${cookieName}=([A-Za-z0-9_-]{43})(?:;|$)`).exec(cookies ?? '')?.[1] ?? null;
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
