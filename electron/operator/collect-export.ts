import type { ExportPart } from '../../contract/operator.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { batchLimits } from '../../contract/wire.ts';
import type { Attachments } from '../outbox/attachments/attachments.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { toBatch } from '../sync/batch.ts';
import type { Carried } from './write-export.ts';

export type CollectParts = {
  terminal: string;
  writtenAt: string;
  outbox: Pick<Outbox, 'waitingDeliveries' | 'losses' | 'isSalvaging'>;
  /** Null: this disk lets none be seen. */
  attachments: Pick<Attachments, 'list' | 'countDamaged' | 'read'> | null;
};

/** What there is to carry. Its deliveries are read one by one, later. Throws when the queue cannot be read. */
export function collectExport({ terminal, writtenAt, outbox, attachments }: CollectParts): Result<Carried, 'nothing_waits' | 'salvaging'> {
  if (outbox.isSalvaging()) return refuse('salvaging');
  const deliveries = toParts(outbox);
  const first = deliveries.next();
  const losses = outbox.losses().map(({ statement, claims }) => ({ part: 'loss' as const, terminal: claims.terminal, statement }));
  const stored = attachments?.list() ?? [];
  const unreadable = attachments?.countDamaged() ?? 0;
  if (first.done && losses.length + stored.length + unreadable === 0) return refuse('nothing_waits');
  return ok({
    head: { kind: 'loket/export/1', terminal, writtenAt },
    losses,
    deliveries: first.done ? [] : startWith(first.value, deliveries),
    attachments: stored,
    unreadable,
    read: (id, offset, bytes) => attachments?.read(id, offset, bytes) ?? Promise.reject(new Error('no attachments')),
  });
}

type DeliveryPart = Extract<ExportPart, { part: 'delivery' }>;

function* toParts(outbox: CollectParts['outbox']): Generator<DeliveryPart, undefined> {
  for (const delivery of outbox.waitingDeliveries(batchLimits)) {
    yield { part: 'delivery', terminal: delivery.terminal, items: toBatch(delivery, delivery.terminal) };
  }
}

function* startWith<T>(first: T, rest: Iterable<T>): Generator<T> {
  yield first;
  yield* rest;
}
