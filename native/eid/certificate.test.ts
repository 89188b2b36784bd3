import 'reflect-metadata';
import { AuthorityInfoAccessExtension, CRLDistributionPointsExtension, Extension } from '@peculiar/x509';
import { expect, test } from 'vitest';
import { belongsTo, crlUrls, ocspUrls, parseCertificate, readDetails, webEidAlgorithm } from './certificate.ts';
import { type ChainOptions, makeSampleChain } from './fixtures/sample-chain.ts';
import { specimenNationalNumber, tokenVectors } from './fixtures/web-eid-vectors.ts';

const read = (der: Buffer) => {
  const certificate = parseCertificate(der);
  if (certificate === null) throw new Error('no certificate');
  return certificate;
};
const made = async (options: ChainOptions) => read((await makeSampleChain(options)).certificate);
const withExtensions = (...extensions: Extension[]) => made({ citizen: { extensions } });

test.each(tokenVectors)('the $algorithm certificate of a Belgian test card', ({ algorithm, unverifiedCertificate }) => {
  const certificate = read(Buffer.from(unverifiedCertificate, 'base64'));
  expect(readDetails(certificate)).toEqual({
    ca: false,
    keyUsage: new Set(['digitalSignature']),
    purposes: ['1.3.6.1.5.5.7.3.2'],
    unknownCritical: false,
    signedWith: '1.2.840.10045.4.3.3',
    subjectNumber: specimenNationalNumber,
    ocspUrls: ['http://eiddevcards.zetescards.be:8888'],
    crlUrls: ['http://eiddevcards.zetescards.be/crl/citizencaEC.crl'],
  });
  expect(webEidAlgorithm(certificate)).toBe(algorithm);
});

test('only http and https addresses are told', async () => {
  const access = { ocsp: ['http://ocsp.loket.invalid/', 'ldap://ocsp.loket.invalid/', 'file:///etc/passwd', `http://${'a'.repeat(501)}`] };
  const lists = [
    'http://crl.loket.invalid/a.crl',
    'javascript:alert(1)',
    'https://crl.loket.invalid/b.crl',
    'http://crl.loket.invalid/a b',
  ];
  const certificate = await withExtensions(new AuthorityInfoAccessExtension(access), new CRLDistributionPointsExtension(lists));
  expect(ocspUrls(certificate)).toEqual(['http://ocsp.loket.invalid/']);
  expect(crlUrls(certificate)).toEqual(['http://crl.loket.invalid/a.crl', 'https://crl.loket.invalid/b.crl']);
  expect(ocspUrls(await made({}))).toEqual([]);
  expect(crlUrls(await made({}))).toEqual([]);
});

const garbled = [Uint8Array.of(5, 0), Uint8Array.of(), Uint8Array.of(0x30, 0x80)];

test('nothing is known about a certificate that garbles its purposes or its key usage', async () => {
  for (const value of garbled) {
    expect(readDetails(await withExtensions(new Extension('2.5.29.37', false, value)))).toBeNull();
    const usage = { usages: null, extensions: [new Extension('2.5.29.15', false, value)] };
    const certificate = parseCertificate((await makeSampleChain({ citizen: usage })).certificate);
    expect(certificate === null ? null : readDetails(certificate)).toBeNull();
  }
});

test('garbled addresses are no addresses, and cost the certificate nothing else', async () => {
  for (const value of garbled) {
    const certificate = await withExtensions(new Extension('2.5.29.31', false, value), new Extension('1.3.6.1.5.5.7.1.1', false, value));
    expect(readDetails(certificate)).toMatchObject({ keyUsage: new Set(['digitalSignature']), ocspUrls: [], crlUrls: [] });
  }
});

test('a certificate belongs to the one person whose number it carries', async () => {
  const certificate = await made({ nationalNumber: '85043099812' });
  expect(belongsTo(certificate, '85043099812')).toBe(true);
  expect(belongsTo(certificate, '85043099813')).toBe(false);
  expect(belongsTo(certificate, '')).toBe(false);
  expect(belongsTo(await made({ nationalNumber: '85043099812, 2.5.4.5=03061299750' }), '85043099812')).toBe(false);
});

test.each([
  ['p384', 'ES384'],
  ['p256', null],
  ['rsa2048', 'RS256'],
  ['rsa1024', null],
] as const)('a %s key signs in with %s', async (keys, algorithm) => {
  expect(webEidAlgorithm(await made({ keys }))).toBe(algorithm);
});
