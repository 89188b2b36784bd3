import * as z from 'zod';
import { TxId } from '../../contract/ids.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { batchLimits, TransactionEvent } from '../../contract/wire.ts';

/** `txId` null: the item is so broken that nobody can say which transaction it was. */
export type ReadItem = { kind: 'event'; event: TransactionEvent } | { kind: 'invalid'; txId: string | null };

export type ReadBatch = { terminal: string; items: ReadItem[] };

const sourcePrefix = 'urn:loket:terminal:';
const Source = z.object({ source: TransactionEvent.shape.source });
const Identified = z.object({ id: TxId });

/**
 * Reads each item on its own, so that a broken one never hurts the others. The batch belongs to one terminal: the
 * first known one among its sources; an item of another is invalid.
 */
export function readBatch(
  body: unknown,
  terminals: ReadonlySet<string>,
): Result<ReadBatch, 'not_a_batch' | 'unknown_terminal' | 'nothing_readable'> {
  if (!Array.isArray(body) || body.length === 0 || body.length > batchLimits.records) return refuse('not_a_batch');
  const entries: unknown[] = body;
  const sources = entries.flatMap((entry) => {
    const read = Source.safeParse(entry);
    return read.success ? [read.data.source.slice(sourcePrefix.length)] : [];
  });
  const terminal = sources.find((source) => terminals.has(source));
  if (terminal === undefined) return refuse(sources.length > 0 ? 'unknown_terminal' : 'nothing_readable');
  const items = entries.map((entry) => readItem(entry, terminal));
  if (items.every((item) => item.kind === 'invalid' && item.txId === null)) return refuse('nothing_readable');
  return ok({ terminal, items });
}

function readItem(entry: unknown, terminal: string): ReadItem {
  const id = Identified.safeParse(entry);
  const event = TransactionEvent.safeParse(entry);
  // One spelling per id (RFC 9562 writes lower case): the id is bound into the seal as text, and compared as text.
  const fits = event.success && event.data.source === sourcePrefix + terminal && event.data.id === event.data.id.toLowerCase();
  return fits ? { kind: 'event', event: event.data } : { kind: 'invalid', txId: id.success ? id.data.id : null };
}
