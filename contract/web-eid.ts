import * as z from 'zod';

/**
 * The Web eID authentication token (web-eid-system-architecture-doc, "Web eID authentication token specification",
 * format 1.0), so that the validation libraries of that project accept it. Field names are that specification's.
 */
export const WebEidAlgorithm = z.enum(['ES384', 'RS256']);
export type WebEidAlgorithm = z.infer<typeof WebEidAlgorithm>;

export const webEidFormat = 'web-eid:1.0';

export const WebEidToken = z.object({
  /** DER, base64. The validator checks it; until then nothing in it is believed. */
  unverifiedCertificate: z.base64().max(8_000),
  algorithm: WebEidAlgorithm,
  /** Over `webEidSignedBytes`; ES384 as `r‖s`, RS256 as PKCS#1 v1.5. Base64. */
  signature: z.base64().max(1_000),
  format: z.literal(webEidFormat),
  /** Software that made the token: `https://…/releases/VERSION` in Web eID's own app. */
  appVersion: z.string().max(200),
});
export type WebEidToken = z.infer<typeof WebEidToken>;

/** `hash(origin) ‖ hash(nonce)`, both UTF-8; the signature algorithm hashes this once more. `digest` hashes with SHA-384 for ES384 and SHA-256 for RS256. */
export function webEidSignedBytes(input: { origin: string; nonce: string }, digest: (text: string) => Uint8Array): Uint8Array {
  const origin = digest(input.origin);
  const nonce = digest(input.nonce);
  const bytes = new Uint8Array(origin.length + nonce.length);
  bytes.set(origin);
  bytes.set(nonce, origin.length);
  return bytes;
}
