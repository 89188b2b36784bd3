// Before @peculiar/x509, which looks for it when it is loaded.
import 'reflect-metadata';
import { KeyObject, sign } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { type WebEidToken, webEidFormat } from '../../contract/web-eid.ts';
import { signedBytes } from '../../native/eid/token.ts';

/** A root, a citizen CA and a Register certificate as Belgium has them, invented, with their keys. */
export type Holder = { name: string; certificate: Uint8Array; pem: string; key: KeyObject; serial: string; algorithm: Algorithm };
export type Algorithm = 'p384' | 'rsa2048';

export type IssueOptions = {
  name?: string;
  algorithm?: Algorithm;
  usage?: 'ca' | 'register' | 'authentication' | 'signature' | 'ocsp';
  issuer?: Holder | null;
  from?: Date;
  until?: Date;
  /** Null: without. */
  ocsp?: string | null;
  list?: string | null;
  serial?: string;
  /** National number, as citizens' certificates carry it in their subject. */
  number?: string;
  /** Whose key usage it says, when that is not its own. */
  keyUsage?: keyof typeof usages;
};

const day = 24 * 60 * 60 * 1000;
export const ocspHost = 'ocsp.loket.invalid';
export const listHost = 'crl.loket.invalid';

const usages = {
  ca: x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
  register: x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation,
  authentication: x509.KeyUsageFlags.digitalSignature,
  signature: x509.KeyUsageFlags.nonRepudiation,
  ocsp: x509.KeyUsageFlags.digitalSignature,
};
const keyParameters = {
  p384: { name: 'ECDSA', namedCurve: 'P-384' },
  rsa2048: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
} as const;
const signing = { p384: { name: 'ECDSA', hash: 'SHA-384' }, rsa2048: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } } as const;

/** A certificate with a key of its own. Without issuer: a root. */
export async function issue(options: IssueOptions = {}): Promise<Holder> {
  const { name = 'Proef', algorithm = 'p384', usage = 'authentication', issuer = null } = options;
  x509.cryptoProvider.set(crypto);
  const keys = await crypto.subtle.generateKey(keyParameters[algorithm], true, ['sign', 'verify']);
  const subject = `CN=${name}, ${options.number === undefined ? '' : `2.5.4.5=${options.number}, `}O=Loket test, C=BE`;
  const signer = issuer === null ? keys : await importPair(issuer);
  const serial =
    options.serial ??
    `4${Buffer.from(crypto.getRandomValues(new Uint8Array(16)))
      .toString('hex')
      .slice(1)}`;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject,
    issuer: issuer === null ? subject : `CN=${issuer.name}, O=Loket test, C=BE`,
    notBefore: options.from ?? new Date(Date.now() - 30 * day),
    notAfter: options.until ?? new Date(Date.now() + 3000 * day),
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: signing[issuer?.algorithm ?? algorithm],
    extensions: [
      new x509.BasicConstraintsExtension(usage === 'ca', undefined, true),
      new x509.KeyUsagesExtension(usages[options.keyUsage ?? usage], true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
      ...(usage === 'ocsp' ? [new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.9'])] : []),
      ...(issuer === null ? [] : addresses(issuer, options)),
    ],
  });
  return {
    name,
    algorithm,
    certificate: new Uint8Array(certificate.rawData),
    pem: certificate.toString('pem'),
    key: KeyObject.from(keys.privateKey),
    serial,
  };
}

function addresses(issuer: Holder, { ocsp, list }: IssueOptions): x509.Extension[] {
  const ocspUrl = ocsp === undefined ? `http://${ocspHost}/` : ocsp;
  const listUrl = list === undefined ? `http://${listHost}/${listName(issuer)}.crl` : list;
  return [
    ...(ocspUrl === null ? [] : [new x509.AuthorityInfoAccessExtension({ ocsp: ocspUrl })]),
    ...(listUrl === null ? [] : [new x509.CRLDistributionPointsExtension([listUrl])]),
  ];
}

export function listName({ name }: Pick<Holder, 'name'>): string {
  return name.toLowerCase().replaceAll(' ', '-');
}

async function importPair({ key, certificate, algorithm }: Holder): Promise<CryptoKeyPair> {
  const pkcs8 = new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));
  const parameters = algorithm === 'p384' ? keyParameters.p384 : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, parameters, true, ['sign']),
    publicKey: await new x509.X509Certificate(new Uint8Array(certificate)).publicKey.export(),
  };
}

export type Pki = { root: Holder; citizens: Holder; register: Holder };

export async function makePki(algorithm: Algorithm = 'p384'): Promise<Pki> {
  const root = await issue({ name: 'Loket proof root', usage: 'ca' });
  const citizens = await issue({ name: 'Loket proof Citizen CA', usage: 'ca', issuer: root, algorithm });
  const register = await issue({ name: 'Loket proof Register', usage: 'register', issuer: root });
  return { root, citizens, register };
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** What the card and its terminal make of a challenge. */
export function makeToken(
  person: Pick<Holder, 'certificate' | 'key' | 'algorithm'>,
  { origin, nonce }: { origin: string; nonce: string },
): WebEidToken {
  const algorithm = person.algorithm === 'p384' ? 'ES384' : 'RS256';
  const bytes = signedBytes({ algorithm, origin, nonce });
  const hash = algorithm === 'ES384' ? 'sha384' : 'sha256';
  return {
    unverifiedCertificate: toBase64(person.certificate),
    algorithm,
    signature: sign(hash, bytes, { key: person.key, dsaEncoding: 'ieee-p1363' }).toString('base64'),
    format: webEidFormat,
    appVersion: 'https://loket.invalid/releases/0',
  };
}
