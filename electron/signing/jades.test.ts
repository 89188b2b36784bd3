import fc from 'fast-check';
import { flattenedVerify, importX509 } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { SignedDocument } from '../../contract/evidence.ts';
import { hashFor } from '../../native/eid/signature.ts';
import { signingInput } from '../../native/eid/signed/jws.ts';
import { verifyJades } from '../../native/eid/signed/verify-jades.ts';
import { type FakeCitizen, makeFakeCitizen, makeOtherCertificate } from '../testing/fake-citizen.ts';
import { signText, trust, unwrap } from '../testing/fake-signing.ts';
import { mutationsOf } from '../testing/mutations.ts';
import { sampleRequest } from '../testing/sample-request.ts';
import { prepareJades } from './jades.ts';
import { makeRequestText } from './request-text.ts';

const payload = new TextEncoder().encode(makeRequestText(sampleRequest));

function judge(citizen: FakeCitizen, jws: string, bytes: Uint8Array = payload, trusted = trust(citizen)): string {
  const proven = verifyJades(jws, bytes, trusted);
  return proven.ok ? 'proven' : proven.error;
}

function bytesOf(jws: string): Buffer {
  return Buffer.from(jws.split('.')[2] ?? '', 'base64url');
}

function headerOf(jws: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString('utf8'));
}

