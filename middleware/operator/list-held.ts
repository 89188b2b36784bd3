import * as z from 'zod';
import type { Queries } from '../store/database.ts';
import type { ListedTerminal } from '../terminals/manage.ts';

const shown = 200;

/** Why a person decides that something is not carried out. A choice and no text: in a text somebody would name a citizen. */
export const rejections = ['copied_terminal', 'stolen_terminal', 'sent_twice', 'trial'] as const;

/** As it is now: `wasInDoubt` when its terminal is believed again, and what it brought then still waits. */
export type HeldWhy = 'queueForked' | 'held_revoked' | 'held_expired' | 'held_forked' | 'wasInDoubt';
export type HeldDelivery = { delivery: number; terminal: string; why: HeldWhy; records: number; receivedAt: Date };

const HeldRow = z.object({ delivery: z.number(), terminal: z.string(), received_at: z.date(), records: z.number(), forked: z.boolean() });

/** Oldest first. */
export async function listHeld(database: Queries, terminals: readonly ListedTerminal[]): Promise<HeldDelivery[]> {
  const standings = new Map(terminals.map(({ id, standing }) => [id, standing]));
  const rows = await database.query(
    `SELECT i.delivery::float8 AS delivery, i.terminal, d.received_at, count(*)::int AS records, coalesce(bool_or(q.forked), false) AS forked
     FROM inbox i JOIN delivery d ON d.log_sequence = i.delivery LEFT JOIN queue q ON q.terminal = i.terminal AND q.generation = i.generation
     WHERE i.state = 'held' GROUP BY i.delivery, i.terminal, d.received_at ORDER BY i.delivery LIMIT $1::int`,
    [shown],
  );
  return rows.map((raw) => {
    const { delivery, terminal, records, received_at: receivedAt, forked } = HeldRow.parse(raw);
    const standing = standings.get(terminal) ?? 'held_revoked';
    const why: HeldWhy = standing === 'active' ? (forked ? 'queueForked' : 'wasInDoubt') : standing;
    return { delivery, terminal, why, records, receivedAt };
  });
}

const Reason = z.enum(['cannot_open', 'not_json', 'wrong_shape', 'not_this_envelope', 'not_storable']);
export type Unopened = {
  txId: string;
  reference: string;
  terminal: string;
  why: z.infer<typeof Reason> | 'reasonUnknown';
  receivedAt: Date;
};

const UnopenedRow = z.object({
  tx_id: z.string(),
  reference: z.string(),
  terminal: z.string(),
  quarantine_reason: Reason.nullable().catch(null),
  received_at: z.date(),
});

/** What the worker could not open or read. Oldest first. */
export async function listUnopened(database: Queries): Promise<Unopened[]> {
  const rows = await database.query(
    `SELECT i.tx_id::text, i.reference, i.terminal, i.quarantine_reason, d.received_at
     FROM inbox i JOIN delivery d ON d.log_sequence = i.delivery WHERE i.state = 'quarantined' ORDER BY i.arrival LIMIT $1::int`,
    [shown],
  );
  return rows.map((raw) => {
    const { tx_id: txId, reference, terminal, quarantine_reason, received_at: receivedAt } = UnopenedRow.parse(raw);
    return { txId, reference, terminal, why: quarantine_reason ?? 'reasonUnknown', receivedAt };
  });
}
