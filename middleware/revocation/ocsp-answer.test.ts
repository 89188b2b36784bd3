import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type AnswerOptions, makeOcspAnswer, type SignedHow, type Status } from '../../test/harness/authority-answers.ts';
import { type Holder, issue, makePki, type Pki } from '../testing/pki.ts';
import { keyBitsOf, nameOf } from './names.ts';
import { readOcspAnswer } from './ocsp-answer.ts';
import { makeOcspQuestion, type OcspQuestion } from './ocsp-question.ts';

// Whole seconds, as these dates are written.
const now = new Date(Math.floor(Date.now() / 1000) * 1000);
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
const dates = { from: minutes(-100_000), until: minutes(100_000) };

let pki: Pki;
let person: Holder;
let issuer: { key: X509Certificate['publicKey']; issuerName: Uint8Array };
let question: OcspQuestion;

beforeAll(async () => {
  pki = await makePki();
  person = await issue({ issuer: pki.citizens, name: 'Proef Persoon' });
  ({ issuer, question } = askAbout(person, pki.citizens));
});

function askAbout(holder: Holder, by: Holder) {
  const name = nameOf(new X509Certificate(holder.certificate));
  if (name === null) throw new Error('no name');
  const key = new X509Certificate(by.certificate).publicKey;
  return { issuer: { key, issuerName: name.issuerName }, question: makeOcspQuestion({ ...name, keyBits: keyBitsOf(key) }) };
}

function answer(changes: Partial<AnswerOptions> & { status?: Status } = {}) {
  const { status = 'good', ...rest } = changes;
  const about = [{ certId: question.certId, status }];
  return makeOcspAnswer({ about, thisUpdate: minutes(-1), nextUpdate: minutes(60), nonce: question.nonce, signer: pki.citizens, ...rest });
}

function read(bytes: Uint8Array, asked = question) {
  const result = readOcspAnswer(bytes, asked, issuer, now);
  return result.ok ? result.value.status : result.error;
}

test('what the issuer says itself is believed, with the time at which it was true', () => {
  for (const status of ['good', 'revoked', 'unknown'] as const) expect(read(answer({ status }))).toBe(status);
  expect(readOcspAnswer(answer(), question, issuer, now)).toMatchObject({ ok: true, value: { thisUpdate: minutes(-1) } });
});

test('an issuer with an RSA key is believed too', async () => {
  const rsa = await makePki('rsa2048');
  const asked = askAbout(await issue({ issuer: rsa.citizens }), rsa.citizens);
  const about = [{ certId: asked.question.certId, status: 'good' as const }];
  const bytes = makeOcspAnswer({ about, thisUpdate: now, nextUpdate: null, signer: rsa.citizens });
  expect(readOcspAnswer(bytes, asked.question, asked.issuer, now)).toMatchObject({ ok: true, value: { status: 'good' } });
});

test('a responder to whom the issuer gave a certificate for that is believed', async () => {
  const responder = await issue({ issuer: pki.citizens, usage: 'ocsp', name: 'Loket proof responder', ...dates });
  expect(read(answer({ signer: responder, certificates: [responder.certificate] }))).toBe('good');
  expect(read(answer({ signer: responder, certificates: [pki.root.certificate, responder.certificate] }))).toBe('good');
  // Without its certificate nobody knows whose signature that is.
  expect(read(answer({ signer: responder }))).toBe('not_signed');
});

test('nobody else is: no responder of another issuer, no citizen, no expired responder, nobody with a certificate of his own', async () => {
  const other = await issue({ usage: 'ca', issuer: pki.root, name: 'Loket proof other CA' });
  // A CA with the issuer's very name and another key.
  const namesake = await issue({ usage: 'ca', name: pki.citizens.name });
  const impostors = [
    pki.root,
    await issue({ issuer: other, usage: 'ocsp' }),
    await issue({ issuer: namesake, usage: 'ocsp' }),
    await issue({ issuer: pki.citizens, usage: 'authentication' }),
    await issue({ issuer: pki.citizens, usage: 'ocsp', from: minutes(-1000), until: minutes(-1) }),
    await issue({ issuer: pki.citizens, usage: 'ocsp', from: minutes(1), until: minutes(1000) }),
    await issue({ usage: 'ocsp' }),
    // Signed by the issuer's key: for certificates alone, or under another of its names.
    await issue({ issuer: pki.citizens, usage: 'ocsp', keyUsage: 'ca' }),
    await issue({ issuer: { ...pki.citizens, name: 'Loket proof other name' }, usage: 'ocsp' }),
  ];
  for (const signer of impostors) expect(read(answer({ signer, certificates: [signer.certificate] }))).toBe('not_signed');
});

test('a changed byte in what is signed is not believed', () => {
  const bytes = Buffer.from(answer({ status: 'revoked' }));
  const good = Buffer.from(answer({ status: 'good' }));
  expect(read(Buffer.concat([bytes.subarray(0, 60), good.subarray(60, 70), bytes.subarray(70)]))).not.toBe('good');
});

test('an answer to another question is none: another person, another issuer, another nonce, two answers at once', async () => {
  const other = await issue({ issuer: pki.citizens, name: 'Proef Ander' });
  const { certId } = askAbout(other, pki.citizens).question;
  expect(read(answer({ about: [{ certId, status: 'good' }] }))).toBe('other_question');
  const { certId: twin } = askAbout(await issue({ issuer: pki.root, serial: person.serial }), pki.root).question;
  expect(read(answer({ about: [{ certId: twin, status: 'good' }] }))).toBe('other_question');
  expect(read(answer({ nonce: askAbout(person, pki.citizens).question.nonce }))).toBe('other_question');
  const both = ['good', 'revoked'] as const;
  expect(read(answer({ about: both.map((status) => ({ certId: question.certId, status })) }))).toBe('other_question');
  // Beside an answer about somebody else, ours is still ours.
  expect(
    read(
      answer({
        about: [
          { certId, status: 'revoked' },
          { certId: question.certId, status: 'good' },
        ],
      }),
    ),
  ).toBe('good');
});

