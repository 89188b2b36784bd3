import { createHash } from 'node:crypto';
import { siblingSides } from '../../contract/receipt.ts';

/** As whoever is given a receipt checks it: of its own leaf alone. Hashes are raw 32 bytes. */
const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export function hashLeaf(bytes: Uint8Array): Buffer {
  return sha256(leafPrefix, bytes);
}

/** RFC 9162, 2.1.3.2. Null: the path, base64url, does not fit the place. */
export function rootFrom(leaf: Buffer, place: { index: number; size: number; path: readonly string[] }): Buffer | null {
  const sides = siblingSides({ ...place, count: place.path.length });
  if (sides === null) return null;
  return place.path.reduce((node, text, at) => {
    const sibling = Buffer.from(text, 'base64url');
    return sides[at] === 'left' ? sha256(nodePrefix, sibling, node) : sha256(nodePrefix, node, sibling);
  }, leaf);
}

function sha256(...parts: Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
