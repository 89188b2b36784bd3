import { tus } from '../attachment.ts';
import { ourMistake, type Paths, problem, retryAfter, schemaRef, unavailable } from './operation.ts';

const { headers } = tus;
const resumable = { 'Tus-Resumable': { description: 'tus 1.0.0.', required: true, schema: { const: tus.version } } };
const number = (description: string) => ({ description, required: true, schema: { type: 'string', pattern: '^[0-9]+$' } });
const version = {
  name: headers.resumable,
  in: 'header',
  required: true,
  description: 'The version of tus that is spoken.',
  schema: { const: tus.version },
};
const id = { name: 'id', in: 'path', required: true, description: 'As the record names it.', schema: schemaRef('TxId') };
const header = (name: string, description: string) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } });

const refusals = {
  401: problem('No client certificate of a terminal that was enrolled here.', 'noCertificate'),
  403: problem('Another terminal began it.', 'notYours'),
  404: problem('It was never begun, or is not here any more: begin it.', 'notFound'),
  410: problem('The terminal ended it.', 'ended'),
  412: problem('Another version of tus, or none.', 'tusVersion'),
  415: problem('Not a piece by its media type, or a content coding.', 'mediaType'),
  500: ourMistake,
  503: unavailable,
};
const { 404: _begin, ...atBeginning } = refusals;
const { 410: _ended, ...atEnd } = refusals;

/** Attachments up, by tus 1.0.0 (tus.io/protocols/resumable-upload) with `creation` and `termination`. */
export const attachmentPaths: Paths = {
  '/v1/attachments': {
    options: {
      operationId: 'describeUploads',
      summary: 'What of tus is spoken here.',
      description: 'Version, extensions and largest upload, as tus says it.',
      responses: { 204: { description: 'See the headers.', headers: resumable, content: {} }, 500: ourMistake },
    },
    post: {
      operationId: 'beginAttachment',
      summary: 'Begin an upload.',
      description:
        'With the terminal’s client certificate, also for held terminals. The terminal names the upload: saying the same again begins nothing new. `Upload-Metadata` has `id` (a UUIDv7, as the record names it) and `sha256` (of all ciphertext, base64url), each in base64. The chunks are AES-256-GCM; the key is in the sealed record.',
      parameters: [
        version,
        header(headers.length, `Bytes of ciphertext, at most ${tus.largest}.`),
        header(headers.metadata, '`id …,sha256 …`'),
      ],
      responses: {
        201: {
          description: 'It may come.',
          headers: { ...resumable, Location: { description: 'Of the upload.', required: true, schema: { type: 'string' } } },
          content: {},
        },
        ...atBeginning,
        400: problem('Length or metadata cannot be read.', 'badRequest'),
        409: problem('That name is another upload’s.', 'wrongOffset'),
        413: problem(`Above ${tus.largest} bytes.`, 'tooLarge'),
        429: { ...problem('Too much of this terminal that no record names yet.', 'tooMany'), headers: retryAfter },
      },
    },
  },
  '/v1/attachments/{id}': {
    head: {
      operationId: 'readAttachment',
      summary: 'Up to where is it here?',
      description: 'With `Loket-Backed-Up: ?1` a backup has the whole, and the terminal need not keep it any more.',
      parameters: [version, id],
      responses: {
        200: {
          description: 'See the headers.',
          headers: {
            ...resumable,
            'Upload-Offset': number('Bytes that are here.'),
            'Upload-Length': number('Bytes of the whole.'),
            'Loket-Backed-Up': { description: 'RFC 8941, 3.3.6.', required: true, schema: { enum: ['?0', '?1'] } },
          },
          content: {},
        },
        ...refusals,
      },
    },
    patch: {
      operationId: 'bringPiece',
      summary: 'Bring the next piece.',
      description: `At most ${tus.pieceBytes} bytes, stored whole or not at all. It comes by appointment, as every backlog: 429 says when, and \`Loket-Slot\` when the next may come. With the last piece the whole is compared with its SHA-256.`,
      parameters: [version, id, header(headers.offset, 'Where the piece begins: up to where everything is here.')],
      requestBody: { required: true, content: { [tus.piece]: { schema: { type: 'string' } } } },
      responses: {
        204: {
          description: 'It is here.',
          headers: {
            ...resumable,
            'Upload-Offset': number('Bytes that are here now.'),
            'Loket-Slot': number('Milliseconds until the next piece may come.'),
          },
          content: {},
        },
        ...refusals,
        400: problem('Not an offset, or the piece was cut.', 'badRequest'),
        409: problem('It is at another place. Nothing was taken.', 'wrongOffset'),
        413: problem('A piece that is too large, or goes beyond the end.', 'tooLarge'),
        429: { ...problem('Before its time: `inMs` says when.', 'tooMany'), headers: retryAfter },
        460: problem('The whole is not what was announced. It begins anew.', 'wrongContent'),
      },
    },
    delete: {
      operationId: 'endAttachment',
      summary: 'This will not come.',
      description: 'For an attachment that was lost: its case stops waiting for it, and a person looks. What is whole stays.',
      parameters: [version, id],
      responses: { 204: { description: 'It is written down.', headers: resumable, content: {} }, ...atEnd },
    },
  },
};
