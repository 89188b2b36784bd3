import { X509Certificate } from 'node:crypto';
import { type Result, refuse } from '../../../contract/result.ts';
import { cutDerSequence } from '../der.ts';
import { hashFor } from '../signature.ts';
import { encodeSignedAttributes, encodeSignedData, readSignedData } from './cms.ts';
import { findSignature, type SignatureLayout, signatureBytes, signedParts } from './pdf-layout.ts';
import { type ProvenSignature, proveSigner, type SignedFlaw, type Trusted } from './proven-signature.ts';
import { fromCmsSignature, isSignatureOf, readSigner, type Signer } from './signing-key.ts';

/** That the citizen whose certificate it carries signed this PDF, whole. Revocation is not looked at. */
export function verifyPades(pdf: Uint8Array, trusted: Trusted): Result<ProvenSignature, SignedFlaw> {
  const layout = findSignature(pdf);
  const signed = layout === null ? null : readCms(pdf, layout);
  if (layout === null || signed === null) return refuse('unreadable');
  const { signer, signature, contentDigest } = signed;
  if (Buffer.compare(contentDigest, hashFor(signer.algorithm, ...signedParts(pdf, layout))) !== 0) return refuse('altered');
  if (!isSignatureOf(signer, encodeSignedAttributes(signed), signature)) return refuse('altered');
  return proveSigner(signer, layout.claimedAt, trusted);
}

type Read = { signer: Signer; signature: Uint8Array; contentDigest: Uint8Array };

/**
 * The bytes between the signed parts are the one place that no signature covers. They are read, written anew from what was
 * read, and must be the same: so no second signer, unsigned attribute, other encoding or hidden byte gets through.
 */
function readCms(pdf: Uint8Array, layout: SignatureLayout): Read | null {
  try {
    const room = signatureBytes(pdf, layout);
    const der = cutDerSequence(room);
    if (der === null || room.subarray(der.length).some((byte) => byte !== 0)) return null;
    const { certificates, contentDigest, signature } = readSignedData(der);
    const signer = pickSigner(certificates);
    const plain = signer === null ? null : fromCmsSignature(signer, signature);
    if (signer === null || plain === null) return null;
    const isAsWritten = Buffer.compare(encodeSignedData({ signer, contentDigest }, plain), der) === 0;
    return isAsWritten ? { signer, signature: plain, contentDigest } : null;
  } catch {
    // The parsers throw on bytes that are no ASN.1.
    return null;
  }
}

/** A set has no order: of the two certificates the CA's is not the signer's. */
function pickSigner(certificates: readonly Uint8Array[]): Signer | null {
  const citizen = certificates.find((each) => !new X509Certificate(each).ca);
  const issuer = certificates.find((each) => each !== citizen);
  return citizen === undefined || issuer === undefined ? null : readSigner(citizen, issuer);
}
