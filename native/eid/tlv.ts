import { ok, type Result, refuse } from '../../contract/result.ts';

export type TlvError = 'too_long' | 'truncated' | 'too_many_fields' | 'repeated_tag';

/** Far above any card (identity files are some 300 bytes), far below anything that could hurt. */
const largestFile = 8192;
const mostFields = 64;

/**
 * The fields of an identity or address file, by tag: a one-byte tag, then length bytes of which FF means "255 more, and
 * another length byte follows" (eID content v5_4 §6.1), then the value. Zeroes after the last field are padding. The
 * library's own split fields are not used: it over-reads the stack above 256 bytes and silently drops what is cut off
 * (P:cal.cpp:1598). Values are views on `file`, not copies.
 */
export function parseTlv(file: Uint8Array): Result<ReadonlyMap<number, Uint8Array>, TlvError> {
  if (file.length > largestFile) return refuse('too_long');
  const end = lengthWithoutPadding(file);
  const fields = new Map<number, Uint8Array>();
  let at = 0;
  // Up to the last byte that is not zero; a value may well end in zeroes, which is why reading goes by file.length.
  while (at < end) {
    if (fields.size === mostFields) return refuse('too_many_fields');
    const tag = file[at];
    const length = readLength(file, at + 1);
    if (tag === undefined || length === null) return refuse('truncated');
    const stop = length.valueAt + length.length;
    if (stop > file.length) return refuse('truncated');
    if (fields.has(tag)) return refuse('repeated_tag');
    fields.set(tag, file.subarray(length.valueAt, stop));
    at = stop;
  }
  return ok(fields);
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
