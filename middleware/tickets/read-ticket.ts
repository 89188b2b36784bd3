import * as z from 'zod';
import type { TicketStatus } from '../../contract/wire.ts';
import type { Queries } from '../store/database.ts';

const Row = z.object({ received_at: z.date().nullable() });

/** Received or not, and when; nothing else: a reference is said on the telephone and lies about on paper. What is held is received. */
export async function readTicket(database: Queries, reference: string): Promise<TicketStatus> {
  const [raw] = await database.query(
    'SELECT min(d.received_at) AS received_at FROM inbox i JOIN delivery d ON d.log_sequence = i.delivery WHERE i.reference = $1',
    [reference],
  );
  const receivedAt = Row.parse(raw).received_at;
  return { reference, received: receivedAt !== null, receivedAt: receivedAt?.toISOString() ?? null };
}
