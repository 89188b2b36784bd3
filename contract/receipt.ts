import * as z from 'zod';
import { Hash, TerminalId } from './ids.ts';

/**
 * A receipt is one JWS over the root of a Merkle tree (RFC 9162, 2.1) whose leaves are the records of one delivery, and
 * for each record its place and path. So a batch costs one signature, and each record has a proof of its own, which whoever has
 * all leaves makes itself.
 */

/** Payload of the compact JWS (RFC 7515), `typ` `loket-receipt`, the signing key in `kid`. */
export const ReceiptHead = z.object({
  terminal: TerminalId,
  /** Of the tree. */
  root: Hash,
  size: z.int().positive(),
  receivedAt: z.iso.datetime(),
  /** Changes when the middleware was restored from a backup: then everything that is still kept is sent again. */
  epoch: z.string().min(1).max(32),
  /** Place in the middleware's own log of deliveries, and the SHA-256 of the receipt before: nothing is left out unseen. */
  log: z.object({ sequence: z.int().positive(), previous: Hash.nullable() }),
});
export type ReceiptHead = z.infer<typeof ReceiptHead>;
export const receiptType = 'loket-receipt';

/** Header and payload as they are signed, in this spelling: who has the parts of a receipt can make its JWS again. */
export function receiptParts(
  kid: string,
  { terminal, root, size, receivedAt, epoch, log: { sequence, previous } }: ReceiptHead,
): [string, string] {
  const payload = { terminal, root, size, receivedAt, epoch, log: { sequence, previous } };
  return [JSON.stringify({ alg: 'ES256', kid, typ: receiptType }), JSON.stringify(payload)];
}

/** What the middleware took in. `held`: it waits there for a person, because this terminal's standing is in doubt. */
export type Leaf = {
  txId: string;
  reference: string;
  terminal: string;
  generation: string;
  sequence: number;
  record: string;
  held: boolean;
};

/** The bytes of a leaf; its hash in the tree is SHA-256(0x00 ‖ these), of a node SHA-256(0x01 ‖ left ‖ right). */
export function leafBytes(leaf: Leaf): Uint8Array {
  return new TextEncoder().encode(leafText(leaf));
}

/** As text: in UTF-8, these are the bytes. */
export function leafText({ txId, reference, terminal, generation, sequence, record, held }: Leaf): string {
  return JSON.stringify(['loket/received/1', txId, reference, terminal, generation, sequence, record, held]);
}

/**
 * On which side of the way up each sibling of a path stands (RFC 9162, 2.1.3.2). A level's last node without a sibling goes
 * up as it is. Null: no path of `count` hashes leads from this place to the root of a tree of `size` leaves.
 */
export function siblingSides({ index, size, count }: { index: number; size: number; count: number }): ('left' | 'right')[] | null {
  const sides: ('left' | 'right')[] = [];
  let [node, last] = [index, size - 1];
  if (node > last) return null;
  for (; last > 0; node >>= 1, last >>= 1) {
    if ((node & 1) === 1) sides.push('left');
    else if (node < last) sides.push('right');
  }
  return sides.length === count ? sides : null;
}

/** A record's place in the tree, and the sibling hashes from the leaf up (RFC 9162, 2.1.3). */
export const InclusionProof = z.object({ index: z.int().nonnegative(), path: z.array(Hash).max(7) });
export type InclusionProof = z.infer<typeof InclusionProof>;

/** All that the checker needs to verify one record's receipt without asking anybody: the code printed after "received". */
export const Receipt = z.object({
  leaf: z.object({
    txId: z.uuidv7(),
    reference: z.string(),
    terminal: TerminalId,
    generation: z.string(),
    sequence: z.int().positive(),
    record: Hash,
    held: z.boolean(),
  }),
  proof: InclusionProof,
  /** The compact JWS. */
  head: z.string().max(2_000),
});
export type Receipt = z.infer<typeof Receipt>;
