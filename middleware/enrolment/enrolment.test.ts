import { createHash, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { compactVerify, importJWK } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Enrolment, Renewal, readCode } from '../../contract/enrolment.ts';
import { KeySet } from '../../contract/key-set.ts';
import { mediaType } from '../../contract/wire.ts';
import { keyIdOf } from '../terminals/key-id.ts';
import { revokeTerminal } from '../terminals/manage.ts';
import { findKeys, setForked } from '../terminals/terminals.ts';
import { makeRequest, toPem } from '../testing/enrolled.ts';
import { makeTerminalKeys, type TerminalKeys } from '../testing/fake-terminal.ts';
import { configure, openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { renew } from './enrol.ts';
import { readRequestedKey } from './read-request.ts';

let bench: TestBench;
const clock = { now: new Date() };
const now = () => clock.now;
const day = 86_400_000;

beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(async () => {
  clock.now = new Date();
  await bench.empty();
  await bench.database.query(`DELETE FROM enrolment_code`);
  await bench.database.query(`DELETE FROM terminal_certificate WHERE terminal <> 'kiosk-1'`);
});
afterAll(() => bench.close());

async function codeFor(middleware: TestMiddleware, terminal: string): Promise<string> {
  const headers = { 'content-type': mediaType.json };
  const reply = await middleware.ask('/demo/enrolments', { method: 'POST', headers, body: JSON.stringify({ terminal, name: 'Kiosk' }) });
  expect(reply.status).toBe(200);
  return ((await reply.json()) as { code: string }).code;
}

function secretOf(code: string): string {
  return Buffer.from(readCode(code)?.secret ?? []).toString('base64url');
}

async function post(middleware: TestMiddleware, path: string, body: object, as: Parameters<TestMiddleware['ask']>[1] = {}) {
  return await middleware.ask(path, {
    method: 'POST',
    headers: { 'content-type': mediaType.json },
    body: JSON.stringify(body),
    as: null,
    ...as,
  });
}

async function enrolWith(middleware: TestMiddleware, terminal: string, code: string, keys: TerminalKeys) {
  return await post(middleware, '/v1/enrolments', { terminal, secret: secretOf(code), request: await makeRequest(keys) });
}

async function enrolled(middleware: TestMiddleware, terminal: string, keys: TerminalKeys) {
  const reply = await enrolWith(middleware, terminal, await codeFor(middleware, terminal), keys);
  expect(reply.status).toBe(200);
  const enrolment = Enrolment.parse(await reply.json());
  return { enrolment, identity: identityOf(enrolment.certificates, keys) };
}

function identityOf(certificates: string[], keys: TerminalKeys) {
  return { key: toPem(keys.privateKey), cert: new X509Certificate(Buffer.from(certificates[0] ?? '', 'base64')).toString() };
}

const standingWith = async (middleware: TestMiddleware, as: { key: string; cert: string } | null) =>
  [(await middleware.ask('/v1/keys', { as })).status, (await middleware.ask('/v1/changes', { as })).status] as const;
const active = [200, 200];
const held = [200, 403];

test('a code gives an identity: a certificate behind the pinned root, the key set, the operator’s secret', async () => {
  const middleware = await bench.start({}, { now });
  const code = await codeFor(middleware, 'kiosk-7');
  const root = new X509Certificate(await (await middleware.ask('/v1/root', { as: null })).text());
  expect(createHash('sha256').update(root.raw).digest().subarray(0, 12)).toEqual(Buffer.from(readCode(code)?.root ?? []));

  const keys = makeTerminalKeys();
  const reply = await enrolWith(middleware, 'kiosk-7', code, keys);
  const enrolment = Enrolment.parse(await reply.json());
  const [own, ca] = enrolment.certificates.map((der) => new X509Certificate(Buffer.from(der, 'base64')));
  if (own === undefined || ca === undefined) throw new Error('no chain');
  expect([own.verify(ca.publicKey), ca.verify(root.publicKey), own.subject, own.ca]).toEqual([true, true, 'CN=kiosk-7', false]);
  expect(own.publicKey.equals(keys.publicKey)).toBe(true);
  expect(own.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  const days = (own.validToDate.getTime() - clock.now.getTime()) / day;
  expect(days).toBeGreaterThan(59);
  expect(days).toBeLessThan(61);

  const { payload, protectedHeader } = await compactVerify(enrolment.keySet, await importJWK(enrolment.keySetKey, 'ES256'));
  expect(protectedHeader.typ).toBe('loket-key-set');
  const set = KeySet.parse(JSON.parse(new TextDecoder().decode(payload)));
  expect(set.seal[0]?.jwk).toEqual(bench.keys.sealKey.publicJwk);
  expect(JSON.stringify(set)).not.toContain('"d"');
  expect(enrolment.operatorSecret).toMatch(/^[A-Z2-7]{32}$/);
  expect(await standingWith(middleware, identityOf(enrolment.certificates, keys))).toEqual(active);
});

test('a code is good once: another key is refused, the same key gets its certificate again', async () => {
  const middleware = await bench.start({}, { now });
  const code = await codeFor(middleware, 'kiosk-7');
  const keys = makeTerminalKeys();
  const first = Enrolment.parse(await (await enrolWith(middleware, 'kiosk-7', code, keys)).json());
  const other = await enrolWith(middleware, 'kiosk-7', code, makeTerminalKeys());
  expect([other.status, await other.json()]).toMatchObject([403, { type: 'urn:loket:problem:code-refused' }]);
  const again = Enrolment.parse(await (await enrolWith(middleware, 'kiosk-7', code, keys)).json());
  expect([again.certificates, again.operatorSecret]).toEqual([first.certificates, first.operatorSecret]);
  clock.now = new Date(Date.now() + day + 1000);
  expect((await enrolWith(middleware, 'kiosk-7', code, keys)).status).toBe(403);
});

test('of several that come with one code at once, at two instances, one is enrolled', async () => {
  const instances = [await bench.start({}, { now }), await bench.start({}, { now, database: bench.beside() })];
  const [first] = instances;
  if (first === undefined) throw new Error('no instance');
  const code = await codeFor(first, 'kiosk-8');
  const replies = await Promise.all([0, 1, 0, 1, 0, 1].map((at) => enrolWith(instances[at] ?? first, 'kiosk-8', code, makeTerminalKeys())));
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403, 403, 403]);
  expect(await findKeys(bench.database, 'kiosk-8', clock.now)).toHaveLength(1);
});

