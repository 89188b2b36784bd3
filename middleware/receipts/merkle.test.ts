import { expect, test } from 'vitest';
import { type Leaf, leafBytes } from '../../contract/receipt.ts';
import { hashLeaf, rootFrom } from '../testing/inclusion.ts';
import { buildTree, hashLeaves } from './merkle.ts';

/** Leaves and roots of the reference implementation of RFC 6962, whose tree RFC 9162 keeps (certificate-transparency-go, merkletree tests). */
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) =>
  hashLeaf(Buffer.from(hex, 'hex')),
);
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test.each(roots.map((root, at) => [at + 1, root] as const))('%i leaves', (size, root) => {
  const tree = buildTree(Buffer.concat(leaves.slice(0, size)));
  expect([tree.root.toString('hex'), tree.size]).toEqual([root, size]);
});

test('each path of each size leads to the root, and from no other leaf, place or size', () => {
  for (const size of [...Array.from({ length: 33 }, (_, at) => at + 1), 64, 65, 99, 100]) {
    const many = Array.from({ length: size }, (_, at) => hashLeaf(Buffer.of(at)));
    const { root, pathOf } = buildTree(Buffer.concat(many));
    for (const [index, leaf] of many.entries()) {
      const path = pathOf(index);
      expect(path.length).toBeLessThanOrEqual(7);
      expect(rootFrom(leaf, { index, size, path })).toEqual(root);
      if (size > 1) expect(rootFrom(leaf, { index: (index + 1) % size, size, path })).not.toEqual(root);
      expect(rootFrom(hashLeaf(Buffer.of(200)), { index, size, path })).not.toEqual(root);
      expect(rootFrom(leaf, { index, size, path: [...path, leaf.toString('base64url')] })).toBe(null);
      if (path.length > 0) expect(rootFrom(leaf, { index, size, path: path.slice(1) })).not.toEqual(root);
    }
  }
  expect(rootFrom(hashLeaf(Buffer.of(1)), { index: 1, size: 1, path: [] })).toBe(null);
});

test('a node never passes for a leaf', () => {
  const [one, other] = [hashLeaf(Buffer.of(1)), hashLeaf(Buffer.of(2))];
  expect(hashLeaf(Buffer.concat([one, other]))).not.toEqual(buildTree(Buffer.concat([one, other])).root);
});

test('leaves are hashed as whoever has a receipt does it', () => {
  const made = [1, 2, 3].map(
    (sequence): Leaf => ({
      txId: `01936f5e-0000-7000-8000-00000000000${sequence}`,
      reference: 'KTR-0000-0000',
      terminal: 'Kioskë 1',
      generation: 'g',
      sequence,
      record: 'A'.repeat(43),
      held: sequence === 2,
    }),
  );
  expect(hashLeaves(made)).toEqual(Buffer.concat(made.map((leaf) => hashLeaf(leafBytes(leaf)))));
});
