import * as z from 'zod';
import { TerminalId } from './ids.ts';
import { PublicJwk } from './key-set.ts';

/**
 * How a terminal gets its identity. The one-time code holds a secret by which the middleware knows the terminal, and the
 * beginning of the root certificate's SHA-256, by which the terminal knows the middleware.
 */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const codeBytes = { secret: 8, root: 12 } as const;

/** 20 bytes as 32 Crockford base-32 letters in groups of four: `7M4Q-29XD-…`. */
export function writeCode(secret: Uint8Array, rootSha256: Uint8Array): string {
  let bits = 0n;
  for (const byte of [...secret.subarray(0, codeBytes.secret), ...rootSha256.subarray(0, codeBytes.root)])
    bits = (bits << 8n) | BigInt(byte);
  const text = Array.from({ length: 32 }, (_, at) => letters.charAt(Number((bits >> BigInt(5 * (31 - at))) & 31n))).join('');
  return text.match(/.{4}/g)?.join('-') ?? text;
}

/** As somebody types it: small letters, spaces, and I, L and O for what they look like (Crockford). Null: not a code. */
export function readCode(typed: string): { secret: Uint8Array; root: Uint8Array } | null {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  if (text.length !== 32 || [...text].some((letter) => !letters.includes(letter))) return null;
  let bits = 0n;
  for (const letter of text) bits = (bits << 5n) | BigInt(letters.indexOf(letter));
  const bytes = Uint8Array.from({ length: 20 }, (_, at) => Number((bits >> BigInt(8 * (19 - at))) & 255n));
  return { secret: bytes.slice(0, codeBytes.secret), root: bytes.slice(codeBytes.secret) };
}

/** PKCS#10 (RFC 2986), DER, base64. Its subject is ignored: the middleware names the terminal. */
const SigningRequest = z.base64().min(100).max(4_000);
/** X.509, DER, base64: the terminal's own first, then what issued it. */
const Chain = z.array(z.base64().max(8_000)).min(1).max(4);

/** `POST /v1/enrolments`, without a client certificate. `secret`: base64url of the code's first part. */
export const EnrolmentRequest = z.object({ terminal: TerminalId, secret: z.string().length(11), request: SigningRequest });
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;
export const Enrolment = z.object({
  terminal: TerminalId,
  certificates: Chain,
  /** The offline key that signs key sets: pinned from now on. */
  keySetKey: PublicJwk,
  /** Compact JWS over `KeySet`. */
  keySet: z.string().max(40_000),
  /** Base32 secret of the operator's one-time codes (RFC 6238), so that they work without a line. */
  operatorSecret: z.string().min(16).max(64),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** `POST /v1/certificates`, with the certificate that is still valid: the next one. */
export const RenewalRequest = z.object({ terminal: TerminalId, request: SigningRequest });
export type RenewalRequest = z.infer<typeof RenewalRequest>;
export const Renewal = z.object({ certificates: Chain });
export type Renewal = z.infer<typeof Renewal>;