test('unknown, too old, used, and another terminal’s: one refusal that does not tell which', async () => {
  const middleware = await bench.start({}, { now });
  const refusalOf = async (terminal: string, code: string) => {
    const reply = await enrolWith(middleware, terminal, code, makeTerminalKeys());
    return [reply.status, await reply.text()];
  };
  const used = await codeFor(middleware, 'kiosk-7');
  await enrolWith(middleware, 'kiosk-7', used, makeTerminalKeys());
  const elsewhere = await codeFor(middleware, 'kiosk-8');
  const replaced = await codeFor(middleware, 'kiosk-9');
  await codeFor(middleware, 'kiosk-9');
  const refusals = [
    await refusalOf('kiosk-7', '0000-0000-0000-0000-0000-0000-0000-0000'),
    await refusalOf('kiosk-7', used),
    await refusalOf('kiosk-7', elsewhere),
    await refusalOf('kiosk-9', replaced),
  ];
  clock.now = new Date(Date.now() + day + 1000);
  refusals.push(await refusalOf('kiosk-8', elsewhere));
  expect(new Set(refusals.map((each) => JSON.stringify(each))).size).toBe(1);
  expect(refusals[0]?.[0]).toBe(403);
});

test('a request that is none, or of another kind of key, is refused and uses up no code', async () => {
  let uptime = 0;
  // A minute between two tries: nobody is slowed down.
  const middleware = await bench.start({}, { now, uptime: () => (uptime += 60_000) });
  const code = await codeFor(middleware, 'kiosk-7');
  const keys = makeTerminalKeys();
  const good = await makeRequest(keys);
  const tampered = Buffer.from(good, 'base64');
  tampered[tampered.length - 3] = (tampered.at(-3) ?? 0) ^ 1;
  const secret = secretOf(code);
  for (const request of [
    '',
    'A'.repeat(200),
    tampered.toString('base64'),
    Buffer.from(good).toString('base64'),
    `${good}${good}`,
    good.slice(0, 104),
  ])
    expect([request.length, (await post(middleware, '/v1/enrolments', { terminal: 'kiosk-7', secret, request })).status]).toEqual([
      request.length,
      400,
    ]);
  for (const body of [
    {},
    { terminal: 'kiosk-7' },
    { terminal: '../x', secret, request: good },
    { terminal: 'kiosk-7', secret: 'short', request: good },
  ])
    expect((await post(middleware, '/v1/enrolments', body)).status).toBe(400);
  expect((await enrolWith(middleware, 'kiosk-7', code, keys)).status).toBe(200);
});

