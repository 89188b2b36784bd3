import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { WebEidToken } from '../../contract/web-eid.ts';
import { Challenge, mediaType, Problem, SignInResult } from '../../contract/wire.ts';
import { type Authority, startAuthority } from '../../test/harness/authority.ts';
import type { MiddlewareConfig } from '../config.ts';
import { createGrants } from '../grants/grants.ts';
import type { MiddlewareParts } from '../server.ts';
import { type Database, DatabaseUnavailable } from '../store/database.ts';
import { createFakeTerminal, type FakeTerminal } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { type Holder, issue, listHost, listName, makePki, makeToken, ocspHost, type Pki, toBase64 } from '../testing/pki.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Math.floor(Date.now() / 1000) * 1000;

let bench: TestBench;
/** `kiosk-2`. */
let second: FakeTerminal;
let pki: Pki;
let person: Holder;
let authority: Authority;
let clock: number;
const now = () => new Date(clock);

beforeAll(async () => {
  bench = await openTestBench();
  second = createFakeTerminal('kiosk-2', bench.keys.sealKey);
  await bench.enrol(second);
  pki = await makePki();
  person = await issue({ issuer: pki.citizens, name: 'Ondine Zwaluwnest' });
}, 60_000);
beforeEach(async () => {
  clock = start;
  const issuers = [pki.root, pki.citizens].map((each) => ({ ...each, name: listName(each) }));
  authority = await startAuthority({ issuers, now });
});
afterEach(async () => {
  await bench.empty();
  await authority.close();
});
afterAll(() => bench.close());

/** An instance that asks this test's authority. Its pace never stops anybody but where that is the test. */
async function open(changes: Partial<MiddlewareConfig> = {}, parts: Partial<MiddlewareParts> = {}): Promise<TestMiddleware> {
  const instead = { [ocspHost]: authority.ocspUrl, [listHost]: authority.crlUrl };
  const revocation = { hosts: [ocspHost, listHost], instead, timeoutMs: 10_000 };
  let uptime = 0;
  return await bench.start({ testRoots: [pki.root.pem], revocation, ...changes }, { now, uptime: () => (uptime += 10_000), ...parts });
}

function post(middleware: TestMiddleware, path: string, body: unknown, headers: Record<string, string> = {}, as = bench.terminal) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return middleware.ask(path, { method: 'POST', body: text, headers: { 'content-type': mediaType.json, ...headers }, as });
}

const terminalOf = (id: string) => (id === 'kiosk-2' ? second : bench.terminal);

async function challengeOf(middleware: TestMiddleware, terminal = 'kiosk-1'): Promise<Challenge> {
  return Challenge.parse(await (await post(middleware, '/v1/challenges', { terminal }, {}, terminalOf(terminal))).json());
}

type Attempt = { terminal?: string; holder?: Holder; issuer?: Holder; challenge?: Challenge; token?: Partial<WebEidToken>; nonce?: string };

async function attempt(middleware: TestMiddleware, how: Attempt = {}): Promise<string> {
  const { terminal = 'kiosk-1', holder = person, issuer = pki.citizens } = how;
  const challenge = how.challenge ?? (await challengeOf(middleware, terminal));
  const token = { ...makeToken(holder, challenge), ...how.token };
  const nonce = how.nonce ?? challenge.nonce;
  const body = { terminal, nonce, token, issuer: toBase64(issuer.certificate) };
  const response = await post(middleware, '/v1/sign-ins', body, {}, terminalOf(terminal));
  if (response.status !== 200) return `${response.status}`;
  const result = SignInResult.parse(await response.json());
  return result.status === 'accepted' ? `accepted, ${result.revocation.status} by ${result.revocation.source}` : result.reason;
}

async function outcomes(): Promise<unknown[]> {
  return (await bench.database.query('SELECT terminal, outcome FROM sign_in ORDER BY at, outcome')).map((row) =>
    Object.values(row).join(' '),
  );
}

test('a challenge: new each time, of 32 random bytes, for this middleware’s own origin, for five minutes', async () => {
  const middleware = await open();
  const [one, other] = [await challengeOf(middleware), await challengeOf(middleware)];
  expect(one.nonce).not.toBe(other.nonce);
  expect([one.nonce.length, Buffer.from(one.nonce, 'base64').length]).toEqual([44, 32]);
  expect(one).toMatchObject({ origin: middleware.url, expiresAt: new Date(start + 5 * minute).toISOString() });
});

