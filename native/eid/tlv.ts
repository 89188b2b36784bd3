import { ok, type Result, refuse } from '../../contract/result.ts';

export type TlvError = 'too_long' | 'too_many_fields';

/** What is wrong with a file that can be read all the same. */
export type TlvFlaw = 'repeated_tag' | 'truncated' | 'after_padding';

/** The fields by tag, and what was found wrong on the way: for staff, since no person can mend a card. */
export type TlvFile = { fields: ReadonlyMap<number, Uint8Array>; flaws: readonly TlvFlaw[] };

/** Far above any card (identity files are some 300 bytes), far below anything that could hurt. */
const largestFile = 8192;
const mostFields = 64;

/**
 * The fields of an identity or address file, by tag: a one-byte tag, then length bytes of which FF means "255 more, and
 * another length byte follows" (eID content v5_4 §6.1), then the value. Tag 0 comes first, so a zero in the place of a later
 * tag is the padding, and nothing behind it is a field. The library's own split fields are not used: it over-reads the stack
 * above 256 bytes and silently drops what is cut off (P:cal.cpp:1598). Values are views on `file`, not copies.
 *
 * What can be read is read: signatures are over the bytes as they are, so a file that lost some is not proven anyway. A tag
 * that comes twice with two values says neither of them, and a field that is cut off says nothing.
 */
export function parseTlv(file: Uint8Array): Result<TlvFile, TlvError> {
  if (file.length > largestFile) return refuse('too_long');
  const end = lengthWithoutPadding(file);
  const fields = new Map<number, Uint8Array>();
  const ambiguous = new Set<number>();
  const flaws = new Set<TlvFlaw>();
  let count = 0;
  // Up to the last byte that is not zero; a value may well end in zeroes, which is why reading goes by file.length.
  for (let at = 0; at < end; count += 1) {
    if (count === mostFields) return refuse('too_many_fields');
    const tag = file[at] ?? 0;
    if (tag === 0 && at > 0) {
      flaws.add('after_padding');
      break;
    }
    const length = readLength(file, at + 1);
    const stop = length === null ? Number.POSITIVE_INFINITY : length.valueAt + length.length;
    if (length === null || stop > file.length) {
      flaws.add('truncated');
      break;
    }
    const value = file.subarray(length.valueAt, stop);
    const before = fields.get(tag);
    if (before !== undefined) flaws.add('repeated_tag');
    if (before !== undefined && Buffer.compare(before, value) !== 0) ambiguous.add(tag);
    fields.set(tag, value);
    at = stop;
  }
  for (const tag of ambiguous) fields.delete(tag);
  return ok({ fields, flaws: [...flaws] });
}

/** For the log: nothing of what the fields say. */
export function findTlvFlaws(file: Uint8Array): readonly TlvFlaw[] {
  const parsed = parseTlv(file);
  return parsed.ok ? parsed.value.flaws : [];
}

export function lengthWithoutPadding(file: Uint8Array): number {
  let end = file.length;
  while (end > 0 && file[end - 1] === 0) end -= 1;
  return end;
}

function readLength(file: Uint8Array, from: number): { length: number; valueAt: number } | null {
  let length = 0;
  for (let at = from; at < file.length; at += 1) {
    const byte = file[at] ?? 0;
    length += byte;
    if (byte !== 0xff) return { length, valueAt: at + 1 };
  }
  return null;
}
