import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { PublicJwk } from '../../../contract/key-set.ts';
import type { IdentityRecord } from './identity-file.ts';
import type { KeyStore } from './key-store.ts';
import { signRaw } from './sign-raw.ts';

/** Who this terminal is to the middleware, and whom it believes. */
export type TerminalIdentity = {
  terminal: string;
  /** RFC 7638 thumbprint of the public key. */
  keyId: string;
  publicJwk: PublicJwk;
  /** ES256 (RFC 7518, 3.4): SHA-256, P-256, `r‖s`, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
  /** For TLS: private key, own certificate with what issued it, and the one root that is believed. PEM. */
  tls: { key: string; cert: string; ca: string };
  certificateFrom: Date;
  certificateUntil: Date;
  /** Signs key sets; pinned at enrolment. */
  keySetKey: PublicJwk;
  /** Compact JWS, as enrolment gave it. */
  keySet: string;
  /** Base32, of the operator's one-time codes. */
  operatorSecret: string;
  /** Of the pinned root's DER, hex. */
  rootSha256: string;
  keyStore: KeyStore['kind'];
};

/** Throws when the record's parts do not belong together: a key of another certificate signs nothing that anybody believes. */
export function createIdentity(record: IdentityRecord, keyStore: KeyStore['kind']): TerminalIdentity {
  const privateKey = createPrivateKey(record.privateKey);
  const chain = record.certificates.map((der) => new X509Certificate(Buffer.from(der, 'base64')));
  const [own] = chain;
  if (own === undefined || !own.checkPrivateKey(privateKey)) throw new Error('certificate_of_another_key');
  const publicJwk = publicJwkOf(privateKey);
  return {
    terminal: record.terminal,
    keyId: thumbprint(publicJwk),
    publicJwk,
    sign: (bytes) => signRaw(privateKey, bytes),
    tls: { key: record.privateKey, cert: chain.map((certificate) => certificate.toString()).join(''), ca: record.root },
    certificateFrom: new Date(own.validFrom),
    certificateUntil: new Date(own.validTo),
    keySetKey: record.keySetKey,
    keySet: record.keySet,
    operatorSecret: record.operatorSecret,
    rootSha256: createHash('sha256').update(new X509Certificate(record.root).raw).digest('hex'),
    keyStore,
  };
}

function publicJwkOf(privateKey: KeyObject): PublicJwk {
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  return PublicJwk.parse({ kty, crv, x, y });
}

function thumbprint({ crv, kty, x, y }: PublicJwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
