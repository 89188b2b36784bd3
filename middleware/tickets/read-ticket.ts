import * as z from 'zod';
import type { TicketStatus } from '../../contract/wire.ts';
import type { Queries } from '../store/database.ts';

const Row = z.object({ received: z.boolean() });

/** Received or not: a reference is said on the telephone and lies about on paper. What is held is received. */
export async function readTicket(database: Queries, reference: string): Promise<TicketStatus> {
  const [raw] = await database.query('SELECT EXISTS (SELECT 1 FROM inbox WHERE reference = $1) AS received', [reference]);
  return { reference, received: Row.parse(raw).received };
}
