import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { addOperator, changeOperator, changePassword, checkOperator, OperatorName, reaches, resetPassword } from './accounts.ts';
import { ensureDemoOperator, kindOf } from './demo-operator.ts';
import { hashPassword, isPassword, makePassword } from './password.ts';
import { closeSession, openSession, readSession, sessionSeconds } from './sessions.ts';

let bench: TestBench;
const now = new Date('2026-11-20T10:00:00.000Z');

beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

async function add(name: string, role: 'viewer' | 'operator' | 'admin' = 'viewer'): Promise<string> {
  const added = await addOperator(bench.database, { name, role });
  if (!added.ok) throw new Error(added.error);
  return added.value;
}

/** As a browser gives it back. */
const given = (cookie: string) => `other=1; ${cookie.split(';')[0]}; more=2`;

test('a password is known again, any other is not, and what is stored does not tell it', async () => {
  const stored = await hashPassword('brug over de Leie');
  expect(stored).toMatch(/^scrypt\$32768\$8\$3\$[A-Za-z0-9_-]{22}\$[A-Za-z0-9_-]{43}$/);
  expect(await isPassword('brug over de Leie', stored)).toBe(true);
  for (const other of ['brug over de leie', '', 'brug over de Leie ']) expect(await isPassword(other, stored)).toBe(false);
  expect(await isPassword('brug over de Leie', null)).toBe(false);
  expect(await hashPassword('brug over de Leie')).not.toBe(stored);
  // One letter or two, as keyboards send it.
  expect(await isPassword('cafe\u0301 de la gare', await hashPassword('caf\u00e9 de la gare'))).toBe(true);
});

test('a made password has a hundred bits', () => {
  const made = new Set(Array.from({ length: 50 }, makePassword));
  expect(made.size).toBe(50);
  for (const password of made) expect(password).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){4}[0-9a-hjkmnp-tv-z]{4}$/);
});

test('each role reaches what the ones before it reach', () => {
  const reached = (['viewer', 'operator', 'admin'] as const).map((role) =>
    (['viewer', 'operator', 'admin'] as const).filter((needed) => reaches(role, needed)),
  );
  expect(reached).toEqual([['viewer'], ['viewer', 'operator'], ['viewer', 'operator', 'admin']]);
});

test('a first password must be changed; another name of the same is refused', async () => {
  const password = await add('an', 'operator');
  expect(await addOperator(bench.database, { name: 'an', role: 'admin' })).toEqual({ ok: false, error: 'taken' });
  expect(await checkOperator(bench.database, 'an', password)).toMatchObject({ role: 'operator', mustChange: true });
  await changePassword(bench.database, 'an', 'een ander wachtwoord');
  expect(await checkOperator(bench.database, 'an', password)).toBeNull();
  expect(await checkOperator(bench.database, 'an', 'een ander wachtwoord')).toMatchObject({ mustChange: false });
  expect(await checkOperator(bench.database, 'nobody', 'een ander wachtwoord')).toBeNull();
});

test('a session ends by time, by signing out, by another password, by another role, by being disabled', async () => {
  await add('an');
  const session = async () => given(await openSession(bench.database, 'an', now));
  const read = (cookies: string, at = now) => readSession(bench.database, cookies, at);
  const cookies = await session();
  expect(await read(cookies)).toMatchObject({ name: 'an', role: 'viewer' });
  expect(await read(cookies, new Date(now.getTime() + sessionSeconds * 1000 - 1))).not.toBeNull();
  expect(await read(cookies, new Date(now.getTime() + sessionSeconds * 1000))).toBeNull();

  await closeSession(bench.database, cookies);
  expect(await read(cookies)).toBeNull();

  const ends = [
    () => changePassword(bench.database, 'an', 'een ander wachtwoord'),
    () => resetPassword(bench.database, 'an'),
    () => changeOperator(bench.database, { name: 'an', role: 'admin', disabled: false }),
    () => changeOperator(bench.database, { name: 'an', role: 'admin', disabled: true }),
  ];
  for (const end of ends) {
    const open = await session();
    await end();
    expect(await read(open)).toBeNull();
  }
  // Also one that was opened in between.
  expect(await read(await session())).toBeNull();
});

test('the database has nobody’s session, and its cookie stays in this browser and on this host', async () => {
  await add('an');
  const cookie = await openSession(bench.database, 'an', now);
  expect(cookie).toMatch(/^__Host-loket-operator=[A-Za-z0-9_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=28800$/);
  const token = /=([^;]+)/.exec(cookie)?.[1] ?? '';
  const [row] = await bench.database.query(`SELECT encode(token_sha256, 'hex') AS stored FROM operator_session`);
  const stored = String(row?.stored);
  expect(stored).not.toBe(Buffer.from(token, 'base64url').toString('hex'));
  expect(await readSession(bench.database, `__Host-loket-operator=${Buffer.from(stored, 'hex').toString('base64url')}`, now)).toBeNull();
  for (const wrong of [undefined, '', 'x', `loket-operator=${token}`, `__Host-loket-operator=${token}x`])
    expect(await readSession(bench.database, wrong, now)).toBeNull();
});

test('old sessions do not pile up', async () => {
  await add('an');
  await openSession(bench.database, 'an', now);
  await openSession(bench.database, 'an', new Date(now.getTime() + sessionSeconds * 1000));
  expect(await bench.database.query('SELECT count(*)::int AS n FROM operator_session')).toEqual([{ n: 1 }]);
});

test('the demo’s operator has one password for all instances, and his database is known as a demo’s for good', async () => {
  expect(await kindOf(bench.database)).toBe('new');
  await add('an');
  expect(await kindOf(bench.database)).toBe('in_earnest');
  const key = Buffer.from(bench.keys.keys.operatorKey, 'base64url');
  const one = await ensureDemoOperator(bench.database, key);
  expect(await ensureDemoOperator(bench.beside(), key)).toEqual(one);
  expect(await checkOperator(bench.database, 'demo', one.password)).toMatchObject({ role: 'admin', mustChange: false });
  await changeOperator(bench.database, { name: 'demo', role: 'viewer', disabled: true });
  expect(await kindOf(bench.database)).toBe('demo');
});

test('names are small letters and not the demo’s', () => {
  for (const name of ['an', 'jan.peeters', 'an-2']) expect(OperatorName.safeParse(name).success).toBe(true);
  for (const name of ['demo', 'a', 'An', 'an peeters', '1an', 'a'.repeat(41), '<b>'])
    expect(OperatorName.safeParse(name).success).toBe(false);
});
