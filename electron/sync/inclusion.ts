import type { InclusionProof } from '../../contract/receipt.ts';
import { sameBytes, sha256 } from '../outbox/chain.ts';

/** Whether a leaf stands in the tree at that place (RFC 9162, 2.1.3.2). */
export type Tree = { includes(leaf: Uint8Array, proof: InclusionProof): boolean };

/** A path has at most seven hashes. */
const largest = 128;
const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/**
 * The tree that a receipt's root stands for. A level's last node without a sibling goes up as it is, which is RFC 9162's
 * split at the largest power of two. What one path proved need not be hashed again for the next: a hundred share most of it.
 * @param root 32 bytes
 */
export function createTree(root: Uint8Array, size: number): Tree {
  const proven = new Map<number, Uint8Array>();
  const isProven = (key: number, hash: Uint8Array) => {
    const known = proven.get(key);
    return known !== undefined && sameBytes(known, hash);
  };

  return {
    includes(leaf, { index, path }) {
      if (size > largest || index >= size) return false;
      const climbed: [number, Uint8Array][] = [];
      let node: Uint8Array = sha256(leafPrefix, leaf);
      let place = index;
      let used = 0;
      for (let height = 0, width = size; width > 1; height += 1, width = Math.ceil(width / 2), place >>= 1) {
        const keyOf = (at: number) => height * largest + at;
        climbed.push([keyOf(place), node]);
        const beside = place ^ 1;
        if (beside >= width) continue;
        const given = path[used];
        if (given === undefined) return false;
        used += 1;
        const sibling = Buffer.from(given, 'base64url');
        climbed.push([keyOf(beside), sibling]);
        const above = proven.get((height + 1) * largest + (place >> 1));
        if (above && isProven(keyOf(place), node) && isProven(keyOf(beside), sibling)) node = above;
        else node = place & 1 ? sha256(nodePrefix, sibling, node) : sha256(nodePrefix, node, sibling);
      }
      if (used !== path.length || !sameBytes(node, root)) return false;
      for (const [key, hash] of climbed) proven.set(key, hash);
      return true;
    },
  };
}
