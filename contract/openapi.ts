import * as z from 'zod';
import { Revocation } from './evidence.ts';
import { Reference, TransactionContent, TxId } from './transaction.ts';
import { WebEidToken } from './web-eid.ts';
import {
  BatchReply,
  batchLimits,
  Challenge,
  ChallengeRequest,
  Health,
  ItemResult,
  mediaType,
  Problem,
  problems,
  ReceiptClaims,
  RevocationReply,
  RevocationRequest,
  SignInRequest,
  SignInResult,
  TicketStatus,
  TransactionBatch,
  TransactionEvent,
} from './wire.ts';

/** An OpenAPI 3.1 document: JSON, so that it can be written, compared and read by any tool. */
export type OpenApiDocument = {
  openapi: string;
  jsonSchemaDialect: string;
  info: { title: string; version: string; description: string };
  servers: { url: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};
type Operation = {
  operationId: string;
  summary: string;
  description: string;
  parameters?: object[];
  requestBody?: object;
  responses: Record<string, { description: string; headers?: object; content: Record<string, { schema: object }> }>;
};
type ProblemName = keyof typeof problems;

const schemas = {
  TxId: [TxId, 'UUID version 7 (RFC 9562, 5.7), lower case, made when the form is opened. The identity of a transaction.'],
  Reference: [Reference, 'What stands on the ticket: the town, then eight Crockford base-32 characters by chance.'],
  TransactionEvent: [
    TransactionEvent,
    'A CloudEvents 1.0 event in JSON format. `data_base64` is HPKE ciphertext (RFC 9180, base mode): `info` is the text of `suite`, `aad` binds id, terminal, sequence and keyid.',
  ],
  TransactionContent: [
    TransactionContent,
    'What is sealed inside `data_base64`, as JSON in UTF-8. Only the worker of the middleware can read it.',
  ],
  TransactionBatch: [
    TransactionBatch,
    'CloudEvents JSON batch format (JSON event format 1.0, clause 4). All items come from one terminal.',
  ],
  ItemResult: [ItemResult, 'The result of one item. A refusal never makes a terminal forget a record: it waits for a person.'],
  BatchReply: [
    BatchReply,
    'One result per item whose id can be read, in the order of the items. An item without a result was not received: it stays with the terminal.',
  ],
  ReceiptClaims: [
    ReceiptClaims,
    'Payload of a receipt, which is a compact JWS (RFC 7515) with `typ` `loket-receipt` and the signing key in `kid`.',
  ],
  TicketStatus: [TicketStatus, 'Received or not, and when. No product, no person.'],
  ChallengeRequest: [ChallengeRequest, 'Who wants to sign somebody in.'],
  Challenge: [Challenge, 'What the card signs, through hashes of both: where, and a number that is good once.'],
  WebEidToken: [
    WebEidToken,
    'Web eID authentication token, format 1.0 (web-eid-system-architecture-doc): the hash of the origin and the hash of the nonce, one after the other, signed with the authentication key. ES384 signatures are `r‖s`.',
  ],
  SignInRequest: [SignInRequest, 'An answered challenge. Names a person; nothing of it is kept here.'],
  SignInResult: [SignInResult, 'Accepted, with what is known of the revocation of the person’s certificate; or refused, and why.'],
  Revocation: [Revocation, 'What is known of one certificate. `asOf` is the authority’s own time: show it as the age.'],
  RevocationRequest: [
    RevocationRequest,
    'A certificate to ask about, and the one that issued it. May name a person; nothing of it is kept here.',
  ],
  RevocationReply: [RevocationReply, 'What is known, and when the middleware said so.'],
  Health: [Health, 'The process answers.'],
  Problem: [
    Problem,
    'Problem details (RFC 9457). `type` is one of the addresses listed with the operation; `detail` never repeats what was sent.',
  ],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

function schemaRef(name: keyof typeof schemas): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

function problem(description: string, ...names: ProblemName[]) {
  const types = names.map((name) => `\`${problems[name].type}\``).join(', ');
  return { description: `${description} Type: ${types}.`, content: { [mediaType.problem]: { schema: schemaRef('Problem') } } };
}

function json(description: string, name: keyof typeof schemas) {
  return { description, content: { [mediaType.json]: { schema: schemaRef(name) } } };
}

const retryAfter = {
  'Retry-After': { description: 'Seconds (RFC 9110, 10.2.3).', required: true, schema: { type: 'string', pattern: '^[1-9][0-9]*$' } },
};
const ourMistake = problem('Our mistake. Nothing of this request was kept unless a receipt says so: send it again later.', 'ourMistake');
const unavailable = problem('The database does not answer. Send it again later.', 'unavailable');
const encoding = problem('A content coding; send the bytes as they are.', 'mediaType');
/** What the three operations around sign-in refuse, each before anything is done. */
const refusals = {
  400: problem('Not JSON, not as the schema says, or not HTTP.', 'badRequest'),
  403: problem('A terminal that is not known here.', 'unknownTerminal'),
  413: problem('Above 32 KiB.', 'tooLarge'),
  415: problem('Not JSON by its media type, or a content coding.', 'mediaType'),
  429: { ...problem('Too much at once from one terminal.', 'tooMany'), headers: retryAfter },
  500: ourMistake,
  503: unavailable,
};
const referenceParameter = { name: 'reference', in: 'path', required: true, description: 'From the ticket.' };
const html = { 'text/html': { schema: { type: 'string' } } };

const paths: OpenApiDocument['paths'] = {
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
  '/v1/challenges': {
    post: {
      operationId: 'giveChallenge',
      summary: 'Ask for a challenge to sign in with.',
      description:
        'A challenge belongs to one terminal, lives five minutes and is good for one sign-in, whatever comes of it. Limited per terminal.',
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('ChallengeRequest') } } },
      responses: { 200: json('The challenge.', 'Challenge'), ...refusals },
    },
  },
  '/v1/sign-ins': {
    post: {
      operationId: 'signIn',
      summary: 'Sign a person in with the answered challenge.',
      description:
        'Takes the challenge away first, then verifies the token’s signature, the chain to a pinned root, and that neither the certificate nor its CA is revoked. A refusal is an answer and comes with 200; a new try needs a new challenge. May take some seconds, because an authority is asked.',
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('SignInRequest') } } },
      responses: { 200: json('Accepted or refused.', 'SignInResult'), ...refusals },
    },
  },
  '/v1/revocations': {
    post: {
      operationId: 'checkRevocation',
      summary: 'Is this certificate revoked?',
      description:
        'For the National Register’s certificate behind a card’s files, and for citizens’ certificates. Asks by OCSP (RFC 6960), else looks in the issuer’s list (RFC 5280), or repeats what was said not long ago: `asOf` tells. Nothing is asked for a certificate that no pinned root stands behind.',
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('RevocationRequest') } } },
      responses: {
        200: json('What is known; `unchecked` when nobody could be asked.', 'RevocationReply'),
        ...refusals,
        422: problem('No chain to a pinned root, within its dates. Nothing was asked.', 'unknownCertificate'),
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
};

/** The one published truth about the line, made of the schemas that both sides run. `npm run openapi` writes it down. */
export function buildOpenApi(): OpenApiDocument {
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Loket middleware',
      version: '1.0.0',
      description:
        'What terminals and people may ask of a middleware. TLS is always on; refusals are problem details (RFC 9457). Pages for staff and the switches of the demo are not part of this contract.',
    },
    servers: [{ url: 'https://localhost', description: 'Wherever the middleware runs; a terminal pins its root certificate.' }],
    paths,
    components: { schemas: describeSchemas() },
  };
}

function describeSchemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, [schema]] of Object.entries(schemas)) registry.add(schema, { id });
  const descriptions = new Map(Object.entries(schemas).map(([id, [, description]]) => [id, description]));
  // `input`: an object may carry more than is named here, so that either side can be updated first.
  const made = z.toJSONSchema(registry, { target: 'draft-2020-12', io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([id, { $id: _id, $schema: _dialect, ...schema }]) => [
      id,
      { description: descriptions.get(id), ...schema },
    ]),
  );
}
