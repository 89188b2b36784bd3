import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { epochTag, type LineNews } from '../../contract/wire.ts';
import { cursorOf, newestCursor } from '../bundles/routes.ts';
import { buildTree } from '../receipts/merkle.ts';
import type { Terminal } from '../terminals/terminals.ts';
import { Told, toldQueues } from './queues.ts';
import type { Delivery } from './read-delivery.ts';
import { type LogHead, leavesOf, makeReceipt, pack, standsOf, storing, valuesOf } from './store-delivery.ts';
import { type Asked, type IngestParts, isUniqueViolation, type Taken } from './take-delivery.ts';
import { tellResults } from './tell-results.ts';
import { createTurns } from './turns.ts';

export type QuickDeliveries = {
  /** Null: not this one, and nothing is stored of it. */
  take(from: Pick<Terminal, 'certificate' | 'publicKey'>, delivery: Delivery, asked: Asked): Promise<QuicklyTaken | null>;
  /** The long way, beside others on it: what it finds is what the next quick one goes by. */
  takeLong(delivery: Delivery, take: () => Promise<Taken>): Promise<Taken>;
};
export type QuicklyTaken = Taken & { cursor: LineNews['cursor'] };

/** Queues of which the next place is remembered. */
const queuesAtMost = 20_000;

/**
 * The usual delivery in one question: it goes on behind all that is here of its queue, and nobody doubts it. Its receipt is
 * made for the place of the log that is next as far as this instance knows; the statement stores everything if log, queue
 * and terminal are still so, and else nothing. Then the long way judges. Where other instances take deliveries too, what is
 * known of the log is mostly old: then nobody tries, until this one was alone between two of its own.
 */
export function createQuickDeliveries(parts: Pick<IngestParts, 'database' | 'signReceipt' | 'knownKeys' | 'now'>): QuickDeliveries {
  const { database, signReceipt, knownKeys, now } = parts;
  const turns = createTurns();
  const nextPlaces = new Map<string, number>();
  let end: LogHead | null = null;
  let isAlone = true;

  function remember({ terminal, generation }: Delivery, next: number | null): void {
    const queue = `${terminal} ${generation}`;
    // Deleted first, so that the map's order is the order of last use.
    nextPlaces.delete(queue);
    if (next === null) return;
    const oldest = nextPlaces.size >= queuesAtMost ? nextPlaces.keys().next().value : undefined;
    if (oldest !== undefined) nextPlaces.delete(oldest);
    nextPlaces.set(queue, next);
  }

  function isNext({ terminal, generation, records }: Delivery): boolean {
    return nextPlaces.get(`${terminal} ${generation}`) === records[0].sequence;
  }

  /** The one before it may still be under way. */
  function mayBeUsual({ terminal, generation, records }: Delivery): boolean {
    return isAlone && nextPlaces.has(`${terminal} ${generation}`) && records.every(({ keyId }) => knownKeys.has(keyId));
  }

  async function store(
    delivery: Delivery,
    from: Pick<Terminal, 'certificate' | 'publicKey'>,
    { epoch, minimal }: Asked,
  ): Promise<QuicklyTaken | null> {
    const last = delivery.records.at(-1) ?? delivery.records[0];
    const reached = { linked: last.sequence, highest: last.sequence, highestChain: last.chain };
    const what = { delivery, fresh: delivery.records, held: false, signer: from.publicKey, reached };
    const leaves = leavesOf(what);
    const tree = buildTree(leaves);
    // Before its turn: the database has nothing to do until the question is there.
    const rows = pack(what);
    return await turns.alone(async () => {
      if (end === null || !isAlone || !isNext(delivery) || (epoch !== null && epoch !== epochTag(end.epoch))) return null;
      const made = makeReceipt(what, tree, end, { signReceipt, now });
      const values = [...valuesOf(what, { rows, leaves }, made), end.receiptSha256, end.epoch, from.certificate];
      const asked = database.query(storeIfUsual, values, 'often');
      // Wherever it fails, it is waited for below.
      asked.catch(() => undefined);
      // The question goes out; the answer is written while the database works.
      await setImmediate();
      const answer = tellResults(standsOf(what, tree, made.receipt), minimal);
      const { stored, told, cursor } = Row.parse((await asked)[0]);
      isAlone = stored;
      if (!stored) return null;
      end = made.log;
      remember(delivery, last.sequence + 1);
      const generations = told.map((each) => (each.generation === delivery.generation ? { ...each, linked: last.sequence } : each));
      return {
        ...answer,
        news: { epoch: end.epoch, standing: 'active', generations },
        cursor: cursorOf(cursor),
        fresh: answer.results.length,
        forkFound: false,
        log: end,
        next: last.sequence + 1,
      };
    });
  }

  return {
    async take(from, delivery, asked) {
      if (!mayBeUsual(delivery)) return null;
      try {
        return await store(delivery, from, asked);
      } catch (error) {
        // Another queue brought one of these ids.
        if (isUniqueViolation(error)) return null;
        throw error;
      }
    },
    async takeLong(delivery, take) {
      const taken = await turns.together(take);
      remember(delivery, taken.next);
      if (taken.log !== null) {
        isAlone = end === null || taken.log.sequence === end.sequence + 1;
        end = taken.log;
      }
      return taken;
    },
  };
}

const Row = z.object({ stored: z.boolean(), told: Told, cursor: z.string().nullable() });

/**
 * Locks in the same order as the long way: the queue, then the log. What is looked at is what is locked, also when somebody
 * changed it meanwhile. $20, $21: the hash of the last receipt, the epoch; $22: of the terminal's certificate.
 */
const storeIfUsual = `WITH queued AS MATERIALIZED (
    SELECT 1 FROM queue WHERE terminal = $3 AND generation = $4 AND linked = $8::bigint - 1 AND highest = linked
      AND (highest_chain = $9::bytea OR highest = 0) AND NOT forked AND closed_at IS NULL
      AND EXISTS (SELECT 1 FROM terminal_certificate c JOIN terminal t ON t.terminal = c.terminal WHERE c.sha256 = $22
        AND t.standing = 'active' AND c.revoked_at IS NULL AND c.not_after > $7::timestamptz)
    FOR UPDATE
  ), ending AS MATERIALIZED (
    SELECT 1 FROM log_head WHERE sequence = $2::bigint - 1 AND receipt_sha256 IS NOT DISTINCT FROM $20::bytea AND epoch = $21
      AND EXISTS (SELECT 1 FROM queued)
    FOR UPDATE
  ), ${storing('EXISTS (SELECT 1 FROM ending)')}
  SELECT EXISTS (SELECT 1 FROM ending) AS stored, ${toldQueues('$3')} AS told, ${newestCursor} AS cursor`;
