import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import pinned from './belgium-roots.json' with { type: 'json' };

/** A root that may have issued a National Register certificate. Times in milliseconds since 1970. */
export type Root = {
  /** Whether a certificate says that this root issued it: by name only, the signature is checked apart. */
  isNamedBy(certificate: X509Certificate): boolean;
  key: KeyObject;
  notBefore: number;
  notAfter: number;
};

/**
 * The Belgian roots, by public key and not by certificate: Root CA4 has two certificates with one key. The root on the
 * card itself is never looked at; it is whatever the card's maker put there (P:cal.cpp:2027 calls every one trusted).
 */
export function pinnedRoots(): Root[] {
  return pinned.roots.map((root) => ({
    isNamedBy: (certificate) => certificate.issuer.split('\n').includes(`CN=${root.commonName}`),
    key: createPublicKey({ key: Buffer.from(root.spki, 'base64'), format: 'der', type: 'spki' }),
    notBefore: Date.parse(root.notBefore),
    notAfter: Date.parse(root.notAfter),
  }));
}

/** A root of a test or demo build. Throws on a PEM that is none: that is our own mistake, made at start. */
export function testRoot(pem: string): Root {
  const root = new X509Certificate(pem);
  return {
    isNamedBy: (certificate) => certificate.issuer === root.subject,
    key: root.publicKey,
    notBefore: Date.parse(root.validFrom),
    notAfter: Date.parse(root.validTo),
  };
}
