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

/** One that an earlier start as a demo left behind. */
export async function disableDemoOperator(queries: Queries): Promise<void> {
  await queries.query(`UPDATE operator SET disabled = true WHERE name = 'demo' AND NOT disabled`);
}
