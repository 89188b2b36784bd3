import { sealSuite } from '../../contract/transaction.ts';
import { BatchReply, type ItemResult, mediaType, type TransactionEvent } from '../../contract/wire.ts';
import type { Log } from '../log.ts';
import type { Outbox, WaitingEntry } from '../outbox/outbox.ts';
import type { Line, LineAnswer } from './line.ts';
import type { VerifyReceipt } from './receipt.ts';

/**
 * `no_line`: nothing came back. `no_reply`: something came back that is not the middleware's reply. `partly`: the
 * middleware replied, and some entries are still not settled.
 */
export type BatchOutcome = 'done' | 'partly' | 'no_line' | 'no_reply';

export type SendBatchParts = {
  line: Line;
  outbox: Outbox;
  verifyReceipt: VerifyReceipt;
  terminal: string;
  log: Log;
  onReceived: (txId: string, receivedAt: string) => void;
  onRefused: (txId: string) => void;
};

/**
 * Sends entries and believes nothing but verified receipts. Whatever else comes back, the entries stay: a reply of a
 * captive portal, a truncated one, one with the wrong ids.
 */
export async function sendBatch(entries: readonly WaitingEntry[], parts: SendBatchParts): Promise<BatchOutcome> {
  const events = entries.map((entry) => toEvent(entry, parts.terminal));
  let answer: LineAnswer;
  try {
    answer = await parts.line.post('/v1/transactions', mediaType.batch, JSON.stringify(events));
  } catch {
    return 'no_line';
  }
  const reply = readReply(answer);
  if (!reply) {
    parts.log('reply_refused', { status: answer.status });
    return 'no_reply';
  }
  let settled = 0;
  for (const result of reply.results) {
    const entry = entries.find((candidate) => candidate.txId === result.txId);
    if (entry && (await settle(entry, result, parts))) settled += 1;
  }
  parts.log('batch_sent', { sent: entries.length, settled });
  return settled === entries.length ? 'done' : 'partly';
}

/** Whether the entry has left the queue's head, by a receipt or into a person's hands. */
async function settle(entry: WaitingEntry, result: ItemResult, parts: SendBatchParts): Promise<boolean> {
  if (result.status === 'refused') {
    parts.outbox.markNeedsAttention(entry.txId, result.reason);
    parts.onRefused(entry.txId);
    parts.log('item_refused', { sequence: entry.sequence, reason: result.reason });
    return true;
  }
  const claims = await parts.verifyReceipt(result.receipt, entry);
  if (!claims.ok) {
    parts.log('receipt_refused', { sequence: entry.sequence, reason: claims.error });
    return false;
  }
  parts.outbox.markReceived(entry.txId, result.receipt, claims.value.receivedAt);
  parts.onReceived(entry.txId, claims.value.receivedAt);
  return true;
}

function readReply(answer: LineAnswer): BatchReply | null {
  if (answer.status !== 200 || answer.mediaType !== mediaType.json) return null;
  try {
    return BatchReply.parse(JSON.parse(answer.body));
  } catch {
    return null;
  }
}

function toEvent(entry: WaitingEntry, terminal: string): TransactionEvent {
  return {
    specversion: '1.0',
    id: entry.txId,
    source: `urn:loket:terminal:${terminal}`,
    type: 'be.loket.transaction.v1',
    time: entry.keptAt,
    datacontenttype: 'application/octet-stream',
    data_base64: Buffer.from(entry.ciphertext).toString('base64'),
    sequence: entry.sequence,
    reference: entry.reference,
    suite: sealSuite,
    keyid: entry.keyId,
    encapsulated: Buffer.from(entry.encapsulated).toString('base64'),
  };
}
