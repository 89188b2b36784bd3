import * as z from 'zod';
import { mediaType } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { Refusal } from '../http/problem.ts';
import { listArrivals } from '../operator/list-arrivals.ts';
import type { Queries } from '../store/database.ts';
import { FaultMode, type Faults } from './faults.ts';

const FaultsInput = z.strictObject({ mode: FaultMode });

/** What the demo's dock and the tests look at and switch. Added only when the configuration says `demo`. */
export function addDemoRoutes(app: App, parts: { database: Queries; faults: Faults }): void {
  // A scope of its own: only these routes take plain JSON.
  app.register(async (scope) => {
    scope.addContentTypeParser(mediaType.json, { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'));

    scope.post('/demo/faults', async (request, reply) => {
      const input = FaultsInput.safeParse(request.body);
      if (!input.success) throw new Refusal('badRequest', 400);
      parts.faults.set(input.data.mode);
      return reply.type(mediaType.json).send(input.data);
    });

    scope.get('/demo/transactions', async (_request, reply) => {
      const arrivals = await listArrivals(parts.database, 1000);
      return reply.type(mediaType.json).send(
        arrivals.map(({ txId, reference, product, trust, receivedAt, copies, state }) => ({
          txId,
          reference,
          product,
          trust,
          receivedAt,
          copies,
          state,
        })),
      );
    });
  });
}
