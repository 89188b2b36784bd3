import { createHash } from 'node:crypto';
import type { Signer } from './signing-key.ts';

/**
 * The protected header of JAdES B-B (ETSI TS 119 182-1 v1.2.1, clause 6.3, table 1). `iat` tells the claimed time: from
 * 15 July 2025 on a new signature has it in place of `sigT` (clause 5.1.11). `x5t#S256` ties the signature to the certificate
 * (5.1.7), `x5c` brings it along. No `crit`: only `sigD` needs one (5.1.9), and a payload that is simply detached
 * (RFC 7515, appendix F) needs no `sigD`; so any JWS library can check it.
 */
export type JadesHeader = { signer: Signer; claimedAt: Date };

/** RFC 7515, 4.1.10: what the person read. */
export const payloadType = 'text/plain;charset=utf-8';

/** The same input gives the same bytes: names in this order, nothing between them. */
export function encodeHeader({ signer, claimedAt }: JadesHeader): string {
  const header = {
    alg: signer.algorithm,
    cty: payloadType,
    iat: Math.floor(claimedAt.getTime() / 1000),
    'x5t#S256': createHash('sha256').update(signer.certificate.raw).digest('base64url'),
    x5c: [signer.certificate.raw.toString('base64'), signer.issuer.raw.toString('base64')],
  };
  return Buffer.from(JSON.stringify(header), 'utf8').toString('base64url');
}

/** RFC 7515, 5.1: what is signed. The payload is in it, though it does not travel in the JWS. */
export function signingInput(header: string, payload: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.from(`${header}.${Buffer.from(payload).toString('base64url')}`, 'ascii'));
}