test('only P-256 keys, and only with the private half', async () => {
  expect(await readRequestedKey(await makeRequest(makeTerminalKeys()))).not.toBeNull();
  const wrong = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  expect(keyIdOf(wrong.publicKey)).toBeNull();
  expect(keyIdOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)).toBeNull();
  expect(keyIdOf(generateKeyPairSync('ed25519').publicKey)).toBeNull();
  const mixed = { privateKey: makeTerminalKeys().privateKey, publicKey: makeTerminalKeys().publicKey };
  expect(await readRequestedKey(await makeRequest(mixed))).toBeNull();
});

test('the thumbprint is that of RFC 7638', () => {
  const jwk = bench.keys.keySetKey;
  const expected = createHash('sha256').update(`{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`).digest('base64url');
  expect(keyIdOf(createPublicKey({ key: { ...jwk }, format: 'jwk' }))).toBe(expected);
});

test('enrolled anew: a new key, the old certificate is revoked, the doubt after a fork ends', async () => {
  const middleware = await bench.start({}, { now });
  const keys = makeTerminalKeys();
  const before = await enrolled(middleware, 'kiosk-7', keys);
  await setForked(bench.database, 'kiosk-7', clock.now);
  expect(await standingWith(middleware, before.identity)).toEqual(held);

  const code = await codeFor(middleware, 'kiosk-7');
  expect((await enrolWith(middleware, 'kiosk-7', code, keys)).status).toBe(400);
  const reply = await enrolWith(middleware, 'kiosk-7', code, makeTerminalKeys());
  expect(reply.status).toBe(200);
  const after = await enrolled(middleware, 'kiosk-7', makeTerminalKeys());
  expect(await standingWith(middleware, after.identity)).toEqual(active);
  expect(await standingWith(middleware, before.identity)).toEqual(held);
  expect(after.enrolment.operatorSecret).not.toBe(before.enrolment.operatorSecret);
  const standings = (await findKeys(bench.database, 'kiosk-7', clock.now)).map(({ standing }) => standing).sort();
  expect(standings).toEqual(['active', 'held_revoked', 'held_revoked']);
});

test('a code whose certificate was withdrawn is worth nothing, also with its key', async () => {
  const middleware = await bench.start({}, { now });
  const [code, keys] = [await codeFor(middleware, 'kiosk-7'), makeTerminalKeys()];
  expect((await enrolWith(middleware, 'kiosk-7', code, keys)).status).toBe(200);
  await enrolled(middleware, 'kiosk-7', makeTerminalKeys());
  expect((await enrolWith(middleware, 'kiosk-7', code, keys)).status).toBe(403);
});

test('revoking a terminal ends the code that waits for it', async () => {
  const middleware = await bench.start({}, { now });
  await enrolled(middleware, 'kiosk-7', makeTerminalKeys());
  const code = await codeFor(middleware, 'kiosk-7');
  expect(await revokeTerminal(bench.database, 'kiosk-7', clock.now)).toBe(true);
  expect((await enrolWith(middleware, 'kiosk-7', code, makeTerminalKeys())).status).toBe(403);
});

test('a key that another terminal has is nobody else’s', async () => {
  const middleware = await bench.start({}, { now });
  const keys = makeTerminalKeys();
  await enrolled(middleware, 'kiosk-7', keys);
  expect((await enrolWith(middleware, 'kiosk-8', await codeFor(middleware, 'kiosk-8'), keys)).status).toBe(400);
});

