// Before @peculiar/x509, which looks for it when it is loaded.
import 'reflect-metadata';
import { createPrivateKey, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export type TerminalCa = {
  certificate: X509Certificate;
  /** A client certificate for this terminal and this P-256 key, DER. */
  issue(to: { terminal: string; publicKey: KeyObject; from: Date; until: Date }): Promise<X509Certificate>;
};

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Throws when the key and the certificate are not a P-256 CA's that belong together. */
export async function prepareTerminalCa(pem: { key: string; cert: string }): Promise<TerminalCa> {
  x509.cryptoProvider.set(crypto);
  const key = createPrivateKey(pem.key);
  const certificate = new X509Certificate(pem.cert);
  if (!certificate.ca || !certificate.checkPrivateKey(key)) throw new Error('not a CA with its key');
  const der = new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));
  const signingKey = await crypto.subtle.importKey('pkcs8', der, p256, false, ['sign']);
  const issuer = new x509.X509Certificate(new Uint8Array(certificate.raw));
  return {
    certificate,
    async issue({ terminal, publicKey, from, until }) {
      const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
      const made = await x509.X509CertificateGenerator.create({
        serialNumber: `4${randomBytes(16).toString('hex').slice(1)}`,
        subject: [{ CN: [terminal] }],
        issuer: issuer.subjectName,
        notBefore: from,
        notAfter: until,
        publicKey: new x509.PublicKey(spki),
        signingKey,
        signingAlgorithm: p256,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
          await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
        ],
      });
      return new X509Certificate(new Uint8Array(made.rawData));
    },
  };
}
