import type { BatchReply, ItemResult } from '../../contract/wire.ts';
import type { Tree } from '../receipts/merkle.ts';

/** Where a stored record stands: as which leaf of which tree, under which receipt. */
export type Place = { txId: string; held: boolean; leaf: number; tree: Tree; receipt: string };

export type Refused = Extract<ItemResult, { status: 'refused' }>;

/**
 * A result for each item of a delivery, and the receipts that they stand under.
 * @param minimal the sender makes the proofs itself where it has all leaves: where the delivery is one receipt's whole tree
 */
export function tellResults(items: readonly (Place | Refused)[], minimal: boolean): Pick<BatchReply, 'results' | 'receipts'> {
  const receipts: string[] = [];
  const heads = new Map<string, number>();
  const texts = new Map<Buffer, string>();
  const leavesOut = minimal && isWholeTree(items);

  function headOf(receipt: string): number {
    const head = heads.get(receipt) ?? receipts.push(receipt) - 1;
    heads.set(receipt, head);
    return head;
  }

  /** A hash of the tree is written out once, however many paths it is in. */
  function write(hash: Buffer): string {
    const text = texts.get(hash) ?? hash.toString('base64url');
    texts.set(hash, text);
    return text;
  }

  const results = items.map((item): ItemResult => {
    if ('status' in item) return item;
    const { txId, held, leaf, tree, receipt } = item;
    const head = headOf(receipt);
    const under = leavesOut ? { head } : { head, proof: { index: leaf, path: tree.pathOf(leaf).map(write) } };
    return { txId, status: 'received', receipt: under, held };
  });
  return { results, receipts };
}

function isWholeTree(items: readonly (Place | Refused)[]): boolean {
  const [first] = items;
  if (first === undefined || 'status' in first || first.tree.size !== items.length) return false;
  return items.every((item, at) => !('status' in item) && item.tree === first.tree && item.leaf === at);
}
