import { hash } from 'node:crypto';
import { type Leaf, leafText } from '../../contract/receipt.ts';

/**
 * The Merkle tree of a delivery (RFC 9162, 2.1), from the hashes of its leaves, 32 bytes each, one after the other. A level's
 * last node without a sibling goes up as it is, which is the RFC's split at the largest power of two.
 *
 * Hashes come as Latin-1 text: making a buffer for each takes longer than the hashing.
 */
const bytes = 32;

export function hashLeaves(leaves: readonly Leaf[]): Buffer {
  const level = Buffer.alloc(leaves.length * bytes);
  for (const [at, leaf] of leaves.entries()) level.write(hash('sha256', `\0${leafText(leaf)}`, 'binary'), at * bytes, 'latin1');
  return level;
}

/** Of at least one leaf. */
export function rootOf(leaves: Buffer): Buffer {
  let level = leaves;
  while (level.length > bytes) level = climb(level);
  return level;
}

/** The sibling hashes from the leaf up, as an `InclusionProof` has them. */
export function pathOf(leaves: Buffer, index: number): string[] {
  const path: string[] = [];
  let level = leaves;
  for (let at = index; level.length > bytes; at >>= 1, level = climb(level)) {
    const beside = (at ^ 1) * bytes;
    if (beside < level.length) path.push(level.toString('base64url', beside, beside + bytes));
  }
  return path;
}

function climb(level: Buffer): Buffer {
  const above = Buffer.alloc(Math.ceil(level.length / bytes / 2) * bytes);
  const node = Buffer.alloc(1 + 2 * bytes, 1);
  let at = 0;
  for (; (at + 1) * 2 * bytes <= level.length; at += 1) {
    level.copy(node, 1, at * 2 * bytes, (at + 1) * 2 * bytes);
    above.write(hash('sha256', node, 'binary'), at * bytes, 'latin1');
  }
  if (at * bytes < above.length) level.copy(above, at * bytes, at * 2 * bytes);
  return above;
}
