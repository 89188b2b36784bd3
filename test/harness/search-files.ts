import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Looks for what must not be there: in every file below the folders, in every form in which a program may have written it.
 * A hit says where and in which form, and never what: the hits themselves end up in reports and logs.
 */
export type Hit = {
  file: string;
  /** Which of the needles, by the name that the caller gave it. */
  needle: string;
  form: string;
  offset: number;
};

/**
 * `text` is looked for as it is; of a text of 11 digits also the forms in which people write a national number, of one of 12
 * those of a card number. `bytes` are what a chip or a hash gives, which no program writes as text.
 */
export type Needle = { name: string; text: string } | { name: string; bytes: Uint8Array };

type Pattern = { needle: string; form: string; bytes: Buffer };

const chunkSize = 4 * 1024 * 1024;

/**
 * What a program stores in pieces (a value that spills over a page of SQLite, a compressed file) is found only where a
 * needle lies within one piece: short needles, and many of them.
 */
export async function findInFiles(folders: readonly string[], needles: readonly Needle[]): Promise<Hit[]> {
  const patterns = needles.flatMap(patternsOf);
  const search = createSearch(patterns);
  const overlap = Math.max(0, ...patterns.map(({ bytes }) => bytes.length)) - 1;
  const buffer = Buffer.alloc(chunkSize + overlap);
  const hits: Hit[] = [];
  for (const folder of folders) {
    for (const file of await listFiles(folder)) hits.push(...(await findInFile(file, search, buffer, overlap)));
  }
  return hits;
}

type Search = (bytes: Buffer, onFound: (pattern: Pattern, at: number) => void) => void;

const start = 4;

/**
 * All patterns in one pass, because there may be thousands: the first four bytes at each place are looked up in a small
 * table of those that begin a pattern, and only there are patterns compared.
 */
function createSearch(patterns: readonly Pattern[]): Search {
  const slotOf = (word: number) => Math.imul(word, 0x9e3779b1) >>> 12;
  const begun = new Uint8Array(2 ** 20);
  const byStart = new Map<number, Pattern[]>();
  for (const pattern of patterns) {
    if (pattern.bytes.length < start) throw new Error(`too short to be looked for: ${pattern.needle}`);
    const word = pattern.bytes.readInt32LE(0);
    begun[slotOf(word)] = 1;
    byStart.set(word, [...(byStart.get(word) ?? []), pattern]);
  }
  return (bytes, onFound) => {
    // The four bytes up to and with the one at `end`, as readInt32LE gives them.
    let word = 0;
    for (let end = 0; end < bytes.length; end += 1) {
      word = (word >>> 8) | ((bytes[end] as number) << 24);
      if (end < start - 1 || begun[slotOf(word)] === 0) continue;
      const at = end - start + 1;
      for (const pattern of byStart.get(word) ?? [])
        if (bytes.compare(pattern.bytes, 0, pattern.bytes.length, at, Math.min(bytes.length, at + pattern.bytes.length)) === 0)
          onFound(pattern, at);
    }
  };
}

/** Files that come and go while a program runs are no error: what has gone holds nothing. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Reads piece by piece; the last `overlap` bytes of a piece stay for the next, so that no needle falls between two. */
async function findInFile(path: string, search: Search, buffer: Buffer, overlap: number): Promise<Hit[]> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return [];
  try {
    const hits: Hit[] = [];
    // `at` is where the buffer begins in the file; `kept` is how much of it was already there in the round before.
    for (let at = 0, kept = 0; ; ) {
      const { bytesRead } = await file.read(buffer, kept, chunkSize, at + kept);
      const filled = buffer.subarray(0, kept + bytesRead);
      search(filled, ({ needle, form, bytes }, found) => {
        // Wholly inside the part that was kept: counted the round before.
        if (found + bytes.length > kept) hits.push({ file: path, needle, form, offset: at + found });
      });
      if (bytesRead === 0) return hits;
      const next = Math.min(overlap, filled.length);
      filled.copy(buffer, 0, filled.length - next);
      at += filled.length - next;
      kept = next;
    }
  } finally {
    await file.close();
  }
}

