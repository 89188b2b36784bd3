import * as z from 'zod';
import { CardEvidence } from './identity.ts';
import { WebEidToken } from './web-eid.ts';

/**
 * What proves the trust of a visit, as one value. It travels sealed with each transaction, so that the middleware can
 * verify it again and need not believe the terminal. Certificates are DER, base64.
 */

/**
 * INTERNAL AUTHENTICATE of the chip (applet 1.8, key "Card"): ECDSA P-384, `r‖s`, over the SHA-384 of `chipChallenge`. Whoever
 * receives it makes the challenge anew from the transaction that it came with, so it fits no other. It does not travel:
 * over a "hash" of one's own choice anybody can make a signature that verifies.
 */
export const ChipEvidence = z.object({
  /** File 4040, SubjectPublicKeyInfo; its SHA-384 stands in the signed identity file (tag 1A). */
  basicKey: z.base64(),
  /** 32 bytes by chance. */
  salt: z.base64().length(44),
  signature: z.base64(),
});
export type ChipEvidence = z.infer<typeof ChipEvidence>;

/**
 * What the chip signs for one transaction. `txId` is the terminal's own choice: a terminal that had the card once could
 * have asked it for ids to come. But an id is executed once, so no answer of the chip is worth two transactions.
 */
export function chipChallenge({ txId, salt }: { txId: string; salt: string }): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(['loket/chip/1', txId, salt]));
}

/** A sign-in that the middleware accepted. `nonce` and `origin` are what the token's signature is over. */
export const SignInEvidence = z.object({
  token: WebEidToken,
  /** The citizen CA that issued the token's certificate, as the card gave it. */
  issuer: z.base64(),
  nonce: z.string(),
  origin: z.string(),
});
export type SignInEvidence = z.infer<typeof SignInEvidence>;

/** One document signed by the person: PAdES B-B (the whole PDF), or JAdES B-B (detached JWS beside its payload). */
export const SignedDocument = z.discriminatedUnion('format', [
  z.object({ format: z.literal('pades'), pdf: z.base64() }),
  z.object({ format: z.literal('jades'), jws: z.string().max(20_000), payload: z.base64() }),
]);
export type SignedDocument = z.infer<typeof SignedDocument>;

/** What the middleware knows about the revocation of one certificate, and how old that knowledge is. */
export const Revocation = z.object({
  /** `unknown`: the authority does not know the certificate. `unchecked`: nobody could be asked. */
  status: z.enum(['good', 'revoked', 'unknown', 'unchecked']),
  source: z.enum(['ocsp', 'crl']).nullable(),
  /** The authority's own time of what it says (OCSP and CRL `thisUpdate`); null when unchecked. */
  asOf: z.iso.datetime().nullable(),
});
export type Revocation = z.infer<typeof Revocation>;

export const Evidence = z.object({
  card: CardEvidence,
  /** Of the National Register's certificate: whether the signer of these files was still one. */
  registerRevocation: Revocation,
  chip: ChipEvidence.nullable(),
  signIn: SignInEvidence.nullable(),
  signed: SignedDocument.nullable(),
  /** Of the certificate that signed, and of its issuer: the worse of the two. Null where nothing is signed. */
  signatureRevocation: Revocation.nullable(),
});
export type Evidence = z.infer<typeof Evidence>;
