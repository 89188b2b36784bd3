import { batchLimits, mediaType } from '../wire.ts';
import {
  encoding,
  html,
  json,
  ourMistake,
  type Paths,
  problem,
  referenceParameter,
  retryAfter,
  schemaRef,
  unavailable,
} from './operation.ts';

/** Deliveries up, and what a ticket alone may ask. */
export const transactionPaths: Paths = {
  '/v1/transactions': {
    post: {
      operationId: 'deliverTransactions',
      summary: 'Deliver sealed transactions.',
      description:
        'Stores each sealed record once and answers with a signed receipt per item. The same record again (same id, same sealed bytes, same envelope) gets the same receipt, byte for byte, so a delivery may be repeated without harm for as long as the case exists. Accepting is not processing: nothing is opened here. Each item is judged on its own; a broken one never hurts the others.',
      requestBody: {
        required: true,
        description: `At most ${batchLimits.records} records and ${batchLimits.bytes} bytes of ciphertext; a body above 400 KiB is not read.`,
        content: { [mediaType.batch]: { schema: schemaRef('TransactionBatch') } },
      },
      responses: {
        200: json(
          'Read the results: 200 says only that the batch was judged. Believe no item without verifying its receipt.',
          'BatchReply',
        ),
        400: problem('Not JSON, or not HTTP.', 'badRequest'),
        403: problem('No item comes from a known terminal. Nothing was taken.', 'unknownTerminal'),
        413: problem('Above 400 KiB. Send fewer at once.', 'tooLarge'),
        415: problem('Not the CloudEvents batch type, or a content coding.', 'mediaType'),
        422: problem('Not an array of 1 to 100 items, or no item whose id can be read. Nothing was taken.', 'notABatch', 'nothingReadable'),
        500: ourMistake,
        503: unavailable,
      },
    },
  },
  '/v1/tickets/{reference}': {
    get: {
      operationId: 'readTicket',
      summary: 'Was this ticket received?',
      description: 'Received or not, and nothing else; an unknown reference is simply not received. Limited per address.',
      parameters: [{ ...referenceParameter, schema: schemaRef('Reference') }],
      responses: {
        200: json('The status.', 'TicketStatus'),
        400: problem('Not a reference.', 'badReference', 'badRequest'),
        415: encoding,
        429: { ...problem('Too many questions from one address.', 'tooMany'), headers: retryAfter },
        500: ourMistake,
        503: unavailable,
      },
    },
  },
  '/t/{reference}': {
    get: {
      operationId: 'showTicket',
      summary: 'The page behind a ticket’s code, for people.',
      description: 'HTML in Dutch and French: received or not yet. Small letters and missing dashes are forgiven. Limited per address.',
      parameters: [{ ...referenceParameter, schema: { type: 'string', maxLength: 100 } }],
      responses: {
        200: { description: 'Received, or not yet.', content: html },
        400: problem('An address that cannot be read.', 'badRequest'),
        404: { description: 'Not a reference.', content: html },
        415: encoding,
        429: { description: 'Too many questions from one address.', headers: retryAfter, content: html },
        500: ourMistake,
        503: unavailable,
      },
    },
  },
  '/v1/health': {
    get: {
      operationId: 'readHealth',
      summary: 'Does this instance answer?',
      description: 'For balancers and for a terminal that wants to know whether there is a line.',
      responses: { 200: json('It does.', 'Health'), 415: encoding },
    },
  },
};
