import * as z from 'zod';
import type { Queries } from '../store/database.ts';

const Row = z.object({
  tx_id: z.string(),
  terminal: z.string(),
  reference: z.string(),
  product: z.string().nullable(),
  trust: z.string().nullable(),
  received_at: z.date(),
  state: z.enum(['received', 'held', 'executed', 'quarantined', 'rejected']),
  status: z.enum(['open', 'awaiting_attachment', 'doubted', 'refused']).nullable(),
  reason: z.string().nullable(),
  is_postponed: z.boolean(),
  copies: z.number(),
});

/** One transaction as staff see it: nothing of its content but the product and how sure the terminal was, and that only once the worker opened it. */
export type Arrival = {
  txId: string;
  terminal: string;
  reference: string;
  product: string | null;
  /** As verified here (contract/trust.ts). */
  trust: string | null;
  /** ISO 8601, by this server's clock. */
  receivedAt: string;
  state: 'received' | 'held' | 'executed' | 'quarantined' | 'rejected';
  /** Of the case, once there is one. */
  status: 'open' | 'awaiting_attachment' | 'doubted' | 'refused' | null;
  /** Why it did not open, was rejected by a person, or its case was refused. */
  reason: string | null;
  /** An authority could not be asked yet: it is tried again. */
  isPostponed: boolean;
  /** How many effects it had: 0 before it is executed, and never more than 1. */
  copies: number;
};

/** Newest first, by the index on deliveries: this is asked each second, beside whoever delivers. */
export async function listArrivals(database: Queries, most: number): Promise<Arrival[]> {
  const rows = await database.query(
    `SELECT i.tx_id::text, i.terminal, i.reference, d.received_at, i.state, i.tries > 0 AND i.state = 'received' AS is_postponed,
            coalesce(i.quarantine_reason, 'reject_' || i.rejected_why, min(c.refusal)) AS reason, coalesce(min(c.product), CASE WHEN count(k.place) > 0 THEN 'consultation' WHEN count(p.tx_id) > 0 THEN 'profile' END) AS product,
            min(c.trust) AS trust, min(c.status) AS status, (count(c.case_id) + count(k.place) + count(p.tx_id))::int AS copies
     FROM inbox i JOIN delivery d ON d.log_sequence = i.delivery LEFT JOIN cases c ON c.tx_id = i.tx_id
       LEFT JOIN consultation k ON k.tx_id = i.tx_id LEFT JOIN profile_change p ON p.tx_id = i.tx_id
     WHERE i.tx_id IN (SELECT tx_id FROM inbox ORDER BY delivery DESC, leaf DESC LIMIT $1::int)
     GROUP BY i.tx_id, d.received_at ORDER BY i.arrival DESC`,
    [most],
  );
  return rows.map((raw) => {
    const row = Row.parse(raw);
    return {
      txId: row.tx_id,
      terminal: row.terminal,
      reference: row.reference,
      product: row.product,
      trust: row.trust,
      receivedAt: row.received_at.toISOString(),
      state: row.state,
      status: row.status,
      reason: row.reason,
      isPostponed: row.is_postponed,
      copies: row.copies,
    };
  });
}

export type Totals = { received: number; held: number; executed: number; quarantined: number };

const TotalsRow = z.object({ received: z.number(), held: z.number(), executed: z.number(), quarantined: z.number() });

/** `received` counts all that ever arrived: by an index alone. Of what is executed there is none, and of all else there is little. */
export async function countArrivals(database: Queries): Promise<Totals> {
  const [row] = await database.query(
    `SELECT every.n AS received, every.n - open.n AS executed, open.held, open.quarantined FROM (SELECT count(*)::int AS n FROM inbox) AS every,
       (SELECT count(*)::int AS n, count(*) FILTER (WHERE state = 'held')::int AS held,
          count(*) FILTER (WHERE state = 'quarantined')::int AS quarantined FROM inbox WHERE state <> 'executed') AS open`,
  );
  return TotalsRow.parse(row);
}
