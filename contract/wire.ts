import * as z from 'zod';
import { Reference, sealSuite, TxId } from './transaction.ts';

/**
 * What crosses the line between terminal and middleware. `openapi.ts` makes the published document of these schemas,
 * so that there is one truth; tests hold the real traffic against that document.
 */

export const batchLimits = { records: 100, bytes: 256 * 1024 } as const;

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

/** RFC 9457. */
export const Problem = z.object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string().optional() });
export type Problem = z.infer<typeof Problem>;

export const mediaType = {
  batch: 'application/cloudevents-batch+json',
  json: 'application/json',
  problem: 'application/problem+json',
} as const;
