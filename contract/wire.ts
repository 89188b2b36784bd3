import * as z from 'zod';
import { Revocation } from './evidence.ts';
import { Grant, VisitId } from './file.ts';
import { Generation, Hash, Lane, patterns, Reference, TerminalId, TerminalSignature, TxId } from './ids.ts';
import { InclusionProof } from './receipt.ts';

import { WebEidToken } from './web-eid.ts';

/**
 * What crosses the line between terminal and middleware. `openapi.ts` makes the published document of these schemas,
 * so that there is one truth; tests hold the real traffic against that document.
 */

export const batchLimits = { records: 100, bytes: 256 * 1024 } as const;

/** What a record counts for in `batchLimits.bytes`, at either side: its ciphertext, as bytes. */
export const bytesInBatch = ({ ciphertext }: { ciphertext: Uint8Array }): number => ciphertext.length;

/** The text of any batch within the limits: base64 makes three bytes four, and what stands around a record is below 900. */
export const largestBatchText = Math.ceil((batchLimits.bytes / 3) * 4) + batchLimits.records * 900;

/**
 * Milliseconds that a terminal waits for an answer; after that it says that there is no line. Who asks others before it
 * answers must be done well before: the person may have spent a PIN on the question.
 */
export const answerWithinMs = 30_000;

/** Characters of an event's time: its fraction of a second has no end by itself. */
export const longestTime = 40;

/** A CloudEvents 1.0 event in JSON; extension attributes are lower case by that specification (clause 3.1). */
export const TransactionEvent = z.object({
  specversion: z.literal('1.0'),
  id: TxId,
  source: z.string().regex(patterns.source),
  type: z.literal('be.loket.transaction.v1'),
  /** When the terminal kept it, by the terminal's own clock: told, never used for order. */
  time: z.iso.datetime().max(longestTime),
  datacontenttype: z.literal('application/octet-stream'),
  /** HPKE ciphertext. */
  data_base64: z.base64().max(200_000),
  generation: Generation,
  /** Dense per terminal and generation: a gap means that something is missing. */
  sequence: z.int().positive(),
  reference: Reference,
  lane: Lane,
  /** Of the key set; it says the suite. */
  keyid: z.string().min(1).max(64),
  /** HPKE encapsulated key. */
  encapsulated: z.base64().max(400),
  /** On a delivery's first item: the chain before it. */
  previous: Hash.optional(),
  /** On a delivery's last item: the terminal's signature over its `KeptStatement`, which vouches for all before it. */
  signature: TerminalSignature.optional(),
});
export type TransactionEvent = z.infer<typeof TransactionEvent>;

/** Consecutive sequences of one generation. A delivery of one item has both `previous` and `signature`. */
export const TransactionBatch = z.array(TransactionEvent).min(1).max(batchLimits.records);

/** One item's result. A refusal never makes a terminal forget a record: it waits for a person. */
export const ItemResult = z.discriminatedUnion('status', [
  /**
   * `receipt`: which of the reply's receipts it stands under, and how. A repeat of the same bytes gets the same receipt
   * again. `held`: received, and waiting for a person there, because this terminal's standing is in doubt. `proof` may be
   * left out for who prefers that, of a delivery that is its receipt's whole tree, leaf by leaf: whoever sent it has all leaves.
   */
  z.object({
    txId: TxId,
    status: z.literal('received'),
    receipt: z.object({ head: z.int().nonnegative(), proof: InclusionProof.optional() }),
    held: z.boolean(),
  }),
  z.object({ txId: TxId, status: z.literal('refused'), reason: z.enum(['different_content', 'unknown_key', 'invalid']) }),
]);
export type ItemResult = z.infer<typeof ItemResult>;

/** What every contact tells a terminal about itself. `GET /v1/line` gives it alone. */
export const LineNews = z.object({
  /** By the middleware's clock: shown beside the terminal's own, used for nothing else. */
  at: z.iso.datetime(),
  epoch: z.string().min(1).max(32),
  /** `held`: what is delivered waits for a person, and nothing else is given. */
  standing: z.enum(['active', 'held_revoked', 'held_expired', 'held_forked']),
  /** Of this terminal's queues, newest last: up to where nothing is missing (losses that were stated included), and up to where a backup has it. */
  generations: z.array(z.object({ generation: Generation, linked: z.int().nonnegative(), backedUp: z.int().nonnegative() })).max(50),
  keySetSerial: z.int().positive(),
  /** The down-path's newest; asked for when it is another than the terminal's. */
  cursor: z.string().min(1).max(200),
  /** When the next part of the backlog may come, in milliseconds from now; null: no slot was asked for or none is needed. */
  slot: z.object({ inMs: z.int().nonnegative().max(86_400_000) }).nullable(),
});
export type LineNews = z.infer<typeof LineNews>;

export const BatchReply = z.object({
  results: z.array(ItemResult).max(batchLimits.records),
  /** Compact JWS over `ReceiptHead`. */
  receipts: z.array(z.string().max(2_000)).max(batchLimits.records),
  news: LineNews,
});
export type BatchReply = z.infer<typeof BatchReply>;

/**
 * In which epoch a delivery believes the middleware to be, as an entity tag in `If-Match` (RFC 9110, 13.1.1). In another one
 * nothing is taken (412): after a restore, earlier records of the same case may have to come again first.
 */
export const epochHeader = 'if-match';
export const epochTag = (epoch: string): string => `"${epoch}"`;