test('renewal: with the certificate that is still valid, for the same key or a new one', async () => {
  const middleware = await bench.start({}, { now });
  const keys = makeTerminalKeys();
  const { identity } = await enrolled(middleware, 'kiosk-7', keys);
  const renew = async (as: typeof identity, next: TerminalKeys, terminal = 'kiosk-7') =>
    await post(middleware, '/v1/certificates', { terminal, request: await makeRequest(next) }, { as });
  clock.now = new Date(Date.now() + 40 * day);
  const same = Renewal.parse(await (await renew(identity, keys)).json());
  const fresh = makeTerminalKeys();
  const next = identityOf(Renewal.parse(await (await renew(identity, fresh)).json()).certificates, fresh);
  expect((await renew(identity, fresh)).status).toBe(400);
  expect((await renew(identity, makeTerminalKeys(), 'kiosk-1')).status).toBe(403);
  expect((await renew(identity, bench.terminal.keys)).status).toBe(400);
  expect((await post(middleware, '/v1/certificates', { terminal: 'kiosk-7', request: 'A'.repeat(200) }, { as: identity })).status).toBe(
    400,
  );

  clock.now = new Date(Date.now() + 61 * day);
  expect(await standingWith(middleware, identity)).toEqual(held);
  expect((await renew(identity, makeTerminalKeys())).status).toBe(403);
  expect(await standingWith(middleware, identityOf(same.certificates, keys))).toEqual(active);
  expect(await standingWith(middleware, next)).toEqual(active);
});

test('a renewal that was under way when its terminal was enrolled anew, or revoked, gets nothing', async () => {
  const middleware = await bench.start({}, { now });
  const [, { terminalCa }] = await configure(bench.keys);
  const renewWith = async (current: TerminalKeys) => {
    const key = await readRequestedKey(await makeRequest(makeTerminalKeys()));
    if (key === null) throw new Error('a test made a request that is none');
    const order = { terminal: 'kiosk-7', key, currentKeyId: keyIdOf(current.publicKey) ?? '' };
    const renewed = await renew({ database: bench.database, terminalCa, now }, order);
    return renewed.ok ? 'renewed' : renewed.error;
  };
  const [before, after] = [makeTerminalKeys(), makeTerminalKeys()];
  await enrolled(middleware, 'kiosk-7', before);
  expect(await renewWith(before)).toBe('renewed');
  await enrolled(middleware, 'kiosk-7', after);
  expect([await renewWith(before), await renewWith(after)]).toEqual(['withdrawn', 'renewed']);
  await revokeTerminal(bench.database, 'kiosk-7', clock.now);
  expect(await renewWith(after)).toBe('withdrawn');
});

test('an identity outlives the instance that gave it', async () => {
  const first = await bench.start({}, { now });
  const { identity } = await enrolled(first, 'kiosk-7', makeTerminalKeys());
  const code = await codeFor(first, 'kiosk-8');
  await first.close();
  const second = await bench.start({}, { now, database: bench.beside() });
  expect(await standingWith(second, identity)).toEqual(active);
  expect((await enrolWith(second, 'kiosk-8', code, makeTerminalKeys())).status).toBe(200);
});

test('the database alone enrols nobody', async () => {
  const middleware = await bench.start({}, { now });
  const code = await codeFor(middleware, 'kiosk-7');
  const rows = JSON.stringify(
    await bench.database.query(`SELECT encode(secret_sha256, 'hex') AS hash, terminal, name FROM enrolment_code`),
  );
  expect(rows).not.toContain(Buffer.from(readCode(code)?.secret ?? []).toString('hex'));
});

test('who guesses is slowed down, and a terminal elsewhere is not', async () => {
  const middleware = await bench.start({ trustedProxies: ['127.0.0.1', '::1'] }, { now, uptime: () => 0 });
  const guess = async (from: string) =>
    (
      await post(
        middleware,
        '/v1/enrolments',
        { terminal: 'kiosk-7', secret: 'AAAAAAAAAAA', request: 'A'.repeat(200) },
        { headers: { 'content-type': mediaType.json, 'x-forwarded-for': from } },
      )
    ).status;
  const guesses = [];
  for (let i = 0; i < 12; i++) guesses.push(await guess('192.0.2.1'));
  expect(guesses.slice(0, 10)).toEqual(Array(10).fill(400));
  expect(guesses.slice(10)).toEqual([429, 429]);
  expect(await guess('192.0.2.2')).toBe(400);
});
