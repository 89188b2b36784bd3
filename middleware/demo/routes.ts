import * as z from 'zod';
import { TerminalId } from '../../contract/ids.ts';
import { mediaType } from '../../contract/wire.ts';
import { issueEnrolmentCode } from '../enrolment/codes.ts';
import type { App } from '../http/app.ts';
import { Refusal } from '../http/problem.ts';
import { listArrivals } from '../operator/list-arrivals.ts';
import type { Database } from '../store/database.ts';
import { TerminalName } from '../terminals/manage.ts';
import { FaultMode, type Faults } from './faults.ts';

const EnrolmentInput = z.strictObject({ terminal: TerminalId, name: TerminalName });
const FaultsInput = z.strictObject({ mode: FaultMode });

/** What the demo's dock and the tests look at and switch. Added only when the configuration says `demo`. */
export function addDemoRoutes(app: App, parts: { database: Database; faults: Faults; rootSha256: Uint8Array; now: () => Date }): void {
  // A scope of its own: only these routes take plain JSON.
  app.register(async (scope) => {
    scope.addContentTypeParser(mediaType.json, { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'));

    scope.post('/demo/faults', async (request, reply) => {
      const input = FaultsInput.safeParse(request.body);
      if (!input.success) throw new Refusal('badRequest', 400);
      parts.faults.set(input.data.mode);
      return reply.type(mediaType.json).send(input.data);
    });

    /** A one-time code, as an admin or `admin.ts enrol` gives it. */
    scope.post('/demo/enrolments', async (request, reply) => {
      const input = EnrolmentInput.safeParse(request.body);
      if (!input.success) throw new Refusal('badRequest', 400);
      const order = { ...input.data, by: 'demo', rootSha256: parts.rootSha256, now: parts.now() };
      const issued = await parts.database.transaction((queries) => issueEnrolmentCode(queries, order));
      return reply.type(mediaType.json).send({ terminal: issued.terminal, code: issued.code, expiresAt: issued.expiresAt.toISOString() });
    });

    scope.get('/demo/transactions', async (_request, reply) => {
      const arrivals = await listArrivals(parts.database, 1000);
      return reply.type(mediaType.json).send(
        arrivals.map(({ txId, reference, product, trust, receivedAt, copies, state, status }) => ({
          txId,
          reference,
          product,
          trust,
          receivedAt,
          copies,
          state,
          status,
        })),
      );
    });
  });
}
