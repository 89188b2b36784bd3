import type { KeyObject } from 'node:crypto';
import type { LineProblem } from '../../contract/operator.ts';
import { BatchReply, type ItemResult, mediaType, priority } from '../../contract/wire.ts';
import type { Log } from '../log.ts';
import type { Delivery, Outbox, StoredReceipt, Stuck, WaitingRecord } from '../outbox/outbox.ts';
import { toBatch } from './batch.ts';
import type { Line, LineAnswer } from './line.ts';
import { problemOf, toLineError } from './line-problem.ts';
import { readJson, readPatience } from './read-answer.ts';
import { createReceiptVerifier } from './receipt.ts';

/** What became of a delivery. Its records wait as before: only `settleJudged` ends any. */
export type Sent =
  | { came: 'replied'; reply: BatchReply }
  | { came: 'not_now'; inMs: number }
  /** As a whole it was refused (413, 422), or took longer than a request may. */
  | { came: 'too_much'; problem: LineProblem; refused: boolean }
  | { came: 'failed'; problem: LineProblem; inMs: number | null };

export type SendParts = { line: Pick<Line, 'request'>; terminal: string; log: Log };

/** A delivery as it goes over the line, written out. */
export type Written = { delivery: Delivery; body: Uint8Array };

export type JudgeParts = { receiptKeys: () => ReadonlyMap<string, KeyObject>; terminal: string; log: Log };

export type SettleParts = {
  outbox: Pick<Outbox, 'markAllReceived' | 'markStuck' | 'enterEpoch'>;
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

/** What a reply is worth: nothing of it is written down yet. */
export type Judged = {
  epoch: string;
  received: { txId: string; receipt: StoredReceipt }[];
  refused: { txId: string; sequence: number; reason: Stuck }[];
  /** Why some records are not settled; null when all are. */
  problem: LineProblem | null;
};

/** Believes nothing but verified receipts. */
export function judgeReply(records: readonly WaitingRecord[], reply: BatchReply, parts: JudgeParts): Judged {
  const verify = createReceiptVerifier(reply.receipts, { keys: parts.receiptKeys(), terminal: parts.terminal });
  const results = readResults(records, reply.results);
  const judged: Judged = { epoch: reply.news.epoch, received: [], refused: [], problem: null };
  let unbelieved = 0;
  for (const record of records) {
    const { txId, sequence } = record;
    const result = results.get(txId);
    if (!result) continue;
    if (result.status === 'refused') {
      judged.refused.push({ txId, sequence, reason: result.reason });
      continue;
    }
    const receipt = verify(record, result);
    if (receipt.ok) judged.received.push({ txId, receipt: receipt.value });
    else if (unbelieved++ === 0) parts.log('receipt_refused', { sequence, reason: receipt.error });
  }
  const isSettled = judged.received.length + judged.refused.length === records.length;
  if (unbelieved > 0) judged.problem = 'receipt_refused';
  else if (!isSettled) judged.problem = 'unreadable';
  return judged;
}

/** Ends what was received, and hands to a person what was refused. Throws when the disk does not take it. */
export function settleJudged(sent: number, { epoch, received, refused }: Judged, { outbox, log, onReceived, onStuck }: SettleParts): void {
  // First, so that what is settled now is settled in the epoch that said so.
  outbox.enterEpoch(epoch);
  for (const { txId, sequence, reason } of refused) {
    outbox.markStuck(txId, reason);
    log('item_refused', { sequence, reason });
  }
  if (received.length > 0) outbox.markAllReceived(received);
  for (const { txId, receipt } of received) onReceived(txId, receipt.receivedAt);
  for (const { txId } of refused) onStuck(txId);
  log('batch_sent', { sent, settled: received.length + refused.length });
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
