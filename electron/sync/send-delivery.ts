import type { KeyObject } from 'node:crypto';
import type { LineProblem } from '../../contract/operator.ts';
import { BatchReply, type ItemResult, mediaType, priority } from '../../contract/wire.ts';
import type { Log } from '../log.ts';
import type { Delivery, Outbox, StoredReceipt, WaitingRecord } from '../outbox/outbox.ts';
import { toBatch } from './batch.ts';
import type { Line, LineAnswer } from './line.ts';
import { problemOf, toLineError } from './line-problem.ts';
import { readJson, readPatience } from './read-answer.ts';
import { createReceiptVerifier } from './receipt.ts';

/** What became of a delivery. Its records wait as before: only `settleReply` ends any. */
export type Sent =
  | { came: 'replied'; reply: BatchReply }
  | { came: 'not_now'; inMs: number }
  /** As a whole it was refused (413, 422), or took longer than a request may. */
  | { came: 'too_much'; problem: LineProblem; refused: boolean }
  | { came: 'failed'; problem: LineProblem; inMs: number | null };

export type SendParts = { line: Pick<Line, 'request'>; terminal: string; log: Log };

/** A delivery as it goes over the line, written out. */
export type Written = { delivery: Delivery; body: Uint8Array };

export type SettleParts = {
  outbox: Pick<Outbox, 'markAllReceived' | 'markStuck' | 'enterEpoch'>;
  receiptKeys: () => ReadonlyMap<string, KeyObject>;
  terminal: string;
  log: Log;
  onReceived: (txId: string, receivedAt: string) => void;
  onStuck: (txId: string) => void;
};

export function writeDelivery(delivery: Delivery, terminal: string): Written {
  return { delivery, body: Buffer.from(JSON.stringify(toBatch(delivery, terminal))) };
}

export async function sendDelivery({ delivery, body }: Written, parts: SendParts): Promise<Sent> {
  const headers = { 'content-type': mediaType.batch, [priority.header]: priority[delivery.kind] };
  let answer: LineAnswer;
  try {
    answer = await parts.line.request('POST', '/v1/transactions', headers, body);
  } catch (error) {
    const { problem, timedOut } = toLineError(error);
    return timedOut ? { came: 'too_much', problem, refused: false } : { came: 'failed', problem, inMs: null };
  }
  const reply = readJson(answer, BatchReply);
  return reply ? { came: 'replied', reply } : readRefusal(answer, parts.log);
}

function readRefusal(answer: LineAnswer, log: Log): Sent {
  const { status } = answer;
  const problem = problemOf(answer);
  if (status === 429) return { came: 'not_now', inMs: readPatience(answer) ?? 0 };
  // Only the middleware's own word counts against records; a proxy has no say in them.
  if ((status === 413 || status === 422) && answer.mediaType === mediaType.problem) {
    log('delivery_refused', { status });
    return { came: 'too_much', problem, refused: true };
  }
  log('reply_refused', { status });
  return { came: 'failed', problem, inMs: readPatience(answer) };
}

/** Whether the middleware says that it took each of them. That is not believed yet, and enough to go on with what follows. */
export function saysAllTaken(records: readonly WaitingRecord[], { results }: BatchReply): boolean {
  return results.length === records.length && results.every(({ status }) => status === 'received');
}

/**
 * Ends what a verified receipt ends, hands to a person what was refused, and leaves all else as it is. Believes nothing but
 * verified receipts. Throws when the disk does not take what they settle.
 * @returns why some records are not settled; null when all are
 */
export function settleReply(records: readonly WaitingRecord[], reply: BatchReply, parts: SettleParts): LineProblem | null {
  const { outbox, log, terminal } = parts;
  const verify = createReceiptVerifier(reply.receipts, { keys: parts.receiptKeys(), terminal });
  const results = readResults(records, reply.results);
  const received: { txId: string; receipt: StoredReceipt }[] = [];
  const refused: string[] = [];
  let unbelieved = 0;
  // First, so that what is settled now is settled in the epoch that said so.
  outbox.enterEpoch(reply.news.epoch);
  for (const record of records) {
    const result = results.get(record.txId);
    if (!result) continue;
    if (result.status === 'refused') {
      outbox.markStuck(record.txId, result.reason);
      refused.push(record.txId);
      log('item_refused', { sequence: record.sequence, reason: result.reason });
      continue;
    }
    const receipt = verify(record, result);
    if (receipt.ok) received.push({ txId: record.txId, receipt: receipt.value });
    else if (unbelieved++ === 0) log('receipt_refused', { sequence: record.sequence, reason: receipt.error });
  }
  if (received.length > 0) outbox.markAllReceived(received);
  for (const { txId, receipt } of received) parts.onReceived(txId, receipt.receivedAt);
  for (const txId of refused) parts.onStuck(txId);
  log('batch_sent', { sent: records.length, settled: received.length + refused.length });
  if (unbelieved > 0) return 'receipt_refused';
  return received.length + refused.length === records.length ? null : 'unreadable';
}

/** One result for each that was sent. One that is told twice is not told at all, and what nobody asked about is nobody's. */
function readResults(records: readonly WaitingRecord[], results: readonly ItemResult[]): Map<string, ItemResult> {
  const sent = new Set(records.map(({ txId }) => txId));
  const read = new Map<string, ItemResult>();
  for (const result of results) {
    if (!sent.has(result.txId)) continue;
    if (read.has(result.txId)) {
      sent.delete(result.txId);
      read.delete(result.txId);
    } else read.set(result.txId, result);
  }
  return read;
}
