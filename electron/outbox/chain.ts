import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import {
  chainBytes,
  chainStartBytes,
  type KeptStatement,
  keptBytes,
  makeLinkDesk,
  type RecordEnvelope,
  recordText,
} from '../../contract/kept-record.ts';
import type { PublicJwk } from '../../contract/key-set.ts';

/** Who vouches for a queue's records. A terminal that was enrolled anew has another key, and older records the older one. */
export type Owner = { terminal: string; jwk: PublicJwk };

/** A kept record with what proves it: 32 bytes, 32 bytes (the chain before it), 64 bytes. */
export type ProvenRecord = Omit<RecordEnvelope, 'terminal'> & { record: Uint8Array; previous: Uint8Array; signature: Uint8Array };

/** By way of a text: a buffer of Node's own making takes longer than the hashing. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.from(hash('sha256', whole(parts), 'binary'), 'latin1');
}

/** One piece: making a hash object for each costs more than hashing a record. */
function whole(parts: readonly (Uint8Array | string)[]): Uint8Array | string {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

export const base64url = (bytes: Uint8Array): string => asBuffer(bytes).toString('base64url');
/** The same bytes, not a copy. */
export const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length);
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

export const hashRecord = (record: RecordEnvelope): Buffer => sha256(layOut(record));
export const startChain = (terminal: string, generation: string): Buffer => sha256(chainStartBytes(terminal, generation));
export const linkChain = (previous: Uint8Array, record: Uint8Array): Buffer => sha256(chainBytes(previous, record));

/** What the terminal signs for a record, from the record alone. `chain`: after it. */
export function stateKept(
  terminal: string,
  kept: Omit<ProvenRecord, 'signature'>,
  chain = linkChain(kept.previous, kept.record),
): KeptStatement {
  const { generation, sequence, reference, record } = kept;
  return { terminal, generation, sequence, reference, record: base64url(record), chain: base64url(chain) };
}

/** Whether these bytes are what was kept: hash and signature, by one of those who have owned this disk's queues. */
export function findOwner(record: ProvenRecord, owners: readonly Owner[]): Owner | null {
  return owners.find((owner) => isWhole(record, owner) && isSigned(record, owner)) ?? null;
}

/** What is hashed is laid out here: a piece of memory for each takes longer than the hashing. */
const desk = Buffer.allocUnsafeSlow(160 * 1024);
/** As large as the envelope's names get, in any writing. */
const mostNames = 4_096;

/** Whether the record's bytes still have the hash that was stored with them. */
export function isWhole(record: Omit<ProvenRecord, 'signature' | 'previous'>, { terminal }: Pick<Owner, 'terminal'>): boolean {
  return isHashOf(layOut({ terminal, ...record }), record.record);
}

/** `recordBytes`: good until something else is laid out. */
const layOut = (record: RecordEnvelope): Uint8Array => layTogether(recordText(record), record.encapsulated, record.ciphertext);

/** In one piece: good until something else is laid out. */
export function layTogether(text: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > desk.length - mostNames || text.length * 3 > mostNames) return Buffer.concat([Buffer.from(text), ...parts]);
  let end = desk.write(text);
  for (const part of parts) {
    desk.set(part, end);
    end += part.length;
  }
  return desk.subarray(0, end);
}

const linkDesk = makeLinkDesk();

/** Whether `chain` is what comes after `previous` and `record`. */
export function isLinked({ previous, record }: Pick<ProvenRecord, 'previous' | 'record'>, chain: Uint8Array): boolean {
  return isHashOf(chainBytes(previous, record, linkDesk), chain);
}

const isHashOf = (bytes: Uint8Array, expected: Uint8Array): boolean =>
  hash('sha256', bytes, 'binary') === asBuffer(expected).toString('latin1');

/** Whether the terminal signed it. A key that a damaged file made no point of the curve signed nothing. */
export function isSigned(record: ProvenRecord, { terminal, jwk }: Owner): boolean {
  const key = readKey(jwk);
  if (key === null) return false;
  return verify('sha256', keptBytes(stateKept(terminal, record)), { key, dsaEncoding: 'ieee-p1363' }, record.signature);
}

const keys = new Map<string, KeyObject | null>();

function readKey(jwk: PublicJwk): KeyObject | null {
  const name = `${jwk.x}.${jwk.y}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = makeKey(jwk);
  keys.set(name, key);
  return key;
}

function makeKey({ kty, crv, x, y }: PublicJwk): KeyObject | null {
  try {
    return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
  } catch {
    return null;
  }
}
