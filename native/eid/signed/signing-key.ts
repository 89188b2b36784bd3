import { verify, type X509Certificate } from 'node:crypto';
import { fromBER, Integer, Sequence } from 'asn1js';
import type { WebEidAlgorithm } from '../../../contract/web-eid.ts';
import { parseCertificate, webEidAlgorithm } from '../certificate.ts';
import { hashNames } from '../signature.ts';

/** Who signs: a citizen's certificate, the CA that issued it, and what its key can do. Both certificates without padding. */
export type Signer = { certificate: X509Certificate; issuer: X509Certificate; algorithm: WebEidAlgorithm };

/** Null: one of them is no certificate, or the key is none that a card signs documents with. */
export function readSigner(certificate: Uint8Array, issuer: Uint8Array): Signer | null {
  const [own, above] = [parseCertificate(certificate), parseCertificate(issuer)];
  const algorithm = own === null ? null : webEidAlgorithm(own);
  return own === null || above === null || algorithm === null ? null : { certificate: own, issuer: above, algorithm };
}

/** A card's signature over `bytes`: ECDSA as `r‖s`, RSA as PKCS#1 v1.5. */
export function isSignatureOf(signer: Signer, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(hashNames[signer.algorithm], bytes, { key: signer.certificate.publicKey, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    // Bytes that are no signature at all: OpenSSL answers false, BoringSSL may throw.
    return false;
  }
}

const half = 48;

/** Bytes of the card's signature, known before it signs. */
export function signatureLength({ algorithm, certificate }: Signer): number {
  return algorithm === 'ES384' ? 2 * half : Math.ceil((certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
}

/** CMS wants ECDSA as a DER sequence of `r` and `s` (RFC 5753, 7.2); the card gives them one after the other. */
export function toCmsSignature(signer: Signer, signature: Uint8Array): Uint8Array {
  if (signer.algorithm === 'RS256') return signature;
  const numbers = [signature.subarray(0, half), signature.subarray(half)].map((bytes) => Integer.fromBigInt(toNumber(bytes)));
  return new Uint8Array(new Sequence({ value: numbers }).toBER());
}

/** The way back; null or nonsense for what is no such sequence, which does not verify then. */
export function fromCmsSignature(signer: Signer, signature: Uint8Array): Uint8Array | null {
  if (signer.algorithm === 'RS256') return signature;
  const { result } = fromBER(Uint8Array.from(signature));
  if (!(result instanceof Sequence)) return null;
  const numbers = result.valueBlock.value.map((each) => (each instanceof Integer ? each.toBigInt() : 0n));
  return new Uint8Array(Buffer.from(numbers.map((number) => number.toString(16).padStart(2 * half, '0')).join(''), 'hex'));
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
