import type { SignedDocument } from '../../../contract/evidence.ts';
import { type Result, refuse } from '../../../contract/result.ts';
import { belongsTo } from '../certificate.ts';
import type { ProvenSignature, SignedFlaw, Trusted } from './proven-signature.ts';
import { verifyJades } from './verify-jades.ts';
import { verifyPades } from './verify-pades.ts';

/**
 * That the person with this national number signed this document, by the number in the signer's certificate. The number
 * must come from an identity file that is proven itself. Revocation is not looked at, and `trusted.now` is the moment at
 * which the signer's certificate must be good: for what waited without a line, when it was signed as far as is known.
 */
export function proveSigned(
  document: SignedDocument,
  nationalNumber: string,
  trusted: Trusted,
): Result<ProvenSignature, SignedFlaw | 'other_person'> {
  const proven = verify(document, trusted);
  return proven.ok && !belongsTo(proven.value.certificate, nationalNumber) ? refuse('other_person') : proven;
}

function verify(document: SignedDocument, trusted: Trusted): Result<ProvenSignature, SignedFlaw> {
  switch (document.format) {
    case 'pades':
      return verifyPades(Buffer.from(document.pdf, 'base64'), trusted);
    case 'jades':
      return verifyJades(document.jws, Buffer.from(document.payload, 'base64'), trusted);
  }
}
