import 'reflect-metadata';
import { constants, createECDH, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { WebEidAlgorithm } from '../../contract/web-eid.ts';
import { makeSampleChain } from '../../native/eid/fixtures/sample-chain.ts';
import { type Root, testRoot } from '../../native/eid/roots.ts';

/** An invented citizen with a card that signs hashes, under an invented root. For tests. */
export type FakeCitizen = {
  certificate: Uint8Array;
  issuer: Uint8Array;
  key: KeyObject;
  roots: Root[];
  rootPem: string;
  /** What the card does with a hash: ECDSA P-384 as `r‖s`, or RSA PKCS#1 v1.5 over SHA-256. */
  sign(digest: Uint8Array): Uint8Array;
};

/** `padding`: bytes of an extension that nobody needs, to make the certificate longer. */
export type CitizenOptions = { algorithm?: WebEidAlgorithm; use?: 'authentication' | 'signature'; until?: string; padding?: number };

export async function makeFakeCitizen(options: CitizenOptions = {}): Promise<FakeCitizen> {
  const { algorithm = 'ES384', use = 'signature', until = '2032-01-01', padding = 0 } = options;
  const extensions = padding > 0 ? [new x509.Extension('1.2.3.4.5', false, new Uint8Array(padding))] : [];
  const keys = algorithm === 'ES384' ? 'p384' : 'rsa2048';
  const chain = await makeSampleChain({ use, keys, citizen: { notAfter: until, extensions } });
  return {
    certificate: new Uint8Array(chain.certificate),
    issuer: new Uint8Array(chain.issuer),
    key: chain.key,
    roots: [testRoot(chain.root)],
    rootPem: chain.root,
    sign: (digest) => (algorithm === 'ES384' ? signP384(digest, chain.key) : signRsa(digest, chain.key)),
  };
}

/** Another certificate for a P-384 key, by nobody in particular. */
export async function makeOtherCertificate({ key }: FakeCitizen): Promise<Uint8Array> {
  const es384 = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const;
  const pkcs8 = new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, es384, true, ['sign']);
  const { d: _, key_ops: __, ...jwk } = await crypto.subtle.exportKey('jwk', privateKey);
  const publicKey = await crypto.subtle.importKey('jwk', jwk, es384, true, ['verify']);
  const name = 'CN=Iemand Anders-Proef, C=BE';
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys: { privateKey, publicKey },
    notBefore: new Date('2021-01-01'),
    notAfter: new Date('2035-01-01'),
    signingAlgorithm: es384,
  });
  return new Uint8Array(certificate.rawData);
}

/** RFC 8017, 8.2.1, from a SHA-256. */
function signRsa(digest: Uint8Array, key: KeyObject): Uint8Array {
  const info = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest]);
  return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info));
}

const order = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;

/** FIPS 186-5, 6.4.1, from a SHA-384: node:crypto signs only what it hashes itself. */
function signP384(digest: Uint8Array, key: KeyObject): Uint8Array {
  const k = (toNumber(randomBytes(48)) % (order - 1n)) + 1n;
  const ecdh = createECDH('secp384r1');
  ecdh.setPrivateKey(toBytes(k));
  const r = toNumber(ecdh.getPublicKey().subarray(1, 49)) % order;
  const d = toNumber(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const s = (invert(k) * (toNumber(digest) + r * d)) % order;
  return new Uint8Array(Buffer.concat([toBytes(r), toBytes(s)]));
}

/** Fermat: the order is prime. */
function invert(value: bigint): bigint {
  let [result, base, power] = [1n, value, order - 2n];
  for (; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(96, '0'), 'hex');
}