test('a responder may leave the nonce out: then its dates speak', () => {
  expect(read(answer({ nonce: undefined }))).toBe('good');
  expect(read(answer({ nonce: undefined, thisUpdate: minutes(-200), nextUpdate: minutes(-100) }))).toBe('not_current');
});

test('dates: five minutes of difference between clocks are forgiven, no more', () => {
  const at = (from: number, until: number | null) =>
    read(answer({ thisUpdate: minutes(from), nextUpdate: until === null ? null : minutes(until) }));
  expect([at(4, 60), at(6, 60)]).toEqual(['good', 'not_current']);
  expect([at(-60, -4), at(-60, -6)]).toEqual(['good', 'not_current']);
  // Without `nextUpdate`: a quarter of an hour.
  expect([at(-19, null), at(-21, null)]).toEqual(['good', 'not_current']);
  expect(at(0, -1000)).toBe('not_current');
  // Over before it began, each within what is forgiven.
  expect(at(4, -4)).toBe('not_current');
});

test('an answer that says something critical which nobody here knows is not used', () => {
  const extra = (critical: boolean) => [{ oid: '1.2.3.4', critical, value: Uint8Array.of(5, 0) }];
  expect([read(answer({ extensions: extra(true) })), read(answer({ singleExtensions: extra(true) }))]).toEqual([
    'unreadable',
    'unreadable',
  ]);
  expect([read(answer({ extensions: extra(false) })), read(answer({ singleExtensions: extra(false) }))]).toEqual(['good', 'good']);
});

test('a signature over SHA-1 is not believed, of whoever it is', async () => {
  const rsa = await makePki('rsa2048');
  const asked = askAbout(await issue({ issuer: rsa.citizens }), rsa.citizens);
  const about = [{ certId: asked.question.certId, status: 'good' as const }];
  const signed = (how: SignedHow) => makeOcspAnswer({ about, thisUpdate: now, nextUpdate: null, signer: rsa.citizens, how });
  const judge = (bytes: Uint8Array) => readOcspAnswer(bytes, asked.question, asked.issuer, now);
  expect(judge(signed({ oid: '1.2.840.113549.1.1.12', hash: 'sha384' }))).toMatchObject({ ok: true });
  expect(judge(signed({ oid: '1.2.840.113549.1.1.5', hash: 'sha1' }))).toEqual({ ok: false, error: 'not_signed' });
});

test('what is no answer: the responder declines, or it is not OCSP at all', () => {
  // OCSPResponse { tryLater } (RFC 6960, 4.2.1).
  expect(read(Buffer.from('30030a0103', 'hex'))).toBe('no_answer_in_it');
  expect(read(Buffer.from('30030a0100', 'hex'))).toBe('no_answer_in_it');
  expect(read(answer({ responseStatus: 3 }))).toBe('no_answer_in_it');
  for (const text of ['', '<html>Welkom op onze gratis wifi</html>', '0'.repeat(30_000)])
    expect(read(Buffer.from(text))).toBe('unreadable');
  // 10,000 levels deep.
  expect(read(Buffer.concat([...Array<Buffer>(10_000).fill(Buffer.of(0x30, 0x80))]))).toBe('unreadable');
});

test('hostile bytes: never an exception, and never "good"', () => {
  const valid = Buffer.from(answer({ status: 'revoked' }));
  const change = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(change, fc.nat(valid.length), (changes, cut) => {
      const bytes = Buffer.from(valid);
      for (const [at, value] of changes) bytes[at] = value;
      expect(read(bytes)).not.toBe('good');
      expect(read(bytes.subarray(0, cut))).not.toBe('good');
    }),
    { numRuns: 400 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(['unreadable', 'no_answer_in_it']).toContain(read(bytes));
    }),
    { numRuns: 300 },
  );
});

test.skipIf(spawnSync('openssl', ['version']).status !== 0)('OpenSSL understands our question, and we understand its answer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loket-ocsp-'));
  try {
    const path = (name: string) => join(folder, name);
    writeFileSync(path('ca.pem'), pki.citizens.pem);
    writeFileSync(path('ca.key'), pki.citizens.key.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(path('question'), question.der);
    // V: valid, R: revoked; then expiry, revocation, serial, file, subject.
    const index = (state: string) =>
      `${state}\t361231235959Z\t${state === 'R' ? '261101000000Z' : ''}\t${person.serial.toUpperCase()}\tunknown\t/CN=x\n`;
    for (const [state, status] of [
      ['V', 'good'],
      ['R', 'revoked'],
    ] as const) {
      writeFileSync(path('index'), index(state));
      const files = ['-index', path('index'), '-CA', path('ca.pem'), '-rsigner', path('ca.pem'), '-rkey', path('ca.key')];
      execFileSync('openssl', ['ocsp', ...files, '-reqin', path('question'), '-respout', path('answer'), '-ndays', '1'], { stdio: 'pipe' });
      const result = readOcspAnswer(readFileSync(path('answer')), question, issuer, new Date());
      expect(result).toMatchObject({ ok: true, value: { status } });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
