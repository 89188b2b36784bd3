import type { ItemResult } from '../../contract/wire.ts';
import type { Known, KnownRecord } from './known-records.ts';
import type { Queue } from './queues.ts';
import { type DeliveredRecord, type Delivery, nextChain } from './read-delivery.ts';

export type Judged =
  | { kind: 'fresh'; record: DeliveredRecord }
  | { kind: 'stored'; known: KnownRecord }
  | { kind: 'refused'; reason: Extract<ItemResult, { status: 'refused' }>['reason'] };

/** Each record on its own: a repeat is one with the same hash, which is over everything that travels of it. */
export function judgeRecords(delivery: Delivery, known: Known, knownKeys: Pick<ReadonlySet<string>, 'has'>): Judged[] {
  return delivery.records.map((record) => {
    const there = known.byTxId.get(record.txId);
    if (there !== undefined)
      return isSame(there.record, record.record) ? { kind: 'stored', known: there } : { kind: 'refused', reason: 'different_content' };
    return knownKeys.has(record.keyId) ? { kind: 'fresh', record } : { kind: 'refused', reason: 'unknown_key' };
  });
}

/**
 * Whether two copies of one queue went on separately: a place has another record, the chain does not meet that of a
 * neighbour, or it goes on behind what its terminal closed. No terminal does that by itself; its disk, or its key, exists twice.
 */
export function isFork(delivery: Delivery, known: Known, { closed }: Pick<Queue, 'closed'>): boolean {
  if (closed !== null && goesOnBehind(delivery, known, closed)) return true;
  const { records, previous } = delivery;
  const { byPlace, before } = known;
  if (before !== null && !isSame(before, previous)) return true;
  const isOther = (record: DeliveredRecord) => {
    const there = byPlace.get(record.sequence);
    return there !== undefined && !(isSame(there.record, record.record) && isSame(there.chain, record.chain));
  };
  if (records.some(isOther)) return true;
  const last = records.at(-1) ?? records[0];
  const behind = byPlace.get(last.sequence + 1);
  return behind !== undefined && !isSame(nextChain(last.chain, behind.record), behind.chain);
}

/** A terminal that stated a loss keeps nothing more in that queue. What was here already may be sent again. */
function goesOnBehind({ records }: Delivery, { byTxId }: Known, { at, chain }: NonNullable<Queue['closed']>): boolean {
  return records.some((record) =>
    record.sequence > at ? !byTxId.has(record.txId) : record.sequence === at && chain !== null && !isSame(record.chain, chain),
  );
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
