import 'reflect-metadata';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

cryptoProvider.set(crypto);

export type Algorithm = 'p384' | 'rsa2048';

export type Signer = { certificate: X509Certificate; keys: CryptoKeyPair; algorithm: Algorithm };

export type CertificateRequest = {
  subject: string;
  usage: 'ca' | 'seal' | 'authentication' | 'signature';
  from: Date;
  until: Date;
  algorithm: Algorithm;
  /** Null for a root. */
  issuer: Signer | null;
};

const usages = {
  ca: KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign,
  seal: KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation,
  authentication: KeyUsageFlags.digitalSignature,
  signature: KeyUsageFlags.nonRepudiation,
};

export async function makeKeys(algorithm: Algorithm): Promise<CryptoKeyPair> {
  const parameters =
    algorithm === 'p384'
      ? { name: 'ECDSA', namedCurve: 'P-384' }
      : { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  return await crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
}

/** A certificate with keys of its own. Serial numbers are random: the National Register's certificates are told apart by them. */
export async function issue(request: CertificateRequest): Promise<Signer> {
  const keys = await makeKeys(request.algorithm);
  const signingKey = request.issuer?.keys.privateKey ?? keys.privateKey;
  const issuerAlgorithm = request.issuer?.algorithm ?? request.algorithm;
  const serial = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40, 0);
  const issuerKey = request.issuer?.keys.publicKey ?? keys.publicKey;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString('hex'),
    subject: request.subject,
    issuer: request.issuer?.certificate.subject ?? request.subject,
    notBefore: request.from,
    notAfter: request.until,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: issuerAlgorithm === 'p384' ? { name: 'ECDSA', hash: 'SHA-384' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    extensions: [
      new BasicConstraintsExtension(request.usage === 'ca', undefined, true),
      new KeyUsagesExtension(usages[request.usage], true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuerKey),
    ],
  });
  return { certificate, keys, algorithm: request.algorithm };
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
