import { createHmac } from 'node:crypto';
import type { Queries } from '../store/database.ts';
import { hashPassword, lowCost, writePassword } from './password.ts';

export type DemoOperator = { name: 'demo'; password: string };

/** An admin whose password is printed at the start. The same for all instances with these keys, and after a restart. */
export async function ensureDemoOperator(queries: Queries, operatorKey: Uint8Array): Promise<DemoOperator> {
  const password = writePassword(createHmac('sha256', operatorKey).update('loket/demo-operator/1').digest());
  await queries.query(
    `INSERT INTO operator (name, role, password, must_change) VALUES ('demo', 'admin', $1, false)
     ON CONFLICT (name) DO UPDATE SET role = 'admin', password = excluded.password, must_change = false, disabled = false`,
    [await hashPassword(password, lowCost)],
  );
  return { name: 'demo', password };
}

/** Whose database this is, by its operators: no other than a demo's can have that name. */
export async function kindOf(queries: Queries): Promise<'new' | 'demo' | 'in_earnest'> {
  const operators = await queries.query('SELECT name FROM operator');
  if (operators.some(({ name }) => name === 'demo')) return 'demo';
  return operators.length === 0 ? 'new' : 'in_earnest';
}
