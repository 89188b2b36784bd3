import type { X509Certificate } from 'node:crypto';
import { ok, type Result } from '../../../contract/result.ts';
import { type ChainError, proveChain } from '../chain.ts';
import type { Root } from '../roots.ts';
import type { Signer } from './signing-key.ts';

/** `unreadable`: not of the form that Loket signs, all of it covered. `altered`: these are not the signed bytes. */
export type SignedFlaw = 'unreadable' | 'altered' | ChainError;

/** `claimedAt`: by the clock of the terminal; B-B carries no proof of time. */
export type ProvenSignature = { certificate: X509Certificate; issuer: X509Certificate; claimedAt: Date };

export type Trusted = { roots: readonly Root[]; now: Date };

/** Of a signature that verifies: that its key is a citizen's, and for signing documents. Revocation is not looked at. */
export function proveSigner(signer: Signer, claimedAt: Date, trusted: Trusted): Result<ProvenSignature, SignedFlaw> {
  const chain = proveChain({ certificate: signer.certificate.raw, issuer: signer.issuer.raw, use: 'signature', ...trusted });
  return chain.ok ? ok({ ...chain.value, claimedAt }) : chain;
}
