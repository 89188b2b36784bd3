import { mediaType } from '../wire.ts';
import { encoding, json, ourMistake, type Paths, problem, refusals, retryAfter, schemaRef, unavailable } from './operation.ts';

const noCertificate = problem('No client certificate, or none that was issued here.', 'noCertificate');
const held = problem('This terminal’s certificate was revoked or has expired, or its queue was seen twice.', 'heldTerminal');
const unreadable = problem('Not HTTP, or an address that cannot be read.', 'badRequest');
const text = { schema: { type: 'string' } };

/** How a terminal gets its identity, and what comes down to it. */
export const terminalPaths: Paths = {
  '/v1/root': {
    get: {
      operationId: 'readRoot',
      summary: 'The root certificate that terminals pin.',
      description:
        'For a terminal that is being enrolled: it believes nothing of this connection but a root whose SHA-256 begins as its one-time code says.',
      responses: { 200: { description: 'PEM.', content: { [mediaType.pem]: text } }, 415: encoding, 500: ourMistake },
    },
  },
  '/v1/enrolments': {
    post: {
      operationId: 'enrol',
      summary: 'Get a certificate for a one-time code.',
      description:
        'Without a client certificate. A code is good once, for one terminal, for 24 hours; the same code with the same key gets its certificate again, because an answer may get lost. The key must be P-256, new here, and the request signed with it. Enrolling anew revokes what the terminal had. Limited per address.',
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('EnrolmentRequest') } } },
      responses: {
        200: json('The certificate, and what to pin from now on.', 'Enrolment'),
        400: problem('Not as the schema says, not a request that its key signed, or a key that was certified before.', 'badRequest'),
        403: problem('The code. It is not told which of the three.', 'codeRefused'),
        413: problem('Above 32 KiB.', 'tooLarge'),
        415: problem('Not JSON by its media type, or a content coding.', 'mediaType'),
        429: { ...problem('Too many tries from one address.', 'tooMany'), headers: retryAfter },
        500: ourMistake,
        503: unavailable,
      },
    },
  },
  '/v1/certificates': {
    post: {
      operationId: 'renewCertificate',
      summary: 'Get the next certificate, with the one that is still valid.',
      description:
        'For the same key or a new one that was never certified. What was kept under the old key is still taken. Due at two thirds of the life of a certificate (60 days). Limited per terminal.',
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('RenewalRequest') } } },
      responses: {
        200: json('The next certificate. The one before goes on until its end.', 'Renewal'),
        ...refusals,
      },
    },
  },
  '/v1/keys': {
    get: {
      operationId: 'readKeySet',
      summary: 'The public keys of the middleware, signed.',
      description:
        'Compact JWS (RFC 7515) with `typ` `loket-key-set` over a KeySet, by the key that enrolment pinned. A held terminal gets it too: it goes on sealing.',
      responses: {
        200: { description: 'Compact JWS.', content: { [mediaType.jose]: text } },
        400: unreadable,
        401: noCertificate,
        415: encoding,
        500: ourMistake,
        503: unavailable,
      },
    },
  },
  '/v1/changes': {
    get: {
      operationId: 'readChanges',
      summary: 'Is there a newer bundle of catalogue, forms and texts?',
      description:
        'The manifest is a compact JWS (RFC 7515) with `typ` `loket-bundle` over a BundleManifest, by a bundle key of the key set. A cursor that nobody here knows gets the whole manifest; what a terminal has already by its hash, it need not fetch.',
      parameters: [
        { name: 'cursor', in: 'query', required: false, description: 'As it came last time.', schema: { type: 'string', maxLength: 200 } },
      ],
      responses: {
        200: json('The newest, or that there is nothing newer.', 'Changes'),
        400: problem('Not a cursor.', 'badRequest'),
        401: noCertificate,
        403: held,
        415: encoding,
        500: ourMistake,
        503: unavailable,
      },
    },
  },
  '/v1/blobs/{sha256}': {
    get: {
      operationId: 'readBlob',
      summary: 'A file of a bundle, by its hash.',
      description: 'Byte for byte what was published: its SHA-256 is its name.',
      parameters: [{ name: 'sha256', in: 'path', required: true, description: 'Base64url, from the manifest.', schema: schemaRef('Hash') }],
      responses: {
        200: { description: 'The file.', content: { [mediaType.json]: { schema: {} } } },
        400: unreadable,
        401: noCertificate,
        403: held,
        404: problem('Not a hash, or nothing that was published here.', 'notFound'),
        415: encoding,
        500: ourMistake,
        503: unavailable,
      },
    },
  },
};
