import { createHash } from 'node:crypto';
import { chainBytes, type Ticket } from '../../contract/kept-record.ts';
import type { Receipt } from '../../contract/receipt.ts';
import type { BatchReply, TransactionEvent } from '../../contract/wire.ts';
import { recordHashOf } from './check-reply.ts';

const terminalOf = ({ source }: TransactionEvent) => source.replace('urn:loket:terminal:', '');

/** As a terminal prints it at "kept". */
export function ticketOf(event: TransactionEvent): Ticket {
  const record = recordHashOf(event);
  const chain = createHash('sha256')
    .update(chainBytes(Buffer.from(event.previous ?? '', 'base64url'), Buffer.from(record, 'base64url')))
    .digest('base64url');
  const { generation, sequence, reference, signature = '' } = event;
  return { terminal: terminalOf(event), generation, sequence, reference, record, chain, signature };
}

/** As a terminal prints it once that reply is verified. `at`: the event's place in the delivery. */
export function receiptOf(event: TransactionEvent, reply: BatchReply, at: number): Receipt {
  const result = reply.results[at];
  if (result?.status !== 'received' || result.receipt.proof === undefined) throw new Error('not received, or without its proof');
  const { id: txId, reference, generation, sequence } = event;
  return {
    leaf: { txId, reference, terminal: terminalOf(event), generation, sequence, record: recordHashOf(event), held: result.held },
    proof: result.receipt.proof,
    head: reply.receipts[result.receipt.head] ?? '',
  };
}
