import * as z from 'zod';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { Database, Queries } from '../store/database.ts';
import type { Act } from './acts.ts';
import { hashPassword, isPassword, makePassword } from './password.ts';

/** Each may do what the ones before it may. `viewer` sees, `operator` releases and delivers, `admin` lets terminals and people in. */
export const Role = z.enum(['viewer', 'operator', 'admin']);
export type Role = z.infer<typeof Role>;

export function reaches(role: Role, needed: Role): boolean {
  return Role.options.indexOf(role) >= Role.options.indexOf(needed);
}

/** `demo` is the demo's own. */
export const OperatorName = z.string().regex(/^(?!demo$)[a-z][a-z0-9.-]{1,39}$/);

const Account = z.object({ name: z.string(), role: Role, disabled: z.boolean(), mustChange: z.boolean() });
export type Account = z.infer<typeof Account>;
const columns = 'name, role, disabled, must_change AS "mustChange"';

export async function listOperators(queries: Queries): Promise<Account[]> {
  return z.array(Account).parse(await queries.query(`SELECT ${columns} FROM operator ORDER BY name`));
}

/** @returns a first password, which is good until it was used once: then its owner chooses another */
export async function addOperator(queries: Queries, { name, role }: { name: string; role: Role }): Promise<Result<string, 'taken'>> {
  const password = makePassword();
  const added = await queries.query(
    'INSERT INTO operator (name, role, password, must_change) VALUES ($1, $2, $3, true) ON CONFLICT (name) DO NOTHING RETURNING name',
    [name, role, await hashPassword(password)],
  );
  return added.length === 1 ? ok(password) : refuse('taken');
}

/** For who forgot it: a new first password, and every session ends. */
export async function resetPassword(database: Database, name: string): Promise<Result<string, 'unknown'>> {
  const password = makePassword();
  const hash = await hashPassword(password);
  return await database.transaction(async (queries) => {
    const changed = await queries.query('UPDATE operator SET password = $2, must_change = true WHERE name = $1 RETURNING name', [
      name,
      hash,
    ]);
    await endSessions(queries, name);
    return changed.length === 1 ? ok(password) : refuse('unknown');
  });
}

/** Every session ends, the one that asked too. */
export async function changePassword(database: Database, name: string, password: string): Promise<void> {
  const hash = await hashPassword(password);
  await database.transaction(async (queries) => {
    await queries.query('UPDATE operator SET password = $2, must_change = false WHERE name = $1', [name, hash]);
    await endSessions(queries, name);
  });
}

/** Sessions end, so that nobody goes on in a role that he has no more. */
export async function changeOperator(
  database: Database,
  { name, role, disabled }: { name: string; role: Role; disabled: boolean },
): Promise<boolean> {
  return await database.transaction(async (queries) => {
    const changed = await queries.query('UPDATE operator SET role = $2, disabled = $3 WHERE name = $1 RETURNING name', [
      name,
      role,
      disabled,
    ]);
    await endSessions(queries, name);
    return changed.length === 1;
  });
}

async function endSessions(queries: Queries, name: string): Promise<void> {
  await queries.query('DELETE FROM operator_session WHERE operator = $1', [name]);
}

/** Passwords that wait to be looked at: each takes a fraction of a second, one after the other, and waits with its connection. */
export const mostChecking = 20;
let checking = 0;

/** Null: no such name, another password, or disabled; nobody is told which. `busy`: too many are being looked at. */
export async function checkOperator(queries: Queries, name: string, password: string): Promise<Account | null | 'busy'> {
  if (checking >= mostChecking) return 'busy';
  checking += 1;
  try {
    const [raw] = await queries.query(`SELECT ${columns}, password FROM operator WHERE name = $1`, [name]);
    const row = raw === undefined ? null : Account.extend({ password: z.string() }).parse(raw);
    const isRight = await isPassword(password, row?.password ?? null);
    return row !== null && isRight && !row.disabled ? row : null;
  } finally {
    checking -= 1;
  }
}

/** Who does what, before it is done. `subject` names a terminal, an operator or a delivery: never a citizen. */
export async function writeAct(queries: Queries, act: { at: Date; operator: string; act: Act; subject: string }): Promise<void> {
  await queries.query('INSERT INTO operator_act (at, operator, act, subject) VALUES ($1::timestamptz, $2, $3, $4)', [
    act.at.toISOString(),
    act.operator,
    act.act,
    act.subject,
  ]);
}

/** The same for what comes in many pieces: not again within the hour. */
export async function writeActOnce(queries: Queries, { at, operator, act, subject }: Parameters<typeof writeAct>[1]): Promise<void> {
  await queries.query(
    `INSERT INTO operator_act (at, operator, act, subject) SELECT $1::timestamptz, $2, $3, $4 WHERE NOT EXISTS (
       SELECT 1 FROM operator_act WHERE operator = $2 AND act = $3 AND subject = $4 AND at > $1::timestamptz - interval '1 hour')`,
    [at.toISOString(), operator, act, subject],
  );
}
