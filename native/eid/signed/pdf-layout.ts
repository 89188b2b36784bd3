/**
 * Where the signature stands in a PDF that Loket made. The dictionary is written in one way only, and everything but the
 * signature itself is signed; so whoever verifies computes the ByteRange from the file and compares, and believes none of
 * the four numbers.
 */
export type SignatureLayout = {
  /** Of `<` before the hexadecimal signature, and just behind its `>`. */
  start: number;
  end: number;
  /** Entry M: a claim, of the terminal's clock. */
  claimedAt: Date;
};

const maxLength = 5_000_000;
const date = /\(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z\)/;
const dictionary = new RegExp(
  `/Type /Sig\\n/Filter /Adobe\\.PPKLite\\n/SubFilter /ETSI\\.CAdES\\.detached\\n/M ${date.source}\\n/ByteRange (\\[[0-9 ]+\\])\\n/Contents (<[0-9a-f]+>)`,
);

/** As wide as the numbers of any file that is taken, so that filling them in moves nothing. */
export const byteRangePlaceholder = '[0 9999999999 9999999999 9999999999]';

/** Bytes: both certificates of a Belgian citizen take 2 to 5 thousand, the rest less than one. */
export const signatureRoom = 8192;

/** Fixes the ByteRange of a PDF with an empty signature. Nothing changes its length. */
export function fillByteRange(pdf: Uint8Array): Uint8Array {
  const empty = `/ByteRange ${byteRangePlaceholder}\n/Contents <${'00'.repeat(signatureRoom)}>`;
  const filled = Buffer.from(pdf);
  const at = filled.indexOf(empty, 0, 'latin1');
  if (at === -1) throw new Error('this PDF has no room for a signature');
  const end = at + empty.length;
  filled.write(`/ByteRange ${writeByteRange(end - 2 - 2 * signatureRoom, end, pdf.length)}`, at, 'latin1');
  return new Uint8Array(filled);
}

/** ISO 32000-1, 12.8.1: from the beginning to the signature, and from behind it to the very end. */
function writeByteRange(start: number, end: number, length: number): string {
  return `${`[0 ${start} ${end} ${length - end}`.padEnd(byteRangePlaceholder.length - 1)}]`;
}

/** Null: no such dictionary, more than one, or a ByteRange that leaves a byte of the file out. */
export function findSignature(pdf: Uint8Array): SignatureLayout | null {
  if (pdf.length > maxLength) return null;
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.length).toString('latin1');
  const found = dictionary.exec(text);
  if (found === null || text.split('/ByteRange').length !== 2) return null;
  const [whole, year, month, day, hour, minute, second, range = '', contents = ''] = found;
  const end = found.index + whole.length;
  const start = end - contents.length;
  if (range !== writeByteRange(start, end, pdf.length)) return null;
  const [y, m, d, h, min, s] = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  return { start, end, claimedAt: new Date(Date.UTC(y, m - 1, d, h, min, s)) };
}

/** The two parts that are signed. */
export function signedParts(pdf: Uint8Array, { start, end }: SignatureLayout): [Uint8Array, Uint8Array] {
  return [pdf.subarray(0, start), pdf.subarray(end)];
}

/** What is between `<` and `>`. */
export function signatureBytes(pdf: Uint8Array, { start, end }: SignatureLayout): Uint8Array {
  return new Uint8Array(Buffer.from(Buffer.from(pdf.subarray(start + 1, end - 1)).toString('latin1'), 'hex'));
}