test('the origin is configured, and nothing that a request says changes it', async () => {
  const middleware = await open({ origin: 'https://loket.example' });
  const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', origin: 'https://evil.example' };
  const response = await post(middleware, '/v1/challenges', { terminal: 'kiosk-1' }, headers);
  expect(Challenge.parse(await response.json()).origin).toBe('https://loket.example');
  expect(await attempt(middleware)).toBe('accepted, good by ocsp');
});

test('a card of either generation signs its holder in', async () => {
  const middleware = await open();
  expect(await attempt(middleware)).toBe('accepted, good by ocsp');
  const rsa = await issue({ issuer: pki.citizens, algorithm: 'rsa2048' });
  expect(await attempt(middleware, { holder: rsa })).toBe('accepted, good by ocsp');
  authority.setMode('down', 'ocsp');
  const another = await issue({ issuer: pki.citizens });
  expect(await attempt(middleware, { holder: another })).toBe('accepted, good by crl');
});

test('what is written down names nobody', async () => {
  const lines: string[] = [];
  const middleware = await open({}, { log: { write: (line) => lines.push(line) } });
  await attempt(middleware);
  authority.setMode('down');
  await attempt(middleware, { holder: await issue({ issuer: pki.citizens, name: 'Ondine Zwaluwnest' }) });
  expect(await outcomes()).toEqual(['kiosk-1 accepted', 'kiosk-1 revocation_unknown']);
  const tables = ['sign_in', 'challenge', 'revocation_answer', 'revocation_list'];
  const rows = await Promise.all(tables.map((table) => bench.database.query(`SELECT * FROM ${table}`)));
  const kept = JSON.stringify([rows, lines], (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  );
  const fingerprint = createHash('sha256').update(person.certificate).digest('hex');
  for (const secret of ['Zwaluwnest', Buffer.from('Zwaluwnest').toString('hex'), person.serial, fingerprint])
    expect(kept.toLowerCase()).not.toContain(secret.toLowerCase());
});

test('a sign-in that cannot be written down is none', async () => {
  const away: Database['query'] = (sql, values) =>
    sql.includes('INTO sign_in') ? Promise.reject(new DatabaseUnavailable('it went away')) : bench.database.query(sql, values);
  const middleware = await open({}, { database: { ...bench.database, query: away } });
  expect(await attempt(middleware)).toBe('503');
});

test('challenge: never given, given to another terminal, used before, or too old', async () => {
  const middleware = await open();
  expect(await attempt(middleware, { challenge: { ...(await challengeOf(middleware)), nonce: toBase64(new Uint8Array(32)) } })).toBe(
    'challenge',
  );
  const challenge = await challengeOf(middleware);
  expect(await attempt(middleware, { challenge, terminal: 'kiosk-2' })).toBe('challenge');
  // The other terminal's attempt did not use it up.
  expect(await attempt(middleware, { challenge })).toBe('accepted, good by ocsp');
  expect(await attempt(middleware, { challenge })).toBe('challenge');
  const [last, late] = [await challengeOf(middleware), await challengeOf(middleware)];
  clock += 5 * minute - 1;
  expect(await attempt(middleware, { challenge: last })).toBe('accepted, good by ocsp');
  clock += 1;
  expect(await attempt(middleware, { challenge: late })).toBe('challenge');
});

test('a refused sign-in has used its challenge up: nothing can be tried twice against it', async () => {
  const middleware = await open();
  const challenge = await challengeOf(middleware);
  expect(await attempt(middleware, { challenge, token: { signature: toBase64(new Uint8Array(96)) } })).toBe('signature');
  expect(await attempt(middleware, { challenge })).toBe('challenge');
});

test('the same challenge at two instances at once is good once', async () => {
  const origin = 'https://loket.example';
  const [one, other] = [await open({ origin }), await open({ origin }, { database: bench.beside() })];
  for (let round = 0; round < 5; round++) {
    const challenge = await challengeOf(one);
    const answers = await Promise.all([one, other, one, other].map((middleware) => attempt(middleware, { challenge })));
    expect(answers.sort()).toEqual(['accepted, good by ocsp', 'challenge', 'challenge', 'challenge']);
  }
});

test('challenges that nobody answered go when others are given', async () => {
  const middleware = await open();
  await challengeOf(middleware);
  clock += 5 * minute;
  await challengeOf(middleware);
  expect(await bench.database.query('SELECT terminal FROM challenge')).toHaveLength(1);
});

test('signature: of another origin, another nonce, another key, or another kind', async () => {
  const middleware = await open();
  const challenge = async () => await challengeOf(middleware);
  const [there, other] = [{ ...(await challenge()), origin: 'https://evil.example' }, await challenge()];
  expect(await attempt(middleware, { challenge: there })).toBe('signature');
  expect(await attempt(middleware, { challenge: other, nonce: (await challenge()).nonce })).toBe('signature');
  const thief = await issue({ issuer: pki.citizens });
  expect(await attempt(middleware, { holder: thief, token: { unverifiedCertificate: toBase64(person.certificate) } })).toBe('signature');
  expect(await attempt(middleware, { token: { algorithm: 'RS256' } })).toBe('signature');
});

test('certificate: another root, another issuer, another use, or not yet', async () => {
  const middleware = await open();
  const strangers = await makePki();
  const refused: Attempt[] = [
    { holder: await issue({ issuer: strangers.citizens }), issuer: strangers.citizens },
    // The right names and another key.
    { holder: await issue({ issuer: strangers.citizens }) },
    { holder: person, issuer: pki.register },
    { holder: pki.register, issuer: pki.root },
    { holder: await issue({ issuer: pki.citizens, usage: 'signature' }) },
    { holder: await issue({ issuer: pki.citizens, from: new Date(start + day) }) },
  ];
  for (const each of refused) expect(await attempt(middleware, each)).toBe('certificate');
  expect(authority.asked()).toEqual({ ocsp: 0, crl: 0 });
});

test('expired', async () => {
  const holder = await issue({ issuer: pki.citizens, from: new Date(start - 30 * day), until: new Date(start - day) });
  expect(await attempt(await open(), { holder })).toBe('expired');
});

test('revoked: the certificate, or the CA that issued it', async () => {
  const middleware = await open();
  authority.setRevoked([person.serial]);
  expect(await attempt(middleware)).toBe('revoked');
  authority.setRevoked([pki.citizens.serial]);
  // What is known of a CA is asked again after an hour.
  clock += 61 * minute;
  expect(await attempt(middleware)).toBe('revoked');
  expect(await outcomes()).toEqual(['kiosk-1 revoked', 'kiosk-1 revoked']);
});

test('revocation unknown: nobody to ask, or an authority that does not know the certificate', async () => {
  const middleware = await open();
  authority.setMode('unknown');
  expect(await attempt(middleware)).toBe('revocation_unknown');
  authority.setMode('down');
  expect(await attempt(middleware, { holder: await issue({ issuer: pki.citizens }) })).toBe('revocation_unknown');
});

test('revocation unknown as well where the person’s certificate is good and nothing can be known of the CA', async () => {
  const orphans = await issue({ issuer: pki.root, usage: 'ca', name: 'Loket proof orphan CA', ocsp: null, list: null });
  const holder = await issue({ issuer: orphans });
  const own = await startAuthority({ issuers: [{ ...orphans, name: listName(orphans) }], now });
  const revocation = { hosts: [ocspHost], instead: { [ocspHost]: own.ocspUrl }, timeoutMs: 10_000 };
  expect(await attempt(await open({ revocation }), { holder, issuer: orphans })).toBe('revocation_unknown');
  expect(own.asked().ocsp).toBe(1);
  await own.close();
});

test('what cannot be read is refused before anything is done', async () => {
  const middleware = await open();
  const challenge = await challengeOf(middleware);
  const request = {
    terminal: 'kiosk-1',
    nonce: challenge.nonce,
    token: makeToken(person, challenge),
    issuer: toBase64(pki.citizens.certificate),
  };
  const statusOf = async (path: string, body: unknown, headers?: Record<string, string>) => {
    const response = await post(middleware, path, body, headers);
    return [response.status, Problem.parse(await response.json()).type.replace('urn:loket:problem:', '')];
  };
  const badRequest = [400, 'bad-request'];
  for (const body of ['{', '[]', 'null', {}, { terminal: 7 }]) expect(await statusOf('/v1/challenges', body)).toEqual(badRequest);
  const misfits: object[] = [
    { nonce: 'x'.repeat(129) },
    { issuer: 'not base64!' },
    { issuer: 'AAAA' },
    { token: { ...request.token, format: 'web-eid:1.1' } },
    { token: { ...request.token, algorithm: 'none' } },
    { token: { ...request.token, appVersion: 'v'.repeat(201) } },
    { token: { ...request.token, signature: 'A'.repeat(1004) } },
    { token: { ...request.token, unverifiedCertificate: 'A'.repeat(8004) } },
  ];
  for (const each of misfits) expect(await statusOf('/v1/sign-ins', { ...request, ...each })).toEqual(badRequest);
  for (const path of ['/v1/challenges', '/v1/sign-ins']) {
    expect(await statusOf(path, { ...request, terminal: 'kiosk-9' })).toEqual([403, 'unknown-terminal']);
    expect(await statusOf(path, { ...request, more: 'x'.repeat(40_000) })).toEqual([413, 'too-large']);
    expect(await statusOf(path, request, { 'content-type': mediaType.batch })).toEqual([415, 'media-type']);
    expect(await statusOf(path, request, { 'content-encoding': 'gzip' })).toEqual([415, 'media-type']);
  }
  // None of it used the challenge up.
  expect(await attempt(middleware, { challenge })).toBe('accepted, good by ocsp');
});

test('who asks too much waits; another terminal does not, and sign-ins are counted apart from challenges', async () => {
  const middleware = await open({}, { uptime: () => 0 });
  const statuses = [];
  for (let i = 0; i < 12; i++) statuses.push((await post(middleware, '/v1/challenges', { terminal: 'kiosk-1' })).status);
  expect(statuses).toEqual([...Array<number>(10).fill(200), 429, 429]);
  const other = await challengeOf(middleware, 'kiosk-2');
  for (let i = 0; i < 10; i++) expect(await attempt(middleware, { terminal: 'kiosk-1', challenge: other })).toBe('challenge');
  expect(await attempt(middleware, { terminal: 'kiosk-1', challenge: other })).toBe('429');
  expect(await attempt(middleware, { terminal: 'kiosk-2', challenge: other })).toBe('accepted, good by ocsp');
});

test('a visit gets a grant, for whom the certificate names; without one, or without a number, there is none', async () => {
  const middleware = await open();
  const holder = await issue({ issuer: pki.citizens, name: 'Ondine Zwaluwnest', number: '93031499871' });
  const ask = async (by: Holder, more: object) => {
    const challenge = await challengeOf(middleware);
    const token = makeToken(by, challenge);
    const body = { terminal: 'kiosk-1', nonce: challenge.nonce, token, issuer: toBase64(pki.citizens.certificate), ...more };
    return SignInResult.parse(await (await post(middleware, '/v1/sign-ins', body)).json());
  };
  const visit = '6c0a3f5e-1f64-4b7a-8f57-0a8b7a2f9d31';
  const [accepted, without, nobody] = [await ask(holder, { visit }), await ask(holder, {}), await ask(person, { visit })];
  expect(accepted).toMatchObject({ status: 'accepted', grant: { expiresInMs: 600_000 } });
  expect([without, nobody].map((result) => 'grant' in result)).toEqual([false, false]);
  const token = accepted.status === 'accepted' ? (accepted.grant?.token ?? '') : '';
  const kept = await bench.database.query('SELECT * FROM person_grant');
  expect(kept).toHaveLength(1);
  // Bytes in hexadecimal: the number in digits, the token, and the token as it is written.
  const words = JSON.stringify(kept, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value));
  const secrets = [Buffer.from('93031499871'), Buffer.from(token, 'base64url'), Buffer.from(token)];
  for (const secret of secrets) expect(words).not.toContain(secret.toString('hex'));
  const grants = createGrants({ database: bench.database, now });
  expect(await grants.find(token, { terminal: 'kiosk-1', visit })).toMatchObject({ ssin: '93031499871' });
  await grants.end({ terminal: 'kiosk-1', visit });
});
