import type { KeyObject } from 'node:crypto';
import type { LineProblem } from '../../contract/operator.ts';
import { type BatchReply, epochHeader, epochTag, type ItemResult, mediaType, preference, priority } from '../../contract/wire.ts';
import type { Log } from '../log.ts';
import type { Delivery, Outbox, ReceivedRun, StoredReceipt, Stuck, WaitingRecord } from '../outbox/outbox.ts';
import { writeBatch } from './batch.ts';
import type { Line, LineAnswer } from './line.ts';
import { problemOf, toLineError } from './line-problem.ts';
import { readJson, readPatience } from './read-answer.ts';
import { createReceiptVerifier } from './receipt.ts';
import { QuickReply } from './reply.ts';

/** What became of a delivery. Its records wait as before: only `settleJudged` ends any. */
export type Sent =
  | { came: 'replied'; reply: BatchReply }
  | { came: 'not_now'; inMs: number }
  /** The middleware was restored since the last news. */
  | { came: 'other_epoch' }
  /** As a whole it was refused (413, 422), or took longer than a request may. */
  | { came: 'too_much'; problem: LineProblem; refused: boolean }
  | { came: 'failed'; problem: LineProblem; inMs: number | null };

/** `proofs`: they are asked for, although a terminal usually makes them itself. */
export type SendParts = { line: Pick<Line, 'request'>; outbox: Pick<Outbox, 'epoch'>; log: Log; proofs: boolean };

/** A delivery as it goes over the line, written out. `desk`: the memory that it was given for that. */
export type Written = { delivery: Delivery; body: Uint8Array; desk: Buffer | undefined };

export type JudgeParts = { receiptKeys: () => ReadonlyMap<string, KeyObject>; terminal: string; log: Log };

export type SettleParts = {
  outbox: Pick<Outbox, 'markAllReceived' | 'markStuck' | 'enterEpoch'>;
  log: Log;
  onReceived: (txId: string, receivedAt: string) => void;
  onStuck: (txId: string) => void;
};

export function writeDelivery(delivery: Delivery, terminal: string, desk?: Buffer): Written {
  return { delivery, body: writeBatch(delivery, terminal, desk), desk };
}

export async function sendDelivery({ delivery, body }: Written, parts: SendParts): Promise<Sent> {
  const epoch = parts.outbox.epoch();
  const headers = {
    'content-type': mediaType.batch,
    [priority.header]: priority[delivery.kind],
    ...(!parts.proofs && { [preference.header]: preference.minimal }),
    ...(epoch !== null && { [epochHeader]: epochTag(epoch) }),
  };
  let answer: LineAnswer;
  try {
    answer = await parts.line.request('POST', '/v1/transactions', headers, body);
  } catch (error) {
    const { problem, timedOut } = toLineError(error);
    return timedOut ? { came: 'too_much', problem, refused: false } : { came: 'failed', problem, inMs: null };
  }
  const reply = readJson(answer, QuickReply);
  return reply ? { came: 'replied', reply } : readRefusal(answer, parts.log);
}

function readRefusal(answer: LineAnswer, log: Log): Sent {
  const { status } = answer;
  const problem = problemOf(answer);
  if (status === 412 && answer.mediaType === mediaType.problem) return { came: 'other_epoch' };
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
  received: ReceivedRun[];
  refused: { txId: string; sequence: number; reason: Stuck }[];
  /** Why some records are not settled; null when all are. */
  problem: LineProblem | null;
};

/** Believes nothing but verified receipts. */
export function judgeReply(records: readonly WaitingRecord[], reply: BatchReply, parts: JudgeParts): Judged {
  const verifier = createReceiptVerifier(reply.receipts, { keys: parts.receiptKeys(), terminal: parts.terminal });
  const judged: Judged = { epoch: reply.news.epoch, received: [], refused: [], problem: null };
  const whole = verifier.verifyWhole(records, reply.results);
  if (whole) return { ...judged, received: [{ txIds: records.map(({ txId }) => txId), receipt: whole }] };
  const results = readResults(records, reply.results);
  let unbelieved = 0;
  for (const record of records) {
    const { txId, sequence } = record;
    const result = results.get(txId);
    if (!result) continue;
    if (result.status === 'refused') {
      judged.refused.push({ txId, sequence, reason: result.reason });
      continue;
    }
    const receipt = verifier.verify(record, result);
    if (receipt.ok) judged.received.push(runOfOne(txId, receipt.value));
    else if (unbelieved++ === 0) parts.log('receipt_refused', { sequence, reason: receipt.error });
  }
  const isSettled = countReceived(judged) + judged.refused.length === records.length;
  if (unbelieved > 0) judged.problem = 'receipt_refused';
  else if (!isSettled) judged.problem = 'unreadable';
  return judged;
}

const runOfOne = (txId: string, { proof, ...receipt }: StoredReceipt): ReceivedRun => ({
  txIds: [txId],
  receipt: { ...receipt, proofs: { each: [proof] } },
});

export const countReceived = ({ received }: Pick<Judged, 'received'>): number => received.reduce((sum, { txIds }) => sum + txIds.length, 0);

/** Ends what was received, and hands to a person what was refused. Throws when the disk does not take it. */
export function settleJudged(sent: number, judged: Judged, { outbox, log, onReceived, onStuck }: SettleParts): void {
  const { epoch, received, refused } = judged;
  // First, so that what is settled now is settled in the epoch that said so.
  outbox.enterEpoch(epoch);
  for (const { txId, sequence, reason } of refused) {
    outbox.markStuck(txId, reason);
    log('item_refused', { sequence, reason });
  }
  if (received.length > 0) outbox.markAllReceived(received);
  for (const { txIds, receipt } of received) for (const txId of txIds) onReceived(txId, receipt.receivedAt);
  for (const { txId } of refused) onStuck(txId);
  log('batch_sent', { sent, settled: countReceived(judged) + refused.length });
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
