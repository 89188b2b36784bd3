import 'reflect-metadata';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeCode } from '../../../contract/enrolment.ts';
import { makeKey, makeKeySet, signKeySet } from '../../testing/fake-middleware.ts';
import { type Authority, makeAuthority, makePair } from '../../testing/tls-server.ts';
import type { AskOnce, TlsAnswer } from './enrol.ts';
import { writeIdentity } from './identity-file.ts';
import { fileKeyStore } from './key-store.ts';
import { openRegistry } from './registry.ts';

const day = 24 * 3_600_000;
const terminal = 'kiosk-9';
const setKey = makeKey('set');
const keySet = signKeySet(makeKeySet({ receipt: makeKey('r1'), bundle: makeKey('b1') }), setKey);
let folder: string;
let root: Authority;
let posted: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loket-registry-'));
  root = await makeAuthority('root');
  posted = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Its certificate began `age` days ago and is good for sixty. */
async function openEnrolled(age: number, now = new Date(), ask: AskOnce = () => Promise.reject(new Error('nobody is asked'))) {
  const from = new Date(Date.now() - age * day);
  const { key, cert } = await makePair(terminal, root, { from, until: new Date(from.getTime() + 60 * day) });
  const certificates = [new X509Certificate(cert).raw.toString('base64')];
  const rest = { root: root.pem, keySetKey: setKey.jwk, keySet, operatorSecret: 'A'.repeat(32) };
  writeIdentity(folder, { terminal, certificates, privateKey: key, ...rest }, fileKeyStore);
  return openRegistry({ folder, terminal, url: 'https://localhost', keyStore: fileKeyStore, ask, now: () => now });
}

const post = async (): Promise<TlsAnswer> => {
  posted += 1;
  return { status: 503, mediaType: '', body: '' };
};

it('asks for one certificate at a time, however often the middleware is heard', async () => {
  const registry = await openEnrolled(50);
  await Promise.all([registry.renewInTime(post), registry.renewInTime(post), registry.renewInTime(post)]);
  expect(posted).toBe(1);
  await registry.renewInTime(post);
  expect(posted).toBe(2);
});

it('goes by the middleware’s clock: its own may be years off, and would renew at each contact, or never', async () => {
  const fast = await openEnrolled(10, new Date(Date.now() + 50 * day));
  await fast.renewInTime(post, new Date());
  expect(posted).toBe(0);
  const slow = await openEnrolled(50, new Date(Date.now() - 3_650 * day));
  await slow.renewInTime(post, new Date());
  expect(posted).toBe(1);
});

/** A certificate for whatever key asks for one. */
async function certify(body: string, name = terminal): Promise<string[]> {
  x509.cryptoProvider.set(crypto);
  const request = new x509.Pkcs10CertificateRequest((JSON.parse(body) as { request: string }).request);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: root.certificate.subject,
    publicKey: await request.publicKey.export(crypto),
    signingKey: root.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  return [Buffer.from(certificate.rawData).toString('base64')];
}

const json = (value: unknown): TlsAnswer => ({ status: 200, mediaType: 'application/json', body: JSON.stringify(value) });
const enrols: AskOnce = async ({ post: asked }) =>
  asked === null
    ? { status: 200, mediaType: 'application/x-pem-file', body: root.pem }
    : json({ terminal, certificates: await certify(asked.body), keySetKey: setKey.jwk, keySet, operatorSecret: 'B'.repeat(32) });
const code = () => writeCode(new Uint8Array(8), createHash('sha256').update(new X509Certificate(root.pem).raw).digest());

it('a renewal that comes after an operator enrolled it anew takes nothing of that away', async () => {
  const registry = await openEnrolled(50, new Date(), enrols);
  const renewed = await registry.renewInTime(async (_path, _type, body) => {
    expect(await registry.enrol(code())).toMatchObject({ ok: true });
    return json({ certificates: await certify(body) });
  });
  expect([renewed, registry.current()?.operatorSecret]).toEqual([null, 'B'.repeat(32)]);
});

it('is renewed with a new key', async () => {
  const registry = await openEnrolled(50);
  const before = registry.current()?.keyId;
  const renewed = await registry.renewInTime(async (_path, _type, body) => json({ certificates: await certify(body) }));
  expect(renewed?.keyId).not.toBe(before);
  expect(registry.current()?.keyId).toBe(renewed?.keyId);
});

it('a renewal for another name, or another key, changes nothing', async () => {
  const registry = await openEnrolled(50);
  const before = registry.current()?.keyId;
  const other = await makePair(terminal, root);
  const wrong = [async (body: string) => certify(body, 'kiosk-8'), async () => [new X509Certificate(other.cert).raw.toString('base64')]];
  for (const answer of wrong) {
    expect(await registry.renewInTime(async (_path, _type, body) => json({ certificates: await answer(body) }))).toBeNull();
    expect(registry.current()?.keyId).toBe(before);
  }
});

it('an enrolment whose root is no authority is refused: anybody’s certificate could be called one', async () => {
  const leaf = await makePair(terminal, root);
  const asked: string[] = [];
  const registry = await openEnrolled(0, new Date(), async ({ path }) => {
    asked.push(path);
    return { status: 200, mediaType: 'application/x-pem-file', body: leaf.cert };
  });
  const typed = writeCode(new Uint8Array(8), createHash('sha256').update(new X509Certificate(leaf.cert).raw).digest());
  expect(await registry.enrol(typed)).toEqual({ ok: false, error: 'not_the_middleware' });
  expect(asked).toEqual(['/v1/root']);
});
