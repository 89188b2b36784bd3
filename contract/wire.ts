import * as z from 'zod';
import { Revocation } from './evidence.ts';
import { Reference, sealSuite, TxId } from './transaction.ts';
import { WebEidToken } from './web-eid.ts';

/**
 * What crosses the line between terminal and middleware. `openapi.ts` makes the published document of these schemas,
 * so that there is one truth; tests hold the real traffic against that document.
 */

export const batchLimits = { records: 100, bytes: 256 * 1024 } as const;

/**
 * Milliseconds that a terminal waits for an answer; after that it says that there is no line. Who asks others before it
 * answers must be done well before: the person may have spent a PIN on the question.
 */
export const answerWithinMs = 30_000;

/** A CloudEvents 1.0 event in JSON; extension attributes are lower case by that specification (clause 3.1). */
export const TransactionEvent = z.object({
  specversion: z.literal('1.0'),
  id: TxId,
  source: z.string().regex(/^urn:loket:terminal:[a-z0-9-]{1,64}$/),
  type: z.literal('be.loket.transaction.v1'),
  /** When the terminal kept it, by the terminal's own clock: told, never used for order. */
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/octet-stream'),
  /** HPKE ciphertext. */
  data_base64: z.base64().max(200_000),
  /** Dense per terminal: a gap means that something is missing. */
  sequence: z.int().positive(),
  reference: Reference,
  suite: z.literal(sealSuite),
  keyid: z.string().min(1).max(64),
  /** HPKE encapsulated key. */
  encapsulated: z.base64().max(400),
});
export type TransactionEvent = z.infer<typeof TransactionEvent>;

export const TransactionBatch = z.array(TransactionEvent).min(1).max(batchLimits.records);

/** One item's result. A refusal never makes a terminal forget a record: it waits for a person. */
export const ItemResult = z.discriminatedUnion('status', [
  /** `receipt`: compact JWS (RFC 7515) over `ReceiptClaims`. A repeat of the same bytes gets the same receipt again. */
  z.object({ txId: TxId, status: z.literal('received'), receipt: z.string().max(4000) }),
  z.object({ txId: TxId, status: z.literal('refused'), reason: z.enum(['different_content', 'unknown_key', 'invalid']) }),
]);
export type ItemResult = z.infer<typeof ItemResult>;

export const BatchReply = z.object({ results: z.array(ItemResult).max(batchLimits.records) });
export type BatchReply = z.infer<typeof BatchReply>;

export const ReceiptClaims = z.object({
  txId: TxId,
  reference: Reference,
  terminal: z.string(),
  /** SHA-256 of the ciphertext, base64url. */
  sha256: z.string().length(43),
  receivedAt: z.iso.datetime(),
});
export type ReceiptClaims = z.infer<typeof ReceiptClaims>;

/** What a reference alone may tell: received or not, and when. No product, no person. */
export const TicketStatus = z.object({ reference: Reference, received: z.boolean(), receivedAt: z.iso.datetime().nullable() });
export type TicketStatus = z.infer<typeof TicketStatus>;

const TerminalId = z.string().regex(/^[a-z0-9-]{1,64}$/);
/** DER, base64. */
const Certificate = z.base64().min(100).max(8_000);

/** `POST /v1/challenges`: a nonce for one sign-in at one terminal. */
export const ChallengeRequest = z.object({ terminal: TerminalId });
export type ChallengeRequest = z.infer<typeof ChallengeRequest>;
export const Challenge = z.object({
  /** 32 random bytes, base64: 44 characters, as Web eID asks for. Good for one sign-in. */
  nonce: z.string().min(44).max(128),
  /** The middleware's own HTTPS origin: the terminal signs for this one only, and only when it is the one it talks to. */
  origin: z.url({ protocol: /^https$/ }),
  expiresAt: z.iso.datetime(),
});
export type Challenge = z.infer<typeof Challenge>;

/** `POST /v1/sign-ins`. `issuer`: the citizen CA as the card gave it; it must chain to a pinned root here too. */
export const SignInRequest = z.object({ terminal: TerminalId, nonce: z.string().max(128), token: WebEidToken, issuer: Certificate });
export type SignInRequest = z.infer<typeof SignInRequest>;
export const SignInResult = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), acceptedAt: z.iso.datetime(), revocation: Revocation }),
  z.object({
    status: z.literal('refused'),
    reason: z.enum([
      /** Never given out, given to another terminal, used before, or older than five minutes. */
      'challenge',
      /** The token is not over this origin and nonce with the key of its certificate. */
      'signature',
      /** No chain to a pinned root, or not a certificate for signing in. */
      'certificate',
      'expired',
      'revoked',
      /** Neither OCSP nor CRL could be asked, and what is known is too old. */
      'revocation_unknown',
    ]),
  }),
]);
export type SignInResult = z.infer<typeof SignInResult>;

/** `POST /v1/revocations`: in the body, because a certificate names a person and addresses are written down. */
export const RevocationRequest = z.object({
  terminal: TerminalId,
  certificate: Certificate,
  /** Null where a pinned root issued it (the National Register's): whoever answers knows that root's name and key. */
  issuer: Certificate.nullable(),
});
export type RevocationRequest = z.infer<typeof RevocationRequest>;
export const RevocationReply = z.object({ revocation: Revocation, checkedAt: z.iso.datetime() });
export type RevocationReply = z.infer<typeof RevocationReply>;

/** RFC 9457. */
export const Problem = z.object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string().optional() });
export type Problem = z.infer<typeof Problem>;

export const mediaType = {
  batch: 'application/cloudevents-batch+json',
  json: 'application/json',
  problem: 'application/problem+json',
} as const;

export const Health = z.object({ status: z.literal('ok') });
export type Health = z.infer<typeof Health>;

/** `Problem.type` (RFC 9457, 3.1.1) and its fixed title. `detail` never repeats what was sent. */
export const problems = {
  badRequest: { type: 'urn:loket:problem:bad-request', title: 'This request cannot be read.' },
  notABatch: { type: 'urn:loket:problem:not-a-batch', title: 'A batch is an array of 1 to 100 events.' },
  nothingReadable: { type: 'urn:loket:problem:nothing-readable', title: 'No item of this batch can be read.' },
  unknownTerminal: { type: 'urn:loket:problem:unknown-terminal', title: 'This terminal is not known here.' },
  badReference: { type: 'urn:loket:problem:bad-reference', title: 'This is not a reference.' },
  notFound: { type: 'urn:loket:problem:not-found', title: 'There is nothing here.' },
  tooLarge: { type: 'urn:loket:problem:too-large', title: 'This request is too large.' },
  mediaType: { type: 'urn:loket:problem:media-type', title: 'This media type or encoding is not taken here.' },
  tooMany: { type: 'urn:loket:problem:too-many', title: 'Too many questions at once. Ask again later.' },
  ourMistake: { type: 'urn:loket:problem:our-mistake', title: 'Something went wrong here. Nothing is lost: send it again later.' },
  unknownCertificate: {
    type: 'urn:loket:problem:unknown-certificate',
    title: 'No pinned root stands behind this certificate, so nothing is asked about it.',
  },
  unavailable: { type: 'urn:loket:problem:unavailable', title: 'Not available now. Send it again later.' },
} as const;
