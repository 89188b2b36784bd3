import * as z from 'zod';
import { Reference } from '../../contract/ids.ts';
import { type Health, mediaType, type TicketStatus } from '../../contract/wire.ts';
import { asReference } from '../checker/read-typed.ts';
import type { App } from '../http/app.ts';
import { pageHeaders } from '../http/page.ts';
import { Refusal, type Request } from '../http/problem.ts';
import { networkOf, type TokenBucket } from '../http/token-bucket.ts';
import type { Queries } from '../store/database.ts';
import { readTicket } from './read-ticket.ts';
import { drawTicketPage } from './ticket-page.ts';

const Params = z.object({ reference: z.string() });

export function addTickets(app: App, parts: { database: Queries; bucket: TokenBucket }): void {
  function hurried(request: Request): number {
    return parts.bucket.take(networkOf(request.ip));
  }

  app.get('/v1/tickets/:reference', async (request, reply) => {
    const wait = hurried(request);
    if (wait > 0) throw new Refusal('tooMany', 429, wait);
    const reference = Reference.safeParse(Params.parse(request.params).reference);
    if (!reference.success) throw new Refusal('badReference', 400);
    const status: TicketStatus = await readTicket(parts.database, reference.data);
    return reply.type(mediaType.json).send(status);
  });

  // For people, so typed by people: small letters and forgotten dashes are forgiven.
  app.get('/t/:reference', async (request, reply) => {
    reply.headers(pageHeaders);
    const wait = hurried(request);
    if (wait > 0)
      return reply
        .code(429)
        .header('retry-after', String(wait))
        .send(drawTicketPage({ kind: 'too_many' }));
    const reference = asReference(Params.parse(request.params).reference);
    if (reference === null) return reply.code(404).send(drawTicketPage({ kind: 'no_reference' }));
    const { received } = await readTicket(parts.database, reference);
    return reply.send(drawTicketPage({ kind: received ? 'received' : 'not_yet', reference }));
  });

  app.get('/v1/health', async (_request, reply) => {
    const health: Health = { status: 'ok' };
    return reply.type(mediaType.json).send(health);
  });
}
