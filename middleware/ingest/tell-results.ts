import type { BatchReply, ItemResult } from '../../contract/wire.ts';
import type { Tree } from '../receipts/merkle.ts';

/** Under which receipt a stored record stands, and as which leaf of its tree. */
export type Stand = { txId: string; held: boolean; leaf: number; tree: Tree; receipt: string };

export type Refused = Extract<ItemResult, { status: 'refused' }>;

/**
 * A result for each item of a delivery, and the receipts that they stand under.
 * @param minimal whoever asks makes the proofs itself where it has all leaves: where the delivery is one receipt's whole tree
 */
export function tellResults(items: readonly (Stand | Refused)[], minimal: boolean): Pick<BatchReply, 'results' | 'receipts'> {
  const receipts: string[] = [];
  const heads = new Map<string, number>();
  const leavesOut = minimal && isWholeTree(items);

  function headOf(receipt: string): number {
    const head = heads.get(receipt) ?? receipts.push(receipt) - 1;
    heads.set(receipt, head);
    return head;
  }

  const results = items.map((item): ItemResult => {
    if ('status' in item) return item;
    const { txId, held, leaf, tree, receipt } = item;
    const head = headOf(receipt);
    const under = leavesOut ? { head } : { head, proof: { index: leaf, path: tree.pathOf(leaf) } };
    return { txId, status: 'received', receipt: under, held };
  });
  return { results, receipts };
}

function isWholeTree(items: readonly (Stand | Refused)[]): boolean {
  const [first] = items;
  if (first === undefined || 'status' in first || first.tree.size !== items.length) return false;
  return items.every((item, at) => !('status' in item) && item.tree === first.tree && item.leaf === at);
}
