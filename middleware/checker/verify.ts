import { base64url, compactVerify, importJWK } from 'jose';
import * as z from 'zod';
import { CheckKeys, TerminalKeys, terminalKeysType } from '../../contract/check-keys.ts';
import { keptBytes, readTicket } from '../../contract/kept-record.ts';
import { KeySet, keySetType, type PublicJwk } from '../../contract/key-set.ts';
import { leafBytes, ReceiptHead, receiptType, siblingSides } from '../../contract/receipt.ts';
import { readReceipt } from '../../contract/receipt-code.ts';

/** Runs in a browser and in Node, with the Web Cryptography API of both. Asks nobody. */

export type Keys = { set: KeySet; terminals: TerminalKeys };

export type Outcome =
  /** That terminal kept a record with this reference. `withdrawn`: its key is not used any more. */
  | { kind: 'kept'; terminal: string; withdrawn: string | null }
  | { kind: 'received'; terminal: string; receivedAt: string; held: boolean }
  /** No code, or one that was cut or misread. */
  | { kind: 'garbled' }
  /** No key of these: made elsewhere, or newer than they are. */
  | { kind: 'unknown_key' }
  /** Signed by nobody of ours, or another reference's. */
  | { kind: 'not_genuine' };

/** What was published, verified down from the one key. Null: it does not hang together. */
export async function readKeys(published: unknown): Promise<Keys | null> {
  const read = CheckKeys.safeParse(published);
  if (!read.success) return null;
  const { keySetKey, keySet, terminalKeys } = read.data;
  const set = KeySet.safeParse(await openJws(keySet, keySetType, keySetKey));
  if (!set.success) return null;
  const key = set.data.receipt.find(({ id }) => id === keyIdOf(terminalKeys));
  const terminals = TerminalKeys.safeParse(key && (await openJws(terminalKeys, terminalKeysType, key.jwk)));
  return terminals.success ? { set: set.data, terminals: terminals.data } : null;
}

/** @param code what stands behind `#` in the address */
export async function checkCode(reference: string, code: string, keys: Keys): Promise<Outcome> {
  return /^r[12]~/.test(code) ? await checkReceipt(reference, code, keys) : await checkTicket(reference, code, keys);
}

async function checkTicket(reference: string, code: string, { terminals }: Keys): Promise<Outcome> {
  const ticket = readTicket(reference, code);
  if (ticket === null) return { kind: 'garbled' };
  const known = terminals.terminals.find(({ terminal }) => terminal === ticket.terminal);
  if (known === undefined) return { kind: 'unknown_key' };
  for (const { jwk, withdrawnAt } of known.keys)
    if (await isSigned(keptBytes(ticket), ticket.signature, jwk))
      return { kind: 'kept', terminal: ticket.terminal, withdrawn: withdrawnAt };
  return { kind: 'not_genuine' };
}

async function checkReceipt(reference: string, code: string, { set }: Keys): Promise<Outcome> {
  const receipt = readReceipt(reference, code);
  if (receipt === null) return { kind: 'garbled' };
  const { leaf, proof, kid, size } = receipt;
  const key = set.receipt.find(({ id }) => id === kid);
  if (key === undefined) return { kind: 'unknown_key' };
  const root = await climb(leafBytes(leaf), { ...proof, size });
  const head = ReceiptHead.safeParse(root === null ? null : await openJws(receipt.headFor(root), receiptType, key.jwk));
  // The size as well: with another one the same path can lead elsewhere.
  if (!head.success || head.data.root !== root || head.data.size !== size) return { kind: 'not_genuine' };
  const { terminal, held } = leaf;
  return { kind: 'received', terminal, receivedAt: head.data.receivedAt, held };
}

/** The root that a leaf's path leads to (RFC 9162, 2.1.3.2), base64url. */
async function climb(
  leaf: Uint8Array,
  { index, size, path }: { index: number; size: number; path: readonly string[] },
): Promise<string | null> {
  const sides = siblingSides({ index, size, count: path.length });
  if (sides === null) return null;
  let node = await sha256(Uint8Array.of(0), leaf);
  for (const [at, sibling] of path.map((hash) => base64url.decode(hash)).entries())
    node = sides[at] === 'left' ? await sha256(Uint8Array.of(1), sibling, node) : await sha256(Uint8Array.of(1), node, sibling);
  return base64url.encode(node);
}

async function isSigned(bytes: Uint8Array, signature: string, jwk: PublicJwk): Promise<boolean> {
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, copy(base64url.decode(signature)), copy(bytes));
}

const Header = z.object({ kid: z.string() });

function keyIdOf(jws: string): string | null {
  try {
    return Header.parse(JSON.parse(new TextDecoder().decode(base64url.decode(jws.split('.')[0] ?? '')))).kid;
  } catch {
    return null;
  }
}

/** Undefined: not by this key, or not of this type (RFC 8725, 3.11). */
async function openJws(jws: string, type: string, jwk: PublicJwk): Promise<unknown> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(jwk, 'ES256'), { algorithms: ['ES256'] });
    return protectedHeader.typ === type ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) : undefined;
  } catch {
    return undefined;
  }
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
