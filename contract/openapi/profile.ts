import { mediaType } from '../wire.ts';
import { bearer, noGrant } from './file.ts';
import { json, type Paths, refusals, schemaRef } from './operation.ts';

const body = (name: 'ProfileRequest' | 'CodeRequest' | 'ConfirmRequest') => ({
  required: true,
  content: { [mediaType.json]: { schema: schemaRef(name) } },
});

/** A person's own profile. It is changed by transactions alone. */
export const profilePaths: Paths = {
  '/v1/profile': {
    post: {
      operationId: 'readProfile',
      summary: 'What did this person tell about themself?',
      description:
        'Always the own profile, in whosever name somebody acts. That it was read is written down before anything is answered. Limited per terminal.',
      parameters: [bearer],
      requestBody: body('ProfileRequest'),
      responses: { 200: json('The profile.', 'ProfileReply'), ...refusals, 401: noGrant },
    },
  },
  '/v1/profile/codes': {
    post: {
      operationId: 'sendCode',
      summary: 'Send a code to this address or number.',
      description:
        'Six digits, good for ten minutes and five tries; eight a person and day. The database holds them under a key that only the answer carries. A refusal is an answer and comes with 200. Limited per terminal.',
      parameters: [bearer],
      requestBody: body('CodeRequest'),
      responses: { 200: json('Sent or refused.', 'CodeReply'), ...refusals, 401: noGrant },
    },
  },
  '/v1/profile/confirmations': {
    post: {
      operationId: 'confirmCode',
      summary: 'The code that came.',
      description: 'For the terminal, visit and person that it was sent for. Confirmed, it bears one transaction. Limited per terminal.',
      parameters: [bearer],
      requestBody: body('ConfirmRequest'),
      responses: { 200: json('Right, wrong, or over.', 'ConfirmReply'), ...refusals, 401: noGrant },
    },
  },
};