/** Every form of one needle, each byte sequence once. */
export function patternsOf(needle: Needle): Pattern[] {
  const { name } = needle;
  const patterns =
    'bytes' in needle
      ? writtenAs(Buffer.from(needle.bytes)).map(({ encoding, bytes }) => ({ needle: name, form: encoding, bytes }))
      : writingsOf(needle.text).flatMap(({ form, writing }) =>
          encodingsOf(writing).map(({ encoding, bytes }) => ({ needle: name, form: `${form}, ${encoding}`, bytes })),
        );
  const seen = new Set<string>();
  return patterns.filter(({ bytes }) => {
    const key = bytes.toString('hex');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function writingsOf(text: string): { form: string; writing: string }[] {
  const writings = [{ form: 'as it is', writing: text }];
  if (text.toLowerCase() !== text) writings.push({ form: 'lower case', writing: text.toLowerCase() });
  if (text.toUpperCase() !== text) writings.push({ form: 'upper case', writing: text.toUpperCase() });
  const [, one, two, three] = /^(\d{3})(\d{7})(\d\d)$/.exec(text) ?? [];
  if (one !== undefined) writings.push({ form: 'as a card number', writing: `${one}-${two}-${three}` });
  const parts = /^(\d\d)(\d\d)(\d\d)(\d{3})(\d\d)$/.exec(text)?.slice(1);
  if (parts === undefined) return writings;
  const [year, month, day, serial, check] = parts;
  return [
    ...writings,
    { form: 'with points and dashes', writing: `${year}.${month}.${day}-${serial}.${check}` },
    { form: 'with a dash', writing: `${year}${month}${day}-${serial}${check}` },
    { form: 'with dashes', writing: `${year}${month}${day}-${serial}-${check}` },
    { form: 'with spaces', writing: `${year}${month}${day} ${serial} ${check}` },
    { form: 'spaced out', writing: `${year} ${month} ${day} ${serial} ${check}` },
  ];
}

function encodingsOf(writing: string): { encoding: string; bytes: Buffer }[] {
  const wide = Buffer.from(writing, 'utf16le');
  return [
    ...writtenAs(Buffer.from(writing, 'utf8'), 'UTF-8'),
    ...writtenAs(wide, 'UTF-16LE'),
    { encoding: 'UTF-16BE', bytes: Buffer.from(wide).swap16() },
    ...writtenAs(Buffer.from(writing, 'latin1'), 'Latin-1'),
  ];
}

function writtenAs(bytes: Buffer, name = 'bytes'): { encoding: string; bytes: Buffer }[] {
  const hex = bytes.toString('hex');
  return [
    { encoding: name, bytes },
    { encoding: `${name}, hex`, bytes: Buffer.from(hex) },
    { encoding: `${name}, hex in capitals`, bytes: Buffer.from(hex.toUpperCase()) },
    ...[0, 1, 2].flatMap((shift) => base64At(bytes, shift)).map((each) => ({ ...each, encoding: `${name}, ${each.encoding}` })),
  ];
}

/**
 * Base64 writes three bytes as four characters, so what a text looks like depends on how many bytes stand before it. Only
 * the characters that the text alone decides are looked for. Both alphabets (RFC 4648, sections 4 and 5).
 */
function base64At(bytes: Buffer, shift: number): { encoding: string; bytes: Buffer }[] {
  const written = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor(((shift + bytes.length) * 8) / 6);
  const own = written.slice(first, last);
  // Too short to mean anything: it would be found everywhere.
  if (own.length < 6) return [];
  const url = own.replaceAll('+', '-').replaceAll('/', '_');
  return [
    { encoding: `base64, ${shift} before`, bytes: Buffer.from(own) },
    { encoding: `base64url, ${shift} before`, bytes: Buffer.from(url) },
  ];
}
