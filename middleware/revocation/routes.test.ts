import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { mediaType, Problem, RevocationReply } from '../../contract/wire.ts';
import { type Authority, startAuthority } from '../../test/harness/authority.ts';
import type { MiddlewareParts } from '../server.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { type Holder, issue, listHost, listName, makePki, ocspHost, type Pki, toBase64 } from '../testing/pki.ts';

let bench: TestBench;
let pki: Pki;
let authority: Authority;
let middleware: TestMiddleware;

beforeAll(async () => {
  bench = await openTestBench();
  pki = await makePki();
}, 60_000);
beforeEach(async () => {
  authority = await startAuthority({ issuers: [pki.root, pki.citizens].map((each) => ({ ...each, name: listName(each) })) });
  let uptime = 0;
  middleware = await open({ uptime: () => (uptime += 10_000) });
});
afterEach(async () => {
  await bench.empty();
  await authority.close();
});
afterAll(() => bench.close());

async function open(parts: Partial<MiddlewareParts>): Promise<TestMiddleware> {
  const instead = { [ocspHost]: authority.ocspUrl, [listHost]: authority.crlUrl };
  return await bench.start({ testRoots: [pki.root.pem], revocation: { hosts: [ocspHost, listHost], instead, timeoutMs: 10_000 } }, parts);
}

async function ask(certificate: string, issuer: string | null, at = middleware): Promise<string> {
  const body = JSON.stringify({ terminal: 'kiosk-1', certificate, issuer });
  const response = await at.ask('/v1/revocations', { method: 'POST', body, headers: { 'content-type': mediaType.json } });
  const answer: unknown = await response.json();
  if (response.status !== 200) return `${response.status} ${Problem.parse(answer).type.replace('urn:loket:problem:', '')}`;
  return RevocationReply.parse(answer).revocation.status;
}

const about = (holder: Holder, issuer: Holder | null) =>
  ask(toBase64(holder.certificate), issuer === null ? null : toBase64(issuer.certificate));

test('the Register’s certificate needs no issuer: a pinned root is', async () => {
  expect(await about(pki.register, null)).toBe('good');
  authority.setMode('down');
  // Known since a moment ago.
  expect(await about(pki.register, pki.root)).toBe('good');
});

test('a citizen’s certificate, of either use, with the CA that issued it', async () => {
  expect(await about(await issue({ issuer: pki.citizens }), pki.citizens)).toBe('good');
  const signature = await issue({ issuer: pki.citizens, usage: 'signature' });
  authority.setRevoked([signature.serial]);
  expect(await about(signature, pki.citizens)).toBe('revoked');
});

test('nobody to ask: unchecked, which is an answer', async () => {
  authority.setMode('down');
  expect(await about(pki.register, null)).toBe('unchecked');
});

test('nothing is asked for a certificate that no pinned root stands behind', async () => {
  const strangers = await makePki();
  const unknown = '422 unknown-certificate';
  expect(await about(strangers.register, null)).toBe(unknown);
  expect(await about(strangers.register, strangers.root)).toBe(unknown);
  expect(await about(await issue({ issuer: strangers.citizens }), strangers.citizens)).toBe(unknown);
  expect(await about(await issue({ issuer: strangers.citizens }), pki.citizens)).toBe(unknown);
  expect(await about(await issue({ issuer: pki.citizens }), null)).toBe(unknown);
  expect(await about(await issue({ issuer: pki.root, usage: 'register', until: new Date(Date.now() - 1000) }), null)).toBe(unknown);
  // The root itself: its key's owner could say anything of it.
  expect(await about(pki.root, null)).toBe(unknown);
  expect(authority.asked()).toEqual({ ocsp: 0, crl: 0 });
});

test('a middleware that was not told of the test root asks nothing about its cards', async () => {
  const revocation = { hosts: [ocspHost], instead: { [ocspHost]: authority.ocspUrl }, timeoutMs: 10_000 };
  await bench.empty();
  const product = await bench.start({ demo: false, revocation });
  expect(await ask(toBase64(pki.register.certificate), null, product)).toBe('422 unknown-certificate');
});

test('hostile certificates, as issuers too: always an answer, and nobody is asked about them', async () => {
  const citizen = await issue({ issuer: pki.citizens });
  const changed = ({ certificate }: Holder) =>
    fc.array(fc.tuple(fc.nat(certificate.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }).map((changes) => {
      const bytes = Buffer.from(certificate);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
  const random = fc.uint8Array({ minLength: 100, maxLength: 3000 });
  const hostile = fc.oneof(
    fc.oneof(changed(pki.register), random).map((bytes): [Uint8Array, Uint8Array | null] => [bytes, null]),
    changed(citizen).map((bytes): [Uint8Array, Uint8Array | null] => [bytes, pki.citizens.certificate]),
    fc.oneof(changed(pki.citizens), random).map((bytes): [Uint8Array, Uint8Array | null] => [citizen.certificate, bytes]),
  );
  const known = [pki.register, citizen, pki.citizens].map(({ certificate }) => toBase64(certificate));
  await fc.assert(
    fc.asyncProperty(hostile, async ([certificate, issuer]) => {
      const given = [toBase64(certificate), issuer === null ? null : toBase64(issuer)] as const;
      // A change may have put the byte that was there.
      fc.pre(!given.every((each) => each === null || known.includes(each)));
      expect(await ask(...given)).toBe('422 unknown-certificate');
    }),
    { numRuns: 60 },
  );
  expect(authority.asked()).toEqual({ ocsp: 0, crl: 0 });
});

test('too large, too often, not JSON', async () => {
  expect(await ask('A'.repeat(40_000), null)).toBe('413 too-large');
  expect(await ask('A'.repeat(8004), null)).toBe('400 bad-request');
  expect(await ask('AAAA', null)).toBe('400 bad-request');
  const paced = await open({ uptime: () => 0 });
  const answers = [];
  for (let i = 0; i < 11; i++) answers.push(await ask(toBase64(pki.register.certificate), null, paced));
  expect(answers.at(9)).toBe('good');
  expect(answers.at(10)).toBe('429 too-many');
});
