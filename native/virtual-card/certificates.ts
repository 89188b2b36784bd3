import 'reflect-metadata';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  cryptoProvider,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

cryptoProvider.set(crypto);

export type Algorithm = 'p384' | 'rsa2048';

/** `name`: what its list of revoked certificates is called. */
export type Signer = { name: string; certificate: X509Certificate; keys: CryptoKeyPair; algorithm: Algorithm };

export type CertificateRequest = {
  name: string;
  subject: string;
  usage: 'root' | 'ca' | 'seal' | 'authentication' | 'signature';
  from: Date;
  until: Date;
  algorithm: Algorithm;
  /** Null for a root. */
  issuer: Signer | null;
  /** A certificate that somebody forged: it names `issuer`, and this key signed it. */
  forgedBy?: Signer;
};

const caUsage = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;
const usages = {
  root: caUsage,
  ca: caUsage,
  seal: KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation,
  authentication: KeyUsageFlags.digitalSignature,
  signature: KeyUsageFlags.nonRepudiation,
};

/** No machine has these names (RFC 6761): whoever asks must be told where the test authority is. */
export const ocspUrl = 'http://ocsp.loket.invalid/';
export function crlUrl(issuer: string): string {
  return `http://crl.loket.invalid/${issuer}.crl`;
}

export async function makeKeys(algorithm: Algorithm): Promise<CryptoKeyPair> {
  const parameters =
    algorithm === 'p384'
      ? { name: 'ECDSA', namedCurve: 'P-384' }
      : { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  return await crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
}

async function extensionsOf(request: CertificateRequest, keys: CryptoKeyPair): Promise<Extension[]> {
  const { issuer, usage } = request;
  const isCa = usage === 'root' || usage === 'ca';
  const where =
    issuer === null ? [] : [new AuthorityInfoAccessExtension({ ocsp: ocspUrl }), new CRLDistributionPointsExtension([crlUrl(issuer.name)])];
  return [
    new BasicConstraintsExtension(isCa, usage === 'ca' ? 0 : undefined, true),
    new KeyUsagesExtension(usages[usage], true),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer?.keys.publicKey ?? keys.publicKey),
    ...where,
  ];
}

/** A certificate with keys of its own. Serial numbers are random: the National Register's certificates are told apart by them. */
export async function issue(request: CertificateRequest): Promise<Signer> {
  const keys = await makeKeys(request.algorithm);
  const signer = request.forgedBy ?? request.issuer;
  const serial = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40, 0);
  const signerAlgorithm = signer?.algorithm ?? request.algorithm;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString('hex'),
    subject: request.subject,
    issuer: request.issuer?.certificate.subject ?? request.subject,
    notBefore: request.from,
    notAfter: request.until,
    publicKey: keys.publicKey,
    signingKey: signer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: signerAlgorithm === 'p384' ? { name: 'ECDSA', hash: 'SHA-384' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    extensions: await extensionsOf(request, keys),
  });
  return { name: request.name, certificate, keys, algorithm: request.algorithm };
}

export function certificateBytes(certificate: X509Certificate): Buffer {
  return Buffer.from(certificate.rawData);
}

export async function privateKeyBytes(key: CryptoKey): Promise<Buffer> {
  return Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
}

export async function publicKeyBytes(key: CryptoKey): Promise<Buffer> {
  return Buffer.from(await crypto.subtle.exportKey('spki', key));
}

export async function privateKeyObject(key: CryptoKey): Promise<KeyObject> {
  return createPrivateKey({ key: await privateKeyBytes(key), format: 'der', type: 'pkcs8' });
}
