import type { X509Certificate } from 'node:crypto';
import { type Enrolment, EnrolmentRequest, type Renewal, RenewalRequest } from '../../contract/enrolment.ts';
import { mediaType } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute, addOpenJsonRoute } from '../http/json-route.ts';
import { Refusal } from '../http/problem.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { SignedKeySet } from '../keys/key-set.ts';
import type { Database } from '../store/database.ts';
import { operatorSecretOf } from '../terminals/operator-secret.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { enrol, renew } from './enrol.ts';
import { readRequestedKey } from './read-request.ts';
import type { TerminalCa } from './terminal-ca.ts';

export type EnrolmentParts = {
  database: Database;
  terminals: Terminals;
  terminalCa: TerminalCa;
  /** PEM. */
  root: string;
  keySet: SignedKeySet;
  operatorKey: Uint8Array;
  now: () => Date;
  buckets: { enrolments: TokenBucket; renewals: TokenBucket };
};

export function addEnrolment(app: App, parts: EnrolmentParts): void {
  const { terminals, terminalCa, root, keySet, operatorKey, buckets } = parts;
  const chainOf = (certificate: X509Certificate) => [certificate, terminalCa.certificate].map(({ raw }) => raw.toString('base64'));

  app.get('/v1/root', (_request, reply) => reply.type(mediaType.pem).send(root));

  addOpenJsonRoute(app, {
    path: '/v1/enrolments',
    input: EnrolmentRequest,
    bucket: buckets.enrolments,
    async answer({ terminal, secret, request }): Promise<Enrolment> {
      // Looked at first: a broken request does not use up a code.
      const key = await readRequestedKey(request);
      if (key === null) throw new Refusal('badRequest', 400);
      const enrolled = await enrol(parts, { terminal, secret: Buffer.from(secret, 'base64url'), key });
      if (!enrolled.ok) throw enrolled.error === 'code' ? new Refusal('codeRefused', 403) : new Refusal('badRequest', 400);
      const { certificate, salt } = enrolled.value;
      return {
        terminal,
        certificates: chainOf(certificate),
        keySetKey: keySet.publicJwk,
        keySet: keySet.jws,
        operatorSecret: operatorSecretOf(operatorKey, terminal, salt),
      };
    },
  });

  addJsonRoute(app, {
    path: '/v1/certificates',
    input: RenewalRequest,
    who: terminals.requireActive,
    bucket: buckets.renewals,
    async answer({ request }, { id: terminal, keyId: currentKeyId }): Promise<Renewal> {
      const key = await readRequestedKey(request);
      if (key === null) throw new Refusal('badRequest', 400);
      const renewed = await renew(parts, { terminal, key, currentKeyId });
      if (!renewed.ok) throw renewed.error === 'withdrawn' ? new Refusal('heldTerminal', 403) : new Refusal('badRequest', 400);
      return { certificates: chainOf(renewed.value) };
    },
  });
}
