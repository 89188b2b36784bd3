import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { mediaType } from '../../contract/wire.ts';
import { makeDemoKeys } from '../demo-keys.ts';
import { prepareTerminalCa, type TerminalCa } from '../enrolment/terminal-ca.ts';
import { enrolDirectly, toPem } from '../testing/enrolled.ts';
import { createFakeTerminal, type FakeTerminal, makeTerminalKeys } from '../testing/fake-terminal.ts';
import { configure, openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { revokeTerminal } from './manage.ts';
import { findKeys, setForked } from './terminals.ts';

let bench: TestBench;
let terminal: FakeTerminal;
const clock = { now: new Date() };
const now = () => clock.now;
const day = 86_400_000;

beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(async () => {
  clock.now = new Date();
  await bench.empty();
});
afterAll(() => bench.close());

/** A new terminal in good standing for each test. */
async function start(): Promise<TestMiddleware> {
  terminal = createFakeTerminal('kiosk-5', bench.keys.sealKey);
  await bench.enrol(terminal);
  return await bench.start({}, { now });
}

type Who = NonNullable<Parameters<TestMiddleware['ask']>[1]>['as'];

const asked = {
  challenges: { terminal: 'kiosk-5' },
  'sign-ins': { terminal: 'kiosk-5' },
  revocations: { terminal: 'kiosk-5' },
  certificates: { terminal: 'kiosk-5' },
  losses: { terminal: 'kiosk-5' },
};

/** Status of every route that is for terminals. Bodies are incomplete: 400 says that the door was open. */
async function knock(middleware: TestMiddleware, as: Who): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for (const [name, body] of Object.entries(asked)) {
    const init = { method: 'POST', headers: { 'content-type': mediaType.json }, body: JSON.stringify(body) };
    statuses[name] = (await middleware.ask(`/v1/${name}`, { ...init, as: as ?? null })).status;
  }
  for (const name of ['keys', 'changes', 'line', 'blobs/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])
    statuses[name.split('/')[0] ?? name] = (await middleware.ask(`/v1/${name}`, { as: as ?? null })).status;
  const init = { method: 'POST', headers: { 'content-type': mediaType.batch }, body: '{}' };
  statuses.transactions = (await middleware.ask('/v1/transactions', { ...init, as: as ?? null })).status;
  return statuses;
}

const stranger = Object.fromEntries([...Object.keys(asked), 'keys', 'changes', 'line', 'blobs', 'transactions'].map((name) => [name, 401]));
const active = {
  challenges: 200,
  'sign-ins': 400,
  revocations: 400,
  certificates: 400,
  losses: 400,
  keys: 200,
  changes: 200,
  line: 200,
  blobs: 404,
  transactions: 422,
};
const held = { ...active, challenges: 403, 'sign-ins': 403, revocations: 403, certificates: 403, changes: 403, blobs: 403 };

test('an enrolled terminal is let in everywhere, nobody without a certificate anywhere', async () => {
  const middleware = await start();
  expect(await knock(middleware, terminal)).toEqual(active);
  expect(await knock(middleware, null)).toEqual(stranger);
  for (const path of ['/v1/health', '/v1/root', '/v1/tickets/KOR-7777-7777'])
    expect((await middleware.ask(path, { as: null })).status).toBe(200);
});

async function forgetCertificates(): Promise<void> {
  await bench.database.query(`DELETE FROM enrolment_code WHERE terminal = 'kiosk-5'`);
  await bench.database.query(`DELETE FROM terminal_certificate WHERE terminal = 'kiosk-5'`);
}

async function forge(ca: TerminalCa, keys = makeTerminalKeys()) {
  const certificate = await ca.issue({
    terminal: 'kiosk-5',
    publicKey: keys.publicKey,
    from: new Date(Date.now() - day),
    until: new Date(Date.now() + day),
  });
  return { key: toPem(keys.privateKey), cert: certificate.toString() };
}

test('a certificate of another CA with the same names is nobody’s', async () => {
  const middleware = await start();
  const other = await makeDemoKeys(`${bench.folder}/other`);
  const ca = await prepareTerminalCa({ key: other.terminalCa.key.pem, cert: other.terminalCa.certificate.pem });
  expect(ca.certificate.subject).toBe(new X509Certificate(bench.keys.terminalCa.certificate.pem).subject);
  expect(await knock(middleware, await forge(ca))).toEqual(stranger);
  // Around the terminal's own key.
  expect(await knock(middleware, await forge(ca, terminal.keys))).toEqual(stranger);
});

test('a terminal that writes another’s name into its certificate is nobody', async () => {
  const middleware = await start();
  const other = createFakeTerminal('kiosk-6', bench.keys.sealKey);
  const own = new X509Certificate((await bench.enrol(other)).cert);
  const changed = Buffer.from(own.raw.toString('latin1').replace('kiosk-6', 'kiosk-5'), 'latin1');
  const cert = new X509Certificate(changed).toString();
  expect(new X509Certificate(cert).subject).toBe('CN=kiosk-5');
  expect(await knock(middleware, { key: toPem(other.keys.privateKey), cert })).toEqual(stranger);
});

test('a copied certificate without its key makes no connection', async () => {
  const middleware = await start();
  const { cert } = await bench.enrol(createFakeTerminal('kiosk-6', bench.keys.sealKey));
  const thief = new Agent({ connect: { ca: bench.keys.tls.root.pem, cert, key: toPem(makeTerminalKeys().privateKey) } });
  await expect(fetch(`${middleware.url}/v1/keys`, { dispatcher: thief })).rejects.toThrow();
  await thief.close();
});

test('a terminal speaks for itself alone', async () => {
  const middleware = await start();
  const init = { method: 'POST', headers: { 'content-type': mediaType.json }, body: JSON.stringify({ terminal: 'kiosk-1' }) };
  const reply = await middleware.ask('/v1/challenges', { ...init, as: terminal });
  expect([reply.status, await reply.json()]).toMatchObject([403, { type: 'urn:loket:problem:unknown-terminal' }]);
});

test('revoked, expired, forked: it delivers, states losses, asks about the line and gets keys, and nothing else', async () => {
  const middleware = await start();
  const standing = async () => ((await (await middleware.ask('/v1/line', { as: terminal })).json()) as { standing: string }).standing;
  expect(await standing()).toBe('active');

  await setForked(bench.database, 'kiosk-5', clock.now);
  expect([await standing(), await knock(middleware, terminal)]).toEqual(['held_forked', held]);

  expect(await revokeTerminal(bench.database, 'kiosk-5', clock.now)).toBe(true);
  expect([await standing(), await knock(middleware, terminal)]).toEqual(['held_revoked', held]);
  await setForked(bench.database, 'kiosk-5', clock.now);
  expect(await standing()).toBe('held_revoked');
  expect(await revokeTerminal(bench.database, 'nobody', clock.now)).toBe(false);
});

test('expired: from the moment that the certificate says, by this clock', async () => {
  const middleware = await start();
  // Those of other tests are revoked, and may have been issued in the same second.
  const standings = async () => (await findKeys(bench.database, 'kiosk-5', clock.now)).map(({ standing }) => standing);
  expect(await standings()).toContain('active');
  clock.now = new Date(Date.now() + 59 * day);
  expect(await knock(middleware, terminal)).toEqual(active);
  clock.now = new Date(Date.now() + 61 * day);
  expect(await knock(middleware, terminal)).toEqual(held);
  expect(await standings()).not.toContain('active');
  expect(await standings()).toContain('held_expired');
});

test('what was issued after the backup that was put back is known again by its signature', async () => {
  const middleware = await start();
  await forgetCertificates();
  expect(await knock(middleware, terminal)).toEqual(active);
  expect(await findKeys(bench.database, 'kiosk-5', clock.now)).toHaveLength(1);
  // The terminal itself is younger than the backup: it may deliver, and is enrolled anew.
  await forgetCertificates();
  await bench.database.query(`DELETE FROM terminal WHERE terminal = 'kiosk-5'`);
  expect(await knock(middleware, terminal)).toEqual(held);
  await bench.enrol(createFakeTerminal('kiosk-5', bench.keys.sealKey));
  expect(await knock(middleware, terminal)).toEqual(held);
});

test('a copy that shows what a restored database forgot comes too late when its terminal was enrolled anew meanwhile', async () => {
  const middleware = await start();
  await forgetCertificates();
  const [, keys] = await configure(bench.keys);
  const later = () => new Date(clock.now.getTime() + 3_600_000);
  const anew = createFakeTerminal('kiosk-5', bench.keys.sealKey);
  const identity = await enrolDirectly({ database: bench.database, keys, now: later }, anew);
  expect(await knock(middleware, terminal)).toEqual(held);
  expect(await knock(middleware, identity)).toEqual(active);
});

test('a certificate of our own CA that names no terminal is nobody’s', async () => {
  const middleware = await start();
  const ca = await prepareTerminalCa({ key: bench.keys.terminalCa.key.pem, cert: bench.keys.terminalCa.certificate.pem });
  const keys = makeTerminalKeys();
  const odd = await ca.issue({
    terminal: 'Kiosk 5, O=else',
    publicKey: keys.publicKey,
    from: new Date(Date.now() - day),
    until: new Date(Date.now() + day),
  });
  expect(await knock(middleware, { key: toPem(keys.privateKey), cert: odd.toString() })).toEqual(stranger);
  expect((await bench.database.query('SELECT terminal FROM terminal')).map((row) => row.terminal)).not.toContain('Kiosk 5, O=else');
});

test('every key that a terminal had is found, each with what it is worth', async () => {
  await start();
  const before = terminal.keys.publicKey;
  const after = createFakeTerminal('kiosk-5', bench.keys.sealKey);
  await bench.enrol(after);
  const keys = await findKeys(bench.database, 'kiosk-5', clock.now);
  expect(keys.find(({ publicKey }) => publicKey.equals(before))?.standing).toBe('held_revoked');
  expect(keys.find(({ publicKey }) => publicKey.equals(after.keys.publicKey))?.standing).toBe('active');
  expect(await findKeys(bench.database, 'nobody', clock.now)).toEqual([]);
});

test('a CA whose halves do not belong together, or that is none, is no CA', async () => {
  const { terminalCa, tls } = bench.keys;
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  await expect(prepareTerminalCa({ key: toPem(other), cert: terminalCa.certificate.pem })).rejects.toThrow();
  await expect(prepareTerminalCa({ key: tls.key.pem, cert: tls.certificate.pem })).rejects.toThrow();
});
