import * as z from 'zod';
import type { Queries } from '../store/database.ts';
import { type Standing, standingOf } from './terminals.ts';

/** As the terminal's own configuration has it (contract/terminal-config.ts). */
export const TerminalName = z.string().min(1).max(40);

export type ListedTerminal = { id: string; name: string; standing: Standing; until: Date };

const Row = z.object({
  terminal: z.string(),
  name: z.string(),
  terminal_standing: z.enum(['active', 'revoked', 'forked']),
  not_after: z.date(),
  revoked: z.boolean(),
});
const SaltRow = z.object({ operator_salt: z.instanceof(Uint8Array) });

/** Each with the standing of its newest certificate. */
export async function listTerminals(queries: Queries, now: Date): Promise<ListedTerminal[]> {
  const rows = await queries.query(
    `SELECT DISTINCT ON (t.terminal) t.terminal, t.name, t.standing AS terminal_standing, c.not_after, c.revoked_at IS NOT NULL AS revoked
     FROM terminal t JOIN terminal_certificate c ON c.terminal = t.terminal
     ORDER BY t.terminal, (c.revoked_at IS NULL) DESC, c.not_after DESC`,
  );
  return rows.map((raw) => {
    const row = Row.parse(raw);
    return { id: row.terminal, name: row.name, standing: standingOf(row, now), until: row.not_after };
  });
}

export async function readTerminalNames(queries: Queries): Promise<Map<string, string>> {
  const rows = await queries.query('SELECT terminal, name FROM terminal');
  return new Map(rows.map((row) => [String(row.terminal), String(row.name)]));
}

/** It delivers into quarantine and gets nothing else, until it is enrolled anew. Codes that wait for it end as well. */
export async function revokeTerminal(queries: Queries, terminal: string, now: Date): Promise<boolean> {
  await queries.query('DELETE FROM enrolment_code WHERE terminal = $1 AND used_at IS NULL', [terminal]);
  const revoked = await queries.query(
    `UPDATE terminal SET standing = 'revoked', standing_since = $2::timestamptz WHERE terminal = $1 RETURNING terminal`,
    [terminal, now.toISOString()],
  );
  return revoked.length === 1;
}

export async function readOperatorSalt(queries: Queries, terminal: string): Promise<Uint8Array | null> {
  const [raw] = await queries.query('SELECT operator_salt FROM terminal WHERE terminal = $1', [terminal]);
  return raw === undefined ? null : SaltRow.parse(raw).operator_salt;
}
