import { hash } from 'node:crypto';
import { type Leaf, leafText } from '../../contract/receipt.ts';

/** Merkle trees of RFC 9162, 2.1, with SHA-256. Hashes are raw 32 bytes; of several, one after the other. */

const bytes = 32;

export type Tree = {
  root: Buffer;
  /** How many leaves. */
  size: number;
  /** The sibling hashes from a leaf up (RFC 9162, 2.1.3), as an `InclusionProof` has them. */
  pathOf(leaf: number): string[];
};

/** Of a delivery's records, in its order. */
export function hashLeaves(leaves: readonly Leaf[]): Buffer {
  const level = Buffer.alloc(leaves.length * bytes);
  for (const [at, leaf] of leaves.entries()) writeHash(level, at, `\0${leafText(leaf)}`);
  return level;
}

/**
 * All levels are kept, so that paths cost no hash more than the root. A last node without a sibling goes up as it is: that is
 * the same tree as RFC 9162's split at the largest power of two.
 * @param leaves by `hashLeaves`, at least one
 */
export function buildTree(leaves: Buffer): Tree {
  if (leaves.length < bytes) throw new Error('a tree without leaves');
  const levels: Buffer[] = [];
  let root = leaves;
  for (; root.length > bytes; root = climb(root)) levels.push(root);
  return {
    root,
    size: Math.ceil(leaves.length / bytes),
    pathOf: (leaf) =>
      levels.flatMap((level, height) => {
        const beside = ((leaf >> height) ^ 1) * bytes;
        return beside < level.length ? level.toString('base64url', beside, beside + bytes) : [];
      }),
  };
}

function climb(level: Buffer): Buffer {
  const above = Buffer.alloc(Math.ceil(level.length / bytes / 2) * bytes);
  const node = Buffer.alloc(1 + 2 * bytes, 1);
  let at = 0;
  for (; (at + 1) * 2 * bytes <= level.length; at += 1) {
    level.copy(node, 1, at * 2 * bytes, (at + 1) * 2 * bytes);
    writeHash(above, at, node);
  }
  level.copy(above, at * bytes, at * 2 * bytes);
  return above;
}

/** By way of a text: a buffer of Node's own making takes as long as the hashing. */
function writeHash(level: Buffer, at: number, of: string | Buffer): void {
  level.write(hash('sha256', of, 'binary'), at * bytes, 'latin1');
}
