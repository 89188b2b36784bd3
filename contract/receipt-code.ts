import { type Leaf, Receipt, ReceiptHead, receiptParts } from './receipt.ts';

/**
 * The code that is printed after "received". A code is read from glass by a telephone, so it is short: bytes instead of JSON,
 * and nothing that the reader can make again. The tree's root follows from record and path, the JWS's own words from the rest.
 */
export type ReceiptCode = Pick<Receipt, 'proof'> & {
  leaf: Leaf;
  /** Of the key that is said to have signed it; nothing here is verified yet. */
  kid: string;
  size: number;
  /** The compact JWS, for the root that leaf and path lead to. */
  headFor(root: string): string;
};

type Sketch = { kid: string; signature: string; head: Omit<ReceiptHead, 'root' | 'terminal'> };

/** Behind `#` in the receipt's address. A head that is written in another way than ours travels whole. */
export function writeReceipt(receipt: Receipt): string {
  const { leaf, proof, head } = receipt;
  const sketch = sketchHead(leaf, head);
  if (sketch !== null) return `r2~${toBase64url(packReceipt(receipt, sketch))}`;
  const rest = [leaf.txId, leaf.terminal, leaf.generation, leaf.sequence, leaf.record, leaf.held ? 1 : 0, proof.index, proof.path.join('')];
  return ['r1', ...rest, head].join('~');
}

/** Null: not such a code, or one that was cut or misread. */
export function readReceipt(reference: string, fragment: string): ReceiptCode | null {
  return fragment.startsWith('r2~') ? readShort(reference, fragment.slice(3)) : readWhole(reference, fragment);
}

/** Null: what would be made of these parts is not this head. */
function sketchHead(leaf: Leaf, jws: string): Sketch | null {
  const [header, payload, signature] = jws.split('.');
  const kid = kidOf(header);
  const read = ReceiptHead.safeParse(parseJson(payload));
  if (kid === null || signature === undefined || !read.success) return null;
  const { root, ...head } = read.data;
  const sketch = { kid, signature, head };
  const fits = signature.length === 86 && /^[0-9a-f]{32}$/.test(head.epoch) && /^[\x21-\x7e]{1,64}$/.test(kid);
  return fits && makeHead(leaf, sketch, root) === jws ? sketch : null;
}

function makeHead({ terminal }: Pick<Leaf, 'terminal'>, { kid, signature, head }: Sketch, root: string): string {
  const parts = receiptParts(kid, { terminal, root, ...head });
  return [...parts.map((part) => toBase64url(new TextEncoder().encode(part))), signature].join('.');
}

function packReceipt({ leaf, proof }: Receipt, { kid, signature, head }: Sketch): Uint8Array {
  const { previous } = head.log;
  return Uint8Array.from([
    (leaf.held ? 1 : 0) | (previous === null ? 0 : 2),
    ...fromHex(leaf.txId.replaceAll('-', '')),
    ...packText(leaf.terminal),
    ...fromBase64url(leaf.generation),
    ...packNumber(leaf.sequence),
    ...fromBase64url(leaf.record),
    ...packNumber(proof.index),
    ...packNumber(proof.path.length),
    ...proof.path.flatMap((hash) => [...fromBase64url(hash)]),
    ...packText(kid),
    ...packNumber(head.size),
    ...packNumber(Date.parse(head.receivedAt)),
    ...fromHex(head.epoch),
    ...packNumber(head.log.sequence),
    ...(previous === null ? [] : fromBase64url(previous)),
    ...fromBase64url(signature),
  ]);
}

function readShort(reference: string, code: string): ReceiptCode | null {
  try {
    const bytes = fromBase64url(code);
    const { receipt, sketch } = unpack(reference, createTaker(bytes));
    // One spelling for each receipt: what does not come out as it went in was misread.
    const isSame = toBase64url(packReceipt(receipt, sketch)) === code;
    const { leaf, proof } = receipt;
    return isSame ? { leaf, proof, kid: sketch.kid, size: sketch.head.size, headFor: (root) => makeHead(leaf, sketch, root) } : null;
  } catch {
    // Cut, misread or made up: nothing that a receipt's parts could be.
    return null;
  }
}

