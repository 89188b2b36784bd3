import type { KeyObject } from 'node:crypto';
import { type BatchReply, epochTag, type LineNews } from '../../contract/wire.ts';
import { Refusal } from '../http/problem.ts';
import type { SignReceipt } from '../receipts/receipt-log.ts';
import type { Database, Queries } from '../store/database.ts';
import { setForked } from '../terminals/terminals.ts';
import { isFork, type Judged, judgeRecords } from './judge-delivery.ts';
import { findKnown, findStands, knowNothing } from './known-records.ts';
import { findLinked, lockQueue, type Queue } from './queues.ts';
import type { DeliveredRecord, Delivery } from './read-delivery.ts';
import { exportKey, type LogHead, type Reached, readEpoch, storeDelivery } from './store-delivery.ts';
import { type Refused, type Stand, tellResults } from './tell-results.ts';

export type IngestParts = {
  database: Database;
  signReceipt: SignReceipt;
  /** Ids of the keys that the worker can open with. The keys themselves never come here: accept is not process. */
  knownKeys: Pick<ReadonlySet<string>, 'has'>;
  /** A key that is not among them may be newer than what was last read. */
  lookForKeys?: () => Promise<void>;
  now: () => Date;
};

export type Taken = Pick<BatchReply, 'results' | 'receipts'> & {
  news: Pick<LineNews, 'epoch' | 'standing' | 'generations'>;
  /** How many were new. */
  fresh: number;
  /** This delivery showed that the queue exists twice. */
  forkFound: boolean;
  /** Where the log ends with it; null: nothing was new. */
  log: LogHead | null;
  /** Nothing is in doubt about the queue, nothing missing in it: its next place. */
  next: number | null;
};

/**
 * What its request says of a delivery. `epoch`: the tag of the one in which it believes this middleware to be; null: it does not
 * say. `minimal`: it makes the proofs itself where it can.
 */
export type Asked = { epoch: string | null; minimal: boolean };

/** `standing`: of whoever brought it. `signer`: the key that vouches for it, and whether that one is believed still. */
export type Deliverer = Asked & { standing: LineNews['standing']; signer: KeyObject; isBelieved: boolean };

/**
 * Stores sealed bytes once and answers with receipts: the stored one when the same record comes again. Everything in one
 * transaction; two deliveries of one queue go one after the other, at whatever instance.
 */
export async function takeDelivery(parts: IngestParts, from: Deliverer, delivery: Delivery): Promise<Taken> {
  if (!delivery.records.every(({ keyId }) => parts.knownKeys.has(keyId))) await parts.lookForKeys?.();
  for (let tries = 1; ; tries++) {
    try {
      return await parts.database.transaction((queries) => takeOnce(queries, parts, { ...from, looks: tries > 1 }, delivery));
    } catch (error) {
      // Another queue, or this one before, brought one of these ids: now look.
      if (!isUniqueViolation(error) || tries === 3) throw error;
    }
  }
}

async function takeOnce(queries: Queries, parts: IngestParts, from: Deliverer & { looks: boolean }, delivery: Delivery): Promise<Taken> {
  if (from.epoch !== null && from.epoch !== epochTag(await readEpoch(queries))) throw new Refusal('otherEpoch', 412);
  const queue = await lockQueue(queries, delivery.terminal, delivery.generation);
  // Else who has a withdrawn key could put the terminal that was enrolled anew in doubt.
  if (queue.owner !== null && Buffer.compare(queue.owner, exportKey(from.signer)) !== 0) throw new Refusal('notADelivery', 422);
  const known = (from.looks ? null : knowNothing(delivery, queue)) ?? (await findKnown(queries, delivery));
  const judged = judgeRecords(delivery, known, parts.knownKeys);
  // Of those alone that come again: of what is refused, nobody makes the middleware look further.
  const again = await findStands(
    queries,
    judged.flatMap((item) => (item.kind === 'stored' ? [item.known] : [])),
  );
  const fork = isFork(delivery, known, queue);
  const forkFound = fork && !queue.forked;
  if (forkFound) {
    await queries.query('UPDATE queue SET forked = true WHERE terminal = $1 AND generation = $2', [queue.terminal, queue.generation]);
    // A key that was withdrawn already says nothing about who has the terminal's new one.
    if (from.isBelieved) await setForked(queries, delivery.terminal, parts.now());
  }
  const standing = forkFound && from.isBelieved && from.standing === 'active' ? 'held_forked' : from.standing;
  const fresh = judged.flatMap((item) => (item.kind === 'fresh' ? [item.record] : []));
  if (fresh.length === 0) {
    const news = { epoch: await readEpoch(queries), standing, generations: queue.told };
    return { ...answer(delivery, judged, again, from.minimal), news, fresh: 0, forkFound, log: null, next: nextOf(queue, queue) };
  }
  // A queue that forked once stays in doubt, also when its terminal is enrolled anew: that one goes on in another.
  const held = standing !== 'active' || queue.forked || fork;
  const reached = reach(queue, fresh, held);
  const { stored, log } = await storeDelivery(queries, { delivery, fresh, held, signer: from.signer, reached }, parts);
  const linked = reached.follows ? reached.linked : await moveLinked(queries, queue);
  const generations = queue.told.map((each) => (each.generation === queue.generation ? { ...each, linked } : each));
  const news = { epoch: log.epoch, standing, generations };
  const next = held ? null : nextOf(queue, { ...reached, linked });
  return { ...answer(delivery, judged, [...again, ...stored], from.minimal), news, fresh: fresh.length, forkFound, log, next };
}

function nextOf({ forked, closed }: Queue, { linked, highest }: Reached): number | null {
  return linked === highest && !forked && closed === null ? highest + 1 : null;
}

/** Where its queue stands after a delivery. `follows`: it lies behind all that is here, so that nothing has to be looked up. */
function reach(queue: Queue, fresh: readonly DeliveredRecord[], held: boolean): Reached & { follows: boolean } {
  const [first, last] = [fresh[0], fresh.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a delivery without anything new');
  const isDense = last.sequence - first.sequence + 1 === fresh.length;
  const follows = first.sequence === queue.linked + 1 && queue.highest === queue.linked && isDense && queue.closed === null && !held;
  const goesOn = !held && last.sequence > queue.highest;
  return {
    follows,
    linked: follows ? last.sequence : queue.linked,
    highest: goesOn ? last.sequence : queue.highest,
    highestChain: goesOn ? last.chain : queue.highestChain,
  };
}

async function moveLinked(queries: Queries, queue: Queue): Promise<number> {
  const linked = await findLinked(queries, queue);
  const { terminal, generation } = queue;
  await queries.query('UPDATE queue SET linked = $3::bigint WHERE terminal = $1 AND generation = $2', [terminal, generation, linked]);
  return linked;
}

function answer(
  { records }: Delivery,
  judged: readonly Judged[],
  stored: readonly Stand[],
  minimal: boolean,
): Pick<Taken, 'results' | 'receipts'> {
  const stands = new Map(stored.map((stand) => [stand.txId, stand]));
  const items = records.map(({ txId }, at): Stand | Refused => {
    const item = judged[at];
    if (item?.kind === 'refused') return { txId, status: 'refused', reason: item.reason };
    const stand = stands.get(txId);
    if (stand === undefined) throw new Error('a record that is stored is not there');
    return stand;
  });
  return tellResults(items, minimal);
}

/** SQLSTATE 23505, from PGlite and PostgreSQL alike. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
