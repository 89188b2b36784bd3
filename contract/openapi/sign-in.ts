import { mediaType } from '../wire.ts';
import { json, type Paths, problem, refusals, schemaRef } from './operation.ts';

/** Around a person signing in. */
export const signInPaths: Paths = {
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
};
