import { type RevocationReply, RevocationRequest } from '../../contract/wire.ts';
import type { Root } from '../../native/eid/roots.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute } from '../http/json-route.ts';
import { Refusal } from '../http/problem.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { findTarget } from './find-target.ts';
import type { Revocations } from './revocations.ts';

export function addRevocations(
  app: App,
  parts: { terminals: Terminals; roots: readonly Root[]; revocations: Revocations; now: () => Date; bucket: TokenBucket },
): void {
  const { terminals, roots, revocations, now, bucket } = parts;
  addJsonRoute(app, {
    path: '/v1/revocations',
    input: RevocationRequest,
    who: terminals.requireActive,
    bucket,
    async answer({ certificate, issuer }): Promise<RevocationReply> {
      const given = { certificate: Buffer.from(certificate, 'base64'), issuer: issuer === null ? null : Buffer.from(issuer, 'base64') };
      const target = findTarget(given, roots, now());
      if (!target.ok) throw new Refusal('unknownCertificate', 422);
      const revocation = await revocations.check(target.value);
      return { revocation, checkedAt: now().toISOString() };
    },
  });
}