/** RFC 7240: a sender that makes the proofs itself, of what it sent, does not need them in the reply: three quarters of it. */
export const preference = { header: 'prefer', minimal: 'return=minimal' } as const;

/** Extensible priorities (RFC 9218): what somebody waits for goes before what was kept while there was no line. */
export const priority = { header: 'priority', live: 'u=1', backlog: 'u=6' } as const;

/** `POST /v1/losses`: compact JWS over `LossStatement`. Saying it twice says it once. */
export const LossRequest = z.object({ terminal: TerminalId, statement: z.string().max(400_000) });
export type LossRequest = z.infer<typeof LossRequest>;
export const LossReply = z.object({ recorded: z.literal(true) });
export type LossReply = z.infer<typeof LossReply>;

/** What a reference alone may tell: received or not, and when. No product, no person. */
export const TicketStatus = z.object({ reference: Reference, received: z.boolean() });
export type TicketStatus = z.infer<typeof TicketStatus>;

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

/**
 * `POST /v1/sign-ins`. `issuer`: the citizen CA as the card gave it; it must chain to a pinned root here too. `visit`: for
 * which visit a grant is wanted, with which the person's file can be read; without it none is given.
 */
export const SignInRequest = z.object({
  terminal: TerminalId,
  nonce: z.string().max(128),
  token: WebEidToken,
  issuer: Certificate,
  visit: VisitId.optional(),
});
export type SignInRequest = z.infer<typeof SignInRequest>;
export const SignInResult = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), acceptedAt: z.iso.datetime(), revocation: Revocation, grant: Grant.optional() }),
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
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** With `too-many`, for a backlog: when it may come (ms from now). `Retry-After` says the same in whole seconds. */
  inMs: z.int().nonnegative().optional(),
});
export type Problem = z.infer<typeof Problem>;

export const mediaType = {
  batch: 'application/cloudevents-batch+json',
  json: 'application/json',
  /** One JSON text in each line. */
  lines: 'application/x-ndjson',
  problem: 'application/problem+json',
  jose: 'application/jose',
  pem: 'application/x-pem-file',
} as const;

export const Health = z.object({ status: z.literal('ok') });
export type Health = z.infer<typeof Health>;

/** `Problem.type` (RFC 9457, 3.1.1) and its fixed title. `detail` never repeats what was sent. */
export const problems = {
  badRequest: { type: 'urn:loket:problem:bad-request', title: 'This request cannot be read.' },
  notABatch: { type: 'urn:loket:problem:not-a-batch', title: 'A batch is an array of 1 to 100 events.' },
  notADelivery: {
    type: 'urn:loket:problem:not-a-delivery',
    title: 'The items are not consecutive records of one queue, or nobody vouches for them.',
  },
  codeRefused: { type: 'urn:loket:problem:code-refused', title: 'This code is not for this terminal, was used, or is too old.' },
  noCertificate: { type: 'urn:loket:problem:no-certificate', title: 'Only an enrolled terminal may ask this.' },
  heldTerminal: { type: 'urn:loket:problem:held-terminal', title: 'This terminal may deliver what it holds, and nothing else.' },
  signInNeeded: { type: 'urn:loket:problem:sign-in-needed', title: 'Sign in first.' },
  grantEnded: {
    type: 'urn:loket:problem:grant-ended',
    title: 'The time for which this person signed in is over, or it was for another visit.',
  },
  noMandate: { type: 'urn:loket:problem:no-mandate', title: 'This person may not act in that name, or not any more.' },
  notAllowed: { type: 'urn:loket:problem:not-allowed', title: 'Your role does not reach this.' },
  unknownTerminal: { type: 'urn:loket:problem:unknown-terminal', title: 'This terminal is not known here.' },
  badReference: { type: 'urn:loket:problem:bad-reference', title: 'This is not a reference.' },
  notFound: { type: 'urn:loket:problem:not-found', title: 'There is nothing here.' },
  tooLarge: { type: 'urn:loket:problem:too-large', title: 'This request is too large.' },
  mediaType: { type: 'urn:loket:problem:media-type', title: 'This media type or encoding is not taken here.' },
  notYours: { type: 'urn:loket:problem:not-yours', title: 'Another terminal began this upload.' },
  wrongOffset: { type: 'urn:loket:problem:wrong-offset', title: 'This piece does not begin where the upload is. Ask where it is.' },
  wrongContent: { type: 'urn:loket:problem:wrong-content', title: 'The whole is not what was announced. It begins anew.' },
  ended: { type: 'urn:loket:problem:ended', title: 'The terminal said that this will not come.' },
  tusVersion: { type: 'urn:loket:problem:tus-version', title: 'Only tus 1.0.0 is spoken here.' },
  tooMany: { type: 'urn:loket:problem:too-many', title: 'Too many questions at once. Ask again later.' },
  ourMistake: { type: 'urn:loket:problem:our-mistake', title: 'Something went wrong here. Nothing is lost: send it again later.' },
  otherEpoch: { type: 'urn:loket:problem:other-epoch', title: 'The middleware was restored since. Look at the line, then deliver.' },
  unknownCertificate: {
    type: 'urn:loket:problem:unknown-certificate',
    title: 'No pinned root stands behind this certificate, so nothing is asked about it.',
  },
  unavailable: { type: 'urn:loket:problem:unavailable', title: 'Not available now. Send it again later.' },
} as const;