function unpack(reference: string, take: ReturnType<typeof createTaker>): { receipt: Receipt; sketch: Sketch } {
  const [flags = 0] = take.bytes(1);
  const txId = toHex(take.bytes(16)).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const [terminal, generation, sequence, record] = [take.text(), toBase64url(take.bytes(8)), take.number(), toBase64url(take.bytes(32))];
  const proof = { index: take.number(), path: Array.from({ length: Math.min(take.number(), 64) }, () => toBase64url(take.bytes(32))) };
  const [kid, size, at, epoch, place] = [take.text(), take.number(), take.number(), toHex(take.bytes(16)), take.number()];
  const previous = (flags & 2) === 0 ? null : toBase64url(take.bytes(32));
  const receivedAt = new Date(at).toISOString();
  const signature = toBase64url(take.bytes(64));
  const leaf = { txId, reference, terminal, generation, sequence, record, held: (flags & 1) === 1 };
  const receipt = Receipt.parse({ leaf, proof, head: '' });
  const {
    root: _root,
    terminal: _terminal,
    ...head
  } = ReceiptHead.parse({
    terminal,
    root: record,
    size,
    receivedAt,
    epoch,
    log: { sequence: place, previous },
  });
  return { receipt, sketch: { kid, signature, head } };
}

function readWhole(reference: string, fragment: string): ReceiptCode | null {
  const [kind, txId, terminal, generation, sequence, record, held, index, path, head, ...more] = fragment.split('~');
  if (kind !== 'r1' || more.length > 0 || path === undefined || path.length % 43 !== 0) return null;
  if (![sequence, index].every((number) => /^\d{1,15}$/.test(number ?? '')) || !/^[01]$/.test(held ?? '')) return null;
  const read = Receipt.safeParse({
    leaf: { txId, reference, terminal, generation, sequence: Number(sequence), record, held: held === '1' },
    proof: { index: Number(index), path: path.match(/.{43}/g) ?? [] },
    head,
  });
  const [header, payload] = head?.split('.') ?? [];
  const kid = kidOf(header);
  const said = ReceiptHead.safeParse(parseJson(payload));
  if (!read.success || kid === null || !said.success) return null;
  return { ...read.data, kid, size: said.data.size, headFor: () => read.data.head };
}

function kidOf(header: string | undefined): string | null {
  const read = parseJson(header);
  return typeof read === 'object' && read !== null && 'kid' in read && typeof read.kid === 'string' ? read.kid : null;
}

function parseJson(part: string | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(part ?? '')));
  } catch {
    return null;
  }
}

/** Seven bits at a time, the lowest first; a set top bit: more follow. Up to 2^53. */
function packNumber(number: number): number[] {
  return number < 128 ? [number] : [128 + (number % 128), ...packNumber(Math.floor(number / 128))];
}

function packText(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [bytes.length, ...bytes];
}

/** Throws where the bytes end too soon. What is left at the end is seen when all of it is packed again. */
function createTaker(bytes: Uint8Array) {
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new RangeError('cut');
    at += count;
    return bytes.subarray(at - count, at);
  };
  return {
    bytes: take,
    number(): number {
      let [number, unit] = [0, 1];
      for (; unit < 2 ** 53; unit *= 128) {
        const [digit = 0] = take(1);
        number += (digit % 128) * unit;
        if (digit < 128) return number;
      }
      throw new RangeError('no number');
    },
    text: () => new TextDecoder('utf-8', { fatal: true }).decode(take(take(1)[0] ?? 0)),
  };
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Throws on what is not base64url. */
function fromBase64url(text: string): Uint8Array {
  if (!/^[\w-]*$/.test(text)) throw new RangeError('not base64url');
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(text: string): number[] {
  return (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
