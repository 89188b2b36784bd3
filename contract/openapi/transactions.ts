import { batchLimits, epochHeader, epochTag, largestBatchText, mediaType, preference, priority } from '../wire.ts';
import {
  encoding,
  html,
  json,
  ourMistake,
  type Paths,
  problem,
  referenceParameter,
  refusals,
  retryAfter,
  schemaRef,
  unavailable,
} from './operation.ts';

const priorityParameter = {
  name: priority.header,
  in: 'header',
  required: false,
  description: 'RFC 9218.',
  schema: { type: 'string', examples: [priority.live, priority.backlog] },
};

/** Deliveries up, and what a ticket alone may ask. */
export const transactionPaths: Paths = {
  '/v1/transactions': {
    post: {
      operationId: 'deliverTransactions',
      summary: 'Deliver sealed transactions.',
      description:
        'With the terminal’s client certificate. Stores each sealed record once and answers with a receipt per item, under one signature. The same record again gets the same receipt, byte for byte, so a delivery may be repeated without harm for as long as the case exists. Accepting is not processing: nothing is opened here. One signature, of the last item, vouches for all of them, so a delivery is taken as a whole: what cannot be read or is not vouched for is 422, and a terminal that splits it finds the item. What comes from a terminal whose standing is in doubt is received and held. `Priority: u=6` (RFC 9218) marks a backlog, which comes by appointment: 429 says when, and `news.slot` when the next part may come. Anything else is taken for something that somebody waits for, up to a number per terminal.',
      parameters: [
        priorityParameter,
        {
          name: epochHeader,
          in: 'header',
          required: false,
          description:
            'RFC 9110, 13.1.1: the epoch of the last news, as an entity tag. Left out at the first contact, and by whoever carries another’s records.',
          schema: { type: 'string', examples: [epochTag('0123456789abcdef')] },
        },
        {
          name: preference.header,
          in: 'header',
          required: false,
          description:
            'RFC 7240: `return=minimal`: the proofs may be left out where the delivery is the whole tree of one receipt, leaf by leaf in the order sent. Whoever sent it makes root and proofs of its own records.',
          schema: { type: 'string', examples: [preference.minimal] },
        },
      ],
      requestBody: {
        required: true,
        description: `At most ${batchLimits.records} records and ${batchLimits.bytes} bytes of ciphertext; a body above ${largestBatchText} bytes is not read. The first item carries \`previous\`, the last one \`signature\`.`,
        content: { [mediaType.batch]: { schema: schemaRef('TransactionBatch') } },
      },
      responses: {
        200: json(
          'Read the results: 200 says only that the delivery was judged. Believe no item without verifying its receipt.',
          'BatchReply',
        ),
        400: problem('Not JSON, or not HTTP.', 'badRequest'),
        401: problem('No client certificate of a terminal that was enrolled here. Nothing was taken.', 'noCertificate'),
        412: problem('The middleware was restored since that epoch. Nothing was taken: ask for the news, then deliver.', 'otherEpoch'),
        413: problem(`Above ${largestBatchText} bytes. Send fewer at once.`, 'tooLarge'),
        415: problem('Not the CloudEvents batch type, or a content coding.', 'mediaType'),
        422: problem(
          'Not an array of 1 to 100 items, or not consecutive records of one queue of this terminal with a signature that verifies. Nothing was taken.',
          'notABatch',
          'notADelivery',
        ),
        429: { ...problem('A backlog before its time: `inMs` says when.', 'tooMany'), headers: retryAfter },
        500: ourMistake,
        503: unavailable,
      },
    },
  },
  '/v1/line': {
    get: {
      operationId: 'readLine',
      summary: 'What every contact tells a terminal, alone.',
      description:
        'With the terminal’s client certificate, also for held terminals. With `Priority: u=6` a terminal asks for an appointment for its backlog: `slot` null means that it may come now.',
      parameters: [priorityParameter],
      responses: {
        200: json('The news.', 'LineNews'),
        401: problem('No client certificate of a terminal that was enrolled here.', 'noCertificate'),
        415: encoding,
        500: ourMistake,
        503: unavailable,
      },
    },
  },
  '/v1/losses': {
    post: {
      operationId: 'stateLoss',
      summary: 'Committed records are gone from this terminal’s disk.',
      description:
        'With the terminal’s client certificate, also for held terminals. The statement is verified with a key that the terminal has or had, and closes the queue: nobody waits for what is missing. Saying it twice says it once. What is intact may still arrive in the old queue.',
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('LossRequest') } } },
      responses: {
        200: json('It is written down.', 'LossReply'),
        ...refusals,
        400: problem('Not JSON, not as the schema says, or not a statement of this terminal.', 'badRequest'),
        401: problem('No client certificate of a terminal that was enrolled here.', 'noCertificate'),
        403: problem('A terminal speaks for itself alone.', 'unknownTerminal'),
        413: problem('Above 410 KiB.', 'tooLarge'),
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
  '/check': {
    get: {
      operationId: 'showChecker',
      summary: 'Is this printed code genuine?',
      description: 'HTML in Dutch and French. What is typed there stays in the browser; the keys come from `/v1/check-keys`.',
      responses: { 200: { description: 'The page.', content: html }, 415: encoding },
    },
  },
  '/checker.html': {
    get: {
      operationId: 'downloadChecker',
      summary: 'The same page as one file, with the keys of that moment.',
      description: 'To keep and to open without a line: it asks nothing of anybody.',
      responses: {
        200: { description: 'The file.', content: html },
        415: encoding,
        429: { ...problem('Too many questions from one address.', 'tooMany'), headers: retryAfter },
        500: ourMistake,
        503: unavailable,
      },
    },
  },
  '/v1/check-keys': {
    get: {
      operationId: 'readCheckKeys',
      summary: 'The public keys that check tickets and receipts.',
      description: 'For anybody. At most a minute old. Limited per address.',
      responses: {
        200: json('The keys, signed.', 'CheckKeys'),
        415: encoding,
        429: { ...problem('Too many questions from one address.', 'tooMany'), headers: retryAfter },
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
