import 'reflect-metadata';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CRLDistributionPointsExtension, X509Certificate as X509 } from '@peculiar/x509';
import { beforeAll, expect, test } from 'vitest';
import { type Authority, loadAuthorities } from './authority-keys.ts';
import { buildVirtualCard, type VirtualCard } from './control.ts';

let built: VirtualCard;
let authorities: Authority[];

beforeAll(async () => {
  built = await buildVirtualCard();
  authorities = loadAuthorities(path.dirname(built.root));
});

const card = (persona: string, file: string) => new X509Certificate(readFileSync(path.join(built.cards, persona, file)));
const authority = (name: string) => authorities.find((one) => one.name === name) ?? expect.unreachable(name);

test('the root and the citizen CAs, each with the key of its certificate', () => {
  expect(authorities.map(({ name }) => name)).toEqual(['root', 'citizen-ca-ec', 'citizen-ca-rsa']);
  for (const { certificate, key } of authorities) {
    const secret = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
    expect(spki).toEqual(new X509Certificate(certificate).publicKey.export({ format: 'der', type: 'spki' }));
  }
  expect(new X509Certificate(readFileSync(built.root)).raw).toEqual(authority('root').certificate);
});

test('each signs what it issued: root the citizen CAs and the National Register, they the citizens', () => {
  const issued = (certificate: X509Certificate, by: string) => certificate.verify(new X509Certificate(authority(by).certificate).publicKey);
  expect(issued(card('lotte', 'ca-cert'), 'root')).toBe(true);
  expect(issued(card('lotte', 'rn-cert'), 'root')).toBe(true);
  expect(issued(card('lotte', 'auth-cert'), 'citizen-ca-ec')).toBe(true);
  expect(issued(card('robrecht', 'sign-cert'), 'citizen-ca-rsa')).toBe(true);
  expect(issued(card('stranger', 'auth-cert'), 'citizen-ca-ec')).toBe(false);
});

test('the revoked certificates are those of the persona that says so', () => {
  const serial = (file: string) => card('revoked', file).serialNumber.toLowerCase();
  expect(authorities.map(({ name, revoked }) => [name, revoked])).toEqual([
    ['root', []],
    ['citizen-ca-ec', [serial('auth-cert'), serial('sign-cert')]],
    ['citizen-ca-rsa', []],
  ]);
});

test('certificates say where to ask: OCSP, and the list of their issuer', () => {
  const where = (persona: string, file: string) => {
    const certificate = card(persona, file);
    const points = new X509(certificate.raw).getExtension(CRLDistributionPointsExtension)?.distributionPoints ?? [];
    const list = points[0]?.distributionPoint?.fullName?.[0]?.uniformResourceIdentifier;
    return [certificate.infoAccess?.trim(), list];
  };
  const ocsp = 'OCSP - URI:http://ocsp.loket.invalid/';
  expect(where('lotte', 'auth-cert')).toEqual([ocsp, 'http://crl.loket.invalid/citizen-ca-ec.crl']);
  expect(where('robrecht', 'auth-cert')).toEqual([ocsp, 'http://crl.loket.invalid/citizen-ca-rsa.crl']);
  expect(where('lotte', 'rn-cert')).toEqual([ocsp, 'http://crl.loket.invalid/root.crl']);
  expect(where('lotte', 'root-cert')).toEqual([undefined, undefined]);
});
