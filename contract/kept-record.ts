import * as z from 'zod';
import { Generation, Hash, Reference, TerminalId, TerminalSignature } from './ids.ts';

/**
 * What a terminal vouches for when it says "kept". Here are only the bytes that are hashed and signed: terminal,
 * middleware and the checker page each do the hashing with the cryptography that they have.
 */

export type RecordEnvelope = {
  terminal: string;
  generation: string;
  sequence: number;
  txId: string;
  reference: string;
  lane: string;
  /** The seal key's. */
  keyId: string;
  /** By the terminal's clock, ISO 8601. */
  keptAt: string;
  /** HPKE `enc` and ciphertext. */
  encapsulated: Uint8Array;
  ciphertext: Uint8Array;
};

/** Its SHA-256 is the record's hash: the envelope as JSON, a zero byte (JSON has none), `enc` (fixed length), ciphertext. */
export function recordBytes(record: RecordEnvelope): Uint8Array {
  return join(utf8(recordText(record)), record.encapsulated, record.ciphertext);
}

/** What stands before the sealed bytes, as text: for whoever joins the three in a place of their own. */
export function recordText({ terminal, generation, sequence, txId, reference, lane, keyId, keptAt }: RecordEnvelope): string {
  return `${JSON.stringify(['loket/record/1', terminal, generation, sequence, txId, reference, lane, keyId, keptAt])}\0`;
}

/** Its SHA-256 stands before the first record of a generation. */
export function chainStartBytes(terminal: string, generation: string): Uint8Array {
  return utf8(JSON.stringify(['loket/chain/1', terminal, generation]));
}

const linkPrefix = new TextEncoder().encode('loket/link/1\0');

/**
 * Its SHA-256 is the chain after a record. Both are 32 bytes; of any other length it is of no chain, and all of it is in.
 * @param desk by `makeLinkDesk`, for whoever has hundreds to hash: laid out there, and good until the next
 */
export function chainBytes(previous: Uint8Array, record: Uint8Array, desk?: Uint8Array): Uint8Array {
  if (desk === undefined || previous.length !== 32 || record.length !== 32) return join(linkPrefix, previous, record);
  desk.set(previous, linkPrefix.length);
  desk.set(record, linkPrefix.length + 32);
  return desk;
}

export const makeLinkDesk = (): Uint8Array => join(linkPrefix, new Uint8Array(2 * 32));

/**
 * What the terminal signs at each keeping. One signature serves three: it is the head of the queue in its own file, the
 * one signature by which the middleware verifies a batch that ends here, and the proof on the citizen's ticket.
 */
export const KeptStatement = z.object({
  terminal: TerminalId,
  generation: Generation,
  sequence: z.int().positive(),
  reference: Reference,
  record: Hash,
  chain: Hash,
});
export type KeptStatement = z.infer<typeof KeptStatement>;

export function keptBytes({ terminal, generation, sequence, reference, record, chain }: KeptStatement): Uint8Array {
  return utf8(JSON.stringify(['loket/kept/1', terminal, generation, sequence, reference, record, chain]));
}

/** The ticket's code: no person, no product, no time. */
export const Ticket = KeptStatement.extend({ signature: TerminalSignature });
export type Ticket = z.infer<typeof Ticket>;

/** What stands behind `#` in the ticket's address: it stays with whoever holds the ticket, a server never sees it. */
export function writeTicket(ticket: Ticket): string {
  const { terminal, generation, sequence, record, chain, signature } = ticket;
  return ['k1', terminal, generation, sequence, record, chain, signature].join('.');
}

export function readTicket(reference: string, fragment: string): Ticket | null {
  const [kind, terminal, generation, sequence, record, chain, signature, ...more] = fragment.split('.');
  if (kind !== 'k1' || more.length > 0 || !/^[1-9]\d{0,15}$/.test(sequence ?? '')) return null;
  const read = Ticket.safeParse({ reference, terminal, generation, sequence: Number(sequence), record, chain, signature });
  return read.success ? read.data : null;
}

/**
 * A terminal's word that committed records are gone from its disk, as the payload of a compact JWS by its key. It closes
 * the generation: nobody waits for what is missing, and nobody takes the terminal for a clone.
 */
export const LossStatement = z.object({
  terminal: TerminalId,
  generation: Generation,
  /** The last head that the terminal knows of; null where even that file is gone. */
  head: z.object({ sequence: z.int().positive(), chain: Hash }).nullable(),
  /** Inclusive ranges. Empty: nothing is known to be missing, the file just could not be used any more. */
  missing: z.array(z.tuple([z.int().positive(), z.int().positive()])).max(10_000),
  successor: Generation,
  /** By the terminal's clock. */
  statedAt: z.iso.datetime(),
});
export type LossStatement = z.infer<typeof LossStatement>;
export const lossType = 'loket-loss';

const encoder = new TextEncoder();

function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
