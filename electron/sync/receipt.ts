import type { KeyObject } from 'node:crypto';
import { type Leaf, leafBytes, ReceiptHead, receiptType } from '../../contract/receipt.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { ItemResult } from '../../contract/wire.ts';
import { base64url, sameBytes } from '../outbox/chain.ts';
import type { ReceivedRun, StoredReceipt, WaitingRecord } from '../outbox/outbox.ts';
import { hashLeaves, rootOf } from '../outbox/tree.ts';
import { createTree, type Tree } from './inclusion.ts';
import { readSigned, type SignedRefusal } from './keys/signed.ts';

export type ReceiptRefusal = SignedRefusal | 'not_a_receipt' | 'not_the_whole_tree' | 'for_another_terminal' | 'for_another_record';
export type ReceivedResult = Extract<ItemResult, { status: 'received' }>;
type Sent = Pick<WaitingRecord, 'txId' | 'reference' | 'generation' | 'sequence' | 'record'>;

/** A reply's receipts are each verified once, whatever number of records they cover. */
export type ReceiptVerifier = {
  /** Whether the reply's word about a record counts. */
  verify(record: Sent, result: ReceivedResult): Result<StoredReceipt, ReceiptRefusal>;
  /**
   * All of a delivery at once, which takes a fifth of the time: it is the whole tree of one receipt, leaf by leaf. The root
   * that was signed is made here of what was sent, so each record stands in it, and which paths came back matters to nobody:
   * they are made of the same leaves. Null: not that plain a reply, or not one to believe; each has to be looked at by itself.
   */
  verifyWhole(records: readonly Sent[], results: readonly ItemResult[]): ReceivedRun['receipt'] | null;
};

type Opened = Result<{ jws: string; head: ReceiptHead; tree: Tree }, ReceiptRefusal>;

/**
 * A receipt counts when a receipt key of the key set signed it, for this terminal, and this very record stands in its tree:
 * the leaf is made of what is here, never of what came back. An older epoch than the middleware's present one is no reason
 * to refuse: a repeat gets its first receipt again.
 */
export function createReceiptVerifier(
  receipts: readonly string[],
  { keys, terminal }: { keys: ReadonlyMap<string, KeyObject>; terminal: string },
): ReceiptVerifier {
  const opened = new Map<number, Opened>();
  function openOnce(place: number): Opened {
    const jws = receipts[place];
    const read = opened.get(place) ?? (jws === undefined ? refuse('not_a_receipt') : open(jws, { keys, terminal }));
    opened.set(place, read);
    return read;
  }
  return {
    verify(record, { receipt: { head: place, proof }, held }) {
      const read = openOnce(place);
      if (!read.ok) return read;
      // It was left out, and the tree is not what was sent.
      if (proof === undefined) return refuse('not_the_whole_tree');
      if (!read.value.tree.includes(leafBytes(toLeaf(record, { terminal, held })), proof)) return refuse('for_another_record');
      const { index, path } = proof;
      return ok({ proof: { index, path }, head: read.value.jws, held, receivedAt: read.value.head.receivedAt });
    },
    verifyWhole(records, results) {
      const [first] = results;
      if (first?.status !== 'received') return null;
      const { held } = first;
      const isNext = ({ txId }: Sent, at: number) => {
        const result = results[at];
        if (result?.status !== 'received' || result.txId !== txId || result.held !== held) return false;
        const { head, proof } = result.receipt;
        return head === first.receipt.head && (proof === undefined || proof.index === at);
      };
      const read = openOnce(first.receipt.head);
      if (!read.ok || read.value.head.size !== records.length || results.length !== records.length || !records.every(isNext)) return null;
      const leaves = hashLeaves(records.map((record) => toLeaf(record, { terminal, held })));
      const { head, jws } = read.value;
      if (!sameBytes(rootOf(leaves), Buffer.from(head.root, 'base64url'))) return null;
      return { head: jws, held, receivedAt: head.receivedAt, proofs: { leaves } };
    },
  };
}

function toLeaf({ txId, reference, generation, sequence, record }: Sent, { terminal, held }: Pick<Leaf, 'terminal' | 'held'>): Leaf {
  return { txId, reference, terminal, generation, sequence, record: base64url(record), held };
}

function open(jws: string, { keys, terminal }: { keys: ReadonlyMap<string, KeyObject>; terminal: string }): Opened {
  const signed = readSigned(jws, { type: receiptType, keys });
  if (!signed.ok) return signed;
  const head = ReceiptHead.safeParse(signed.value);
  if (!head.success) return refuse('not_a_receipt');
  if (head.data.terminal !== terminal) return refuse('for_another_terminal');
  return ok({ jws, head: head.data, tree: createTree(Buffer.from(head.data.root, 'base64url'), head.data.size) });
}
