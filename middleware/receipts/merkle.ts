import { hash } from 'node:crypto';
import { type Leaf, leafText, siblingSides } from '../../contract/receipt.ts';

/** Merkle trees of RFC 9162, 2.1, with SHA-256. Hashes are raw 32 bytes. */

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export function hashLeaf(bytes: Uint8Array): Buffer {
  return sha256(leafPrefix, bytes);
}

/** Of a delivery's records, in its order: at least one. */
export function treeOf(leaves: readonly Leaf[]): Tree {
  return buildTree(leaves.map((leaf) => fromText(hash('sha256', `\0${leafText(leaf)}`, 'binary'))));
}

export type Tree = {
  root: Buffer;
  /** How many leaves. */
  size: number;
  /** The sibling hashes from a leaf up (RFC 9162, 2.1.3). A hash of the tree is one object, however many paths it is in. */
  pathOf(leaf: number): Buffer[];
};

/**
 * All levels are kept, so that paths cost no hash more than the root. A last node without a sibling goes up as it is: that is
 * the same tree as RFC 9162's split at the largest power of two.
 * @param leaves hashes by `hashLeaf`, at least one
 */
export function buildTree(leaves: readonly Buffer[]): Tree {
  const levels: (readonly Buffer[])[] = [];
  let top = leaves;
  for (; top.length > 1; top = pairUp(top)) levels.push(top);
  const [root] = top;
  if (root === undefined) throw new Error('a tree without leaves');
  return {
    root,
    size: leaves.length,
    pathOf: (leaf) => levels.flatMap((level, height) => level[(leaf >> height) ^ 1] ?? []),
  };
}

function pairUp(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  const node = Buffer.alloc(65, 1);
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at], level[at + 1]];
    if (left === undefined) continue;
    node.set(left, 1);
    if (right !== undefined) node.set(right, 33);
    above.push(right === undefined ? left : fromText(hash('sha256', node, 'binary')));
  }
  return above;
}

/** RFC 9162, 2.1.3.2. Null: the path does not fit the place. */
export function rootFrom(leaf: Buffer, place: { index: number; size: number; path: readonly Buffer[] }): Buffer | null {
  const sides = siblingSides({ ...place, count: place.path.length });
  if (sides === null) return null;
  return place.path.reduce(
    (node, sibling, at) => (sides[at] === 'left' ? sha256(nodePrefix, sibling, node) : sha256(nodePrefix, node, sibling)),
    leaf,
  );
}

function sha256(...parts: Uint8Array[]): Buffer {
  return fromText(hash('sha256', Buffer.concat(parts), 'binary'));
}

/** Of Latin-1: a buffer of Node's own making takes as long as the hashing. */
const fromText = (digest: string): Buffer => Buffer.from(digest, 'latin1');
