import { mediaType } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { pageHeaders } from '../http/page.ts';
import type { Queries } from '../store/database.ts';
import { countArrivals, listArrivals } from './list-arrivals.ts';
import { operatorPage } from './operator-page.ts';

const shown = 100;

/** Transactions as they arrive. Only in the demo until there is a sign-in with roles. */
export function addOperator(app: App, parts: { database: Queries; terminals: ReadonlyMap<string, string> }): void {
  app.get('/operator', (_request, reply) => reply.headers(pageHeaders).send(operatorPage));

  app.get('/operator/arrivals', async (_request, reply) => {
    const [totals, arrivals] = [await countArrivals(parts.database), await listArrivals(parts.database, shown)];
    const named = arrivals.map((arrival) => ({ ...arrival, terminal: parts.terminals.get(arrival.terminal) ?? arrival.terminal }));
    return reply.type(mediaType.json).send({ at: new Date().toISOString(), totals, arrivals: named });
  });
}
