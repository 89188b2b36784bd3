import * as z from 'zod';
import { BatchReply, TransactionBatch } from '../../../contract/wire.ts';
import { receive, type SigningKey } from '../../../electron/testing/fake-middleware.ts';

/**
 * An answer that takes in everything and stores nothing. All of it is right but the signature: the key is named as the
 * middleware's. What it says besides is what the middleware said last, so that the receipts alone decide.
 */
export function forgeReply(body: Uint8Array, forger: SigningKey, latest: unknown): string | null {
  const events = z.safeParse(TransactionBatch, parse(body));
  const news = z.safeParse(BatchReply.shape.news, latest);
  const [first] = events.data ?? [];
  if (!first || !news.success) return null;
  const terminal = first.source.slice(first.source.lastIndexOf(':') + 1);
  const epoch = news.data.epoch;
  return JSON.stringify(receive(events.data ?? [], { terminal, key: forger }, { news: { ...news.data, slot: null }, head: { epoch } }));
}

export function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}