describe.each(['ES384', 'RS256'] as const)('a text signed with %s', (algorithm) => {
  let citizen: FakeCitizen;
  let jws: string;
  beforeAll(async () => {
    citizen = await makeFakeCitizen({ algorithm });
    jws = signText(citizen, payload);
  });

  test('is proven to be signed, by whom and when', () => {
    const proven = unwrap(verifyJades(jws, payload, trust(citizen)));
    expect(new Uint8Array(proven.certificate.raw)).toEqual(citizen.certificate);
    expect(proven.claimedAt).toEqual(sampleRequest.date);
  });

  test('another library takes the signature', async () => {
    const [header = '', , signature = ''] = jws.split('.');
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(citizen.certificate).toString('base64')}\n-----END CERTIFICATE-----`;
    const key = await importX509(pem, algorithm);
    const verified = await flattenedVerify({ protected: header, payload: Buffer.from(payload).toString('base64url'), signature }, key);
    expect(new Uint8Array(verified.payload)).toEqual(payload);
  });

  test('carries the headers of JAdES B-B and no others', () => {
    expect(Object.keys(headerOf(jws))).toEqual(['alg', 'cty', 'iat', 'x5t#S256', 'x5c']);
    expect(headerOf(jws)).toMatchObject({ alg: algorithm, cty: 'text/plain;charset=utf-8', iat: sampleRequest.date.getTime() / 1000 });
    expect(headerOf(jws).x5c).toEqual([citizen.certificate, citizen.issuer].map((der) => Buffer.from(der).toString('base64')));
  });

  test('travels as evidence', () => {
    const document = { format: 'jades', jws, payload: Buffer.from(payload).toString('base64') };
    expect(SignedDocument.parse(document)).toEqual(document);
  });
});

describe('nothing is given out', () => {
  test('when the card signed something else, or there is no certificate, or too long a one', async () => {
    const citizen = await makeFakeCitizen();
    const at = sampleRequest.date;
    const prepared = unwrap(prepareJades({ payload, ...citizen, at }));
    for (const signature of [new Uint8Array(96), new Uint8Array(0), citizen.sign(new Uint8Array(48))]) {
      expect(prepared.finish(signature)).toEqual({ ok: false, error: 'does_not_verify' });
    }
    expect(prepareJades({ payload, ...citizen, certificate: new Uint8Array(5), at })).toEqual({ ok: false, error: 'certificate' });
    const long = await makeFakeCitizen({ padding: 14_000 });
    expect(prepareJades({ payload, ...long, at })).toEqual({ ok: false, error: 'does_not_fit' });
  });
});

describe('what is refused', () => {
  let citizen: FakeCitizen;
  let jws: string;
  beforeAll(async () => {
    citizen = await makeFakeCitizen();
    jws = signText(citizen, payload);
  });

  /** Whoever holds the key may sign any header; what it says must still be right. */
  const signHeader = (text: string) => {
    const header = Buffer.from(text, 'utf8').toString('base64url');
    const signature = citizen.sign(hashFor('ES384', signingInput(header, payload)));
    return `${header}..${Buffer.from(signature).toString('base64url')}`;
  };

  test('another text', () => {
    expect(judge(citizen, jws, new Uint8Array([...payload, 10]))).toBe('altered');
    expect(judge(citizen, jws, payload.subarray(1))).toBe('altered');
    expect(judge(citizen, jws, new Uint8Array())).toBe('altered');
  });

  test('the signature of another text', () => {
    const other = signText(citizen, new TextEncoder().encode('Iets anders'));
    expect(judge(citizen, `${jws.split('.')[0]}..${other.split('.')[2]}`)).toBe('altered');
  });

  test('a payload inside the JWS: the text beside it would not be the signed one', () => {
    const [header, , signature] = jws.split('.');
    expect(judge(citizen, `${header}.${Buffer.from(payload).toString('base64url')}.${signature}`)).toBe('unreadable');
  });

  test('a header that says something else, though the key signed it', () => {
    const header = headerOf(jws);
    const own = Buffer.from(citizen.certificate).toString('base64');
    const lies: [string, Record<string, unknown>][] = [
      ['another algorithm', { ...header, alg: 'ES256' }],
      ['no algorithm', { ...header, alg: 'none' }],
      ['something critical', { ...header, crit: ['b64'], b64: false }],
      ['one name more', { ...header, kid: 'x' }],
      ['another thumbprint', { ...header, 'x5t#S256': 'A'.repeat(43) }],
      ['another kind of content', { ...header, cty: 'json' }],
      ['a time that is none', { ...header, iat: 1.5 }],
      ['one certificate', { ...header, x5c: [own] }],
      ['certificates the wrong way round', { ...header, x5c: [...(header.x5c as string[])].reverse() }],
      ['a certificate with more behind it', { ...header, x5c: [`${own.slice(0, -4)}AAAA`, (header.x5c as string[])[1]] }],
      ['an old-style time', { alg: header.alg, cty: header.cty, sigT: '2026-06-15T10:00:00Z', x5c: header.x5c }],
    ];
    for (const [lie, said] of lies) expect(judge(citizen, signHeader(JSON.stringify(said))), lie).toBe('unreadable');
    expect(judge(citizen, signHeader(JSON.stringify(header, null, 1)))).toBe('unreadable');
    expect(judge(citizen, signHeader(JSON.stringify(header)))).toBe('proven');
  });

  test('another certificate for the same key', async () => {
    const other = signText({ ...citizen, certificate: await makeOtherCertificate(citizen) }, payload);
    expect(judge(citizen, `${other.split('.')[0]}..${jws.split('.')[2]}`)).toBe('altered');
  });

  test('a key for signing in, a foreign root, a certificate that is over', async () => {
    const wrong = await makeFakeCitizen({ use: 'authentication' });
    expect(judge(wrong, signText(wrong, payload))).toBe('wrong_usage');
    expect(judge(citizen, signText(wrong, payload))).toBe('issuer_unknown');
    const early = await makeFakeCitizen({ until: '2026-06-15T12:00:00Z' });
    expect(judge(early, signText(early, payload))).toBe('expired');
  });

  test('the same signature in other letters', async () => {
    const rsa = await makeFakeCitizen({ algorithm: 'RS256' });
    const plain = signText(rsa, payload);
    // 256 bytes leave four bits of the last letter over: sixteen letters there mean the same bytes.
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const same = [...letters].map((letter) => plain.slice(0, -1) + letter).filter((each) => bytesOf(each).equals(bytesOf(plain)));
    expect(same).toHaveLength(16);
    expect(same.filter((each) => judge(rsa, each) === 'proven')).toEqual([plain]);
    for (const other of [`${plain}=`, `${plain} `, `${plain}\n`]) expect(judge(rsa, other)).toBe('unreadable');
  });

  test('a JWS beyond all measure', () => {
    expect(judge(citizen, `${jws}${'A'.repeat(20_000)}`)).toBe('unreadable');
  });

  test('any change, and nothing throws', () => {
    const bytes = new TextEncoder().encode(jws);
    const mutants = mutationsOf(bytes, [0, bytes.length - 1]).map((mutant) => Buffer.from(mutant).toString('latin1'));
    fc.assert(
      fc.property(mutants, (mutant) => judge(citizen, mutant) !== 'proven'),
      { numRuns: 400 },
    );
    fc.assert(fc.property(mutationsOf(payload, [0, payload.length - 1]), (mutant) => judge(citizen, jws, mutant) === 'altered'));
    fc.assert(fc.property(fc.string({ maxLength: 500 }), (text) => judge(citizen, text) === 'unreadable'));
    fc.assert(
      fc.property(fc.json(), (text) => judge(citizen, signHeader(text)) === 'unreadable'),
      { numRuns: 20 },
    );
  }, 120_000);
});
