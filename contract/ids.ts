import * as z from 'zod';

/** Names of things, by chance or by hash. None of them says anything about a person. */

/** For whoever looks at hundreds by hand; else the schemas below. */
export const patterns = {
  reference: /^[A-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/,
  generation: /^[A-Za-z0-9_-]{11}$/,
  lane: /^[A-Za-z0-9_-]{22}$/,
  hash: /^[A-Za-z0-9_-]{43}$/,
  signature: /^[A-Za-z0-9_-]{86}$/,
  /** A terminal as the source of an event. */
  source: /^urn:loket:terminal:[a-z0-9-]{1,64}$/,
} as const;

/** UUID version 7 (RFC 9562), made when the form is opened. The one identity of a transaction, everywhere. */
export const TxId = z.uuidv7();

/** What a person can say on the telephone: town, then eight Crockford base-32 characters (no I, L, O, U), by chance. */
export const Reference = z.string().regex(patterns.reference);

/** 8 random bytes, base64url. A queue has one from its first record to its loss; sequences are dense within it. */
export const Generation = z.string().regex(patterns.generation);
/** 16 random bytes, base64url. What belongs to one case goes in order; what does not never waits for it. */
export const Lane = z.string().regex(patterns.lane);
/** SHA-256, base64url. */
export const Hash = z.string().regex(patterns.hash);
/** ES256 (RFC 7518, 3.4): `r‖s`, base64url. */
export const TerminalSignature = z.string().regex(patterns.signature);
export const TerminalId = z.string().regex(/^[a-z0-9-]{1,64}$/);
