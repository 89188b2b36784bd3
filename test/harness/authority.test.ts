import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Challenge, mediaType, RevocationReply, SignInResult } from '../../contract/wire.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../../middleware/testing/harness.ts';
import { listHost, makeToken, ocspHost, toBase64 } from '../../middleware/testing/pki.ts';
import { cutDerSequence } from '../../native/eid/der.ts';
import { buildVirtualCard, type VirtualCard } from '../../native/virtual-card/control.ts';
import { type Authority, startCardAuthority } from './authority.ts';

/** The virtual cards' own certificates, their authority and the middleware: what the demo puts together. */
let built: VirtualCard;
let authority: Authority;
let bench: TestBench;
let middleware: TestMiddleware;

beforeAll(async () => {
  built = await buildVirtualCard();
  authority = await startCardAuthority(dirname(built.root));
  bench = await openTestBench();
  const instead = { [ocspHost]: authority.ocspUrl, [listHost]: authority.crlUrl };
  let uptime = 0;
  middleware = await bench.start(
    { testRoots: [built.root], revocation: { hosts: [ocspHost, listHost], instead, timeoutMs: 10_000 } },
    { uptime: () => (uptime += 10_000) },
  );
}, 120_000);
afterAll(async () => {
  await bench.close();
  await authority.close();
});

function file(persona: string, name: string): Buffer {
  return readFileSync(join(built.cards, persona, name));
}

function certificateOf(persona: string, name: string): Buffer {
  return Buffer.from(cutDerSequence(file(persona, name)) ?? expect.unreachable(`${persona} has no ${name}`));
}

async function post(path: string, body: object): Promise<unknown> {
  const init = { method: 'POST', body: JSON.stringify({ terminal: 'kiosk-1', ...body }), headers: { 'content-type': mediaType.json } };
  return await (await middleware.ask(path, init)).json();
}

async function signIn(persona: string): Promise<string> {
  const certificate = certificateOf(persona, 'auth-cert');
  const key = createPrivateKey({ key: file(persona, 'auth-key'), format: 'der', type: 'pkcs8' });
  const challenge = Challenge.parse(await post('/v1/challenges', {}));
  const token = makeToken({ certificate, key, algorithm: key.asymmetricKeyType === 'ec' ? 'p384' : 'rsa2048' }, challenge);
  const issuer = toBase64(certificateOf(persona, 'ca-cert'));
  const result = SignInResult.parse(await post('/v1/sign-ins', { nonce: challenge.nonce, token, issuer }));
  return result.status === 'accepted' ? `accepted by ${result.revocation.source}` : result.reason;
}

async function registerRevocation(persona: string): Promise<string> {
  const certificate = toBase64(certificateOf(persona, 'rn-cert'));
  return RevocationReply.parse(await post('/v1/revocations', { certificate, issuer: null })).revocation.status;
}

test('cards of both generations sign in', async () => {
  for (const persona of ['lotte', 'helene', 'amaru', 'robrecht', 'rozemarijn'])
    expect([persona, await signIn(persona)]).toEqual([persona, 'accepted by ocsp']);
});

test('revoked, expired and strange ones do not, each for its own reason', async () => {
  expect(await signIn('revoked')).toBe('revoked');
  expect(await signIn('expired')).toBe('expired');
  expect(await signIn('stranger')).toBe('certificate');
});

test('by the list as well, which is the one that the certificate names', async () => {
  authority.setMode('down', 'ocsp');
  expect(await signIn('gisela')).toBe('accepted by crl');
  // Not asked before, so not known in memory.
  const certificate = toBase64(certificateOf('revoked', 'sign-cert'));
  const issuer = toBase64(certificateOf('revoked', 'ca-cert'));
  expect(await post('/v1/revocations', { certificate, issuer })).toMatchObject({ revocation: { status: 'revoked', source: 'crl' } });
  authority.setMode('ok');
});

test('the Register’s certificates are good, of each kind of card', async () => {
  for (const persona of ['lotte', 'robrecht', 'rozemarijn'])
    expect([persona, await registerRevocation(persona)]).toEqual([persona, 'good']);
  expect(new X509Certificate(certificateOf('lotte', 'rn-cert')).ca).toBe(false);
});
