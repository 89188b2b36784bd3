import type { KeyObject } from 'node:crypto';
import { leafBytes, ReceiptHead, receiptType } from '../../contract/receipt.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { ItemResult } from '../../contract/wire.ts';
import { base64url } from '../outbox/chain.ts';
import type { StoredReceipt, WaitingRecord } from '../outbox/outbox.ts';
import { createTree, type Tree } from './inclusion.ts';
import { readSigned, type SignedRefusal } from './keys/signed.ts';

export type ReceiptRefusal = SignedRefusal | 'not_a_receipt' | 'for_another_terminal' | 'for_another_record';
export type ReceivedResult = Extract<ItemResult, { status: 'received' }>;
type Sent = Pick<WaitingRecord, 'txId' | 'reference' | 'generation' | 'sequence' | 'record'>;

/** Whether a reply's word about a record counts; its receipts are each verified once, whatever number of records they cover. */
export type VerifyReceipt = (record: Sent, result: ReceivedResult) => Result<StoredReceipt, ReceiptRefusal>;

type Opened = Result<{ head: ReceiptHead; tree: Tree }, ReceiptRefusal>;

/**
 * A receipt counts when a receipt key of the key set signed it, for this terminal, and this very record stands in its tree:
 * the leaf is made of what is here, never of what came back. An older epoch than the middleware's present one is no reason
 * to refuse: a repeat gets its first receipt again.
 */
export function createReceiptVerifier(
  receipts: readonly string[],
  { keys, terminal }: { keys: ReadonlyMap<string, KeyObject>; terminal: string },
): VerifyReceipt {
  const opened = new Map<number, Opened>();
  return (record, { receipt: { head: place, proof }, held }) => {
    const jws = receipts[place];
    if (jws === undefined) return refuse('not_a_receipt');
    const read = opened.get(place) ?? open(jws, { keys, terminal });
    opened.set(place, read);
    if (!read.ok) return read;
    const { txId, reference, generation, sequence } = record;
    const leaf = leafBytes({ txId, reference, terminal, generation, sequence, record: base64url(record.record), held });
    if (!read.value.tree.includes(leaf, proof)) return refuse('for_another_record');
    return ok({ proof, head: jws, held, receivedAt: read.value.head.receivedAt });
  };
}

function open(jws: string, { keys, terminal }: { keys: ReadonlyMap<string, KeyObject>; terminal: string }): Opened {
  const signed = readSigned(jws, { type: receiptType, keys });
  if (!signed.ok) return signed;
  const head = ReceiptHead.safeParse(signed.value);
  if (!head.success) return refuse('not_a_receipt');
  if (head.data.terminal !== terminal) return refuse('for_another_terminal');
  return ok({ head: head.data, tree: createTree(Buffer.from(head.data.root, 'base64url'), head.data.size) });
}
