import 'reflect-metadata';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { KeyUse } from '../../contract/card.ts';
import { keyUsage } from './sample-card.ts';

/** A citizen's certificate under an invented citizen CA under an invented root, for tests. Not part of any bundle. */
export type SampleChain = { certificate: Buffer; issuer: Buffer; root: string; key: KeyObject };

/** What is wrong with a certificate; by default nothing is. */
export type CertificateFaults = {
  notBefore?: string;
  notAfter?: string;
  ca?: boolean;
  pathLength?: number;
  /** Null: no key usage at all. */
  usages?: x509.KeyUsageFlags | null;
  extensions?: x509.Extension[];
  /** What it says of its issuer, when that is not the issuer's name. */
  issuerName?: string;
  /** Signed with another key than its issuer's. */
  forged?: boolean;
  hash?: 'SHA-1' | 'SHA-384';
};

export type ChainOptions = {
  use?: KeyUse;
  keys?: keyof typeof algorithms;
  nationalNumber?: string;
  citizen?: CertificateFaults;
  issuer?: CertificateFaults;
  rootNotAfter?: string;
};

const es384 = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const;
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: Uint8Array.of(1, 0, 1) } as const;
const algorithms = {
  p384: es384,
  p256: { ...es384, namedCurve: 'P-256' },
  rsa2048: { ...rsa, modulusLength: 2048 },
  rsa1024: { ...rsa, modulusLength: 1024 },
} as const;

export async function makeSampleChain(options: ChainOptions = {}): Promise<SampleChain> {
  const { citizen = {}, issuer = {}, use = 'authentication' } = options;
  const [rootKeys, issuerKeys, citizenKeys] = await Promise.all([
    makeKeys(es384),
    makeKeys(es384),
    makeKeys(algorithms[options.keys ?? 'p384']),
  ]);
  const root = await makeCertificate('CN=Proef Root CA, C=BE', rootKeys, 'CN=Proef Root CA, C=BE', rootKeys, {
    ca: true,
    usages: x509.KeyUsageFlags.keyCertSign,
    notBefore: '2020-01-01',
    notAfter: options.rootNotAfter ?? '2040-01-01',
  });
  const authority = await makeCertificate('CN=Proef Citizen CA, C=BE', issuerKeys, root.subject, rootKeys, {
    ca: true,
    usages: x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
    pathLength: 0,
    ...issuer,
  });
  const usages = use === 'signature' ? x509.KeyUsageFlags.nonRepudiation : x509.KeyUsageFlags.digitalSignature;
  const person = `CN=Liselore Vandenhoutte-Proef, 2.5.4.5=${options.nationalNumber ?? '85043099812'}, C=BE`;
  const certificate = await makeCertificate(person, citizenKeys, authority.subject, issuerKeys, { usages, ...citizen });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', citizenKeys.privateKey));
  return {
    certificate: Buffer.from(certificate.rawData),
    issuer: Buffer.from(authority.rawData),
    root: root.toString('pem'),
    key: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  };
}

function makeKeys(algorithm: (typeof algorithms)[keyof typeof algorithms]): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function makeCertificate(
  subject: string,
  keys: CryptoKeyPair,
  issuer: string,
  issuerKeys: CryptoKeyPair,
  faults: CertificateFaults,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    subject,
    issuer: faults.issuerName ?? issuer,
    publicKey: keys.publicKey,
    signingKey: (faults.forged === true ? await makeKeys(es384) : issuerKeys).privateKey,
    notBefore: new Date(faults.notBefore ?? '2021-01-01'),
    notAfter: new Date(faults.notAfter ?? '2035-01-01'),
    signingAlgorithm: { ...es384, hash: faults.hash ?? 'SHA-384' },
    extensions: [
      new x509.BasicConstraintsExtension(faults.ca === true, faults.pathLength, true),
      ...keyUsage(faults.usages),
      ...(faults.extensions ?? []),
    ],
  });
}
