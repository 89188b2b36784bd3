import { mediaType } from '../wire.ts';
import { json, type Paths, problem, refusals, schemaRef } from './operation.ts';

export const bearer = {
  name: 'authorization',
  in: 'header',
  required: true,
  description: '`Bearer` and the grant’s token (RFC 6750, 2.1).',
  schema: { type: 'string' },
};
export const noGrant = problem(
  'No client certificate that was issued here; or no grant, or one that is over or another visit’s.',
  'noCertificate',
  'grantEnded',
);

/** A person's file, with the grant that a sign-in gave. */
export const filePaths: Paths = {
  '/v1/roles': {
    post: {
      operationId: 'readRoles',
      summary: 'Whom may this person act for?',
      description: 'Themself, enterprises, children under 18 and wards, and who gave them a mandate. Limited per terminal.',
      parameters: [bearer],
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('RolesRequest') } } },
      responses: { 200: json('The roles.', 'RolesReply'), ...refusals, 401: noGrant },
    },
  },
  '/v1/file': {
    post: {
      operationId: 'readFile',
      summary: 'What do the sources hold for this person?',
      description:
        'All are asked at one time, and each answer is a line as soon as it is there; none waits for another. One that says nothing within its time is `silent`. The stream ends when all have answered, when the grant is over, or when the mandate was withdrawn; whoever closes it ends the questions. That it was read is written down before anything is answered. Limited per terminal.',
      parameters: [bearer],
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('FileRequest') } } },
      responses: {
        200: {
          description: 'A JSON text in each line, in UTF-8, each below 1 MiB.',
          content: { [mediaType.lines]: { schema: schemaRef('FileLine') } },
        },
        ...refusals,
        401: noGrant,
        403: problem(
          'A held terminal; the name of another; or a name in which this person may not act.',
          'heldTerminal',
          'unknownTerminal',
          'noMandate',
        ),
        503: problem('The database does not answer, or the source that knows the mandate says nothing. Ask again later.', 'unavailable'),
      },
    },
  },
  '/v1/handovers': {
    post: {
      operationId: 'handOver',
      summary: 'A thing of the file, for the person to take along.',
      description:
        'To the address that they verified, or behind a random token that opens a page once within five minutes. The middleware asks the source for it again: nothing that a terminal holds is sent on. That it was read is written down before. A refusal is an answer and comes with 200. Limited per terminal.',
      parameters: [bearer],
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('HandoverRequest') } } },
      responses: {
        200: json('Ready, sent or refused.', 'HandoverReply'),
        ...refusals,
        401: noGrant,
        403: problem(
          'A held terminal; the name of another; or a name in which this person may not act.',
          'heldTerminal',
          'unknownTerminal',
          'noMandate',
        ),
        503: problem('The database does not answer, or the source that knows the mandate says nothing. Ask again later.', 'unavailable'),
      },
    },
  },
  '/v1/grants/end': {
    post: {
      operationId: 'endGrants',
      summary: 'The visit is over.',
      description:
        'Ends every grant of this terminal’s visit, and the streams that run by them. Needs no grant: who ends it twice ends it once.',
      requestBody: { required: true, content: { [mediaType.json]: { schema: schemaRef('GrantEndRequest') } } },
      responses: { 200: json('It is ended.', 'GrantEndReply'), ...refusals },
    },
  },
};
