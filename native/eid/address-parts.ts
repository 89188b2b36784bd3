import type { CardAddress } from '../../contract/identity.ts';

type Parts = NonNullable<CardAddress['parts']>;

/** "12", "12A", "12 A", "12bis", "12-14", "12 - 14A"; before it a space or a comma, and "nr." or "n°". */
const houseNumber = String.raw`\d{1,5}(?: ?(?:bis|ter|quater|[a-z])(?![\p{L}\d]))?(?: ?- ?\d{1,5}[a-z]?)?`;
const withMark = String.raw`[ ,]+(?:n[r°]?\.? ?)?(?<houseNumber>${houseNumber})`;

/** "bus 0004", "bte A", "boîte 2", "b3", "/3", "/b3". A lone letter after the number is part of it, unless a digit follows. */
const word = '(?:bus|bte|bo[iî]te|box|bfk|briefkasten)';
const boxMark = String.raw`(?:/ *(?:${word}|b)?\.? *|${word}\.? *(?=\d)|${word}\.? +|b\.? *(?=\d))`;
const box = String.raw`[ ,]*${boxMark}(?<box>[\p{L}\d][\p{L}\d./-]{0,9})`;

const pattern = new RegExp(String.raw`^(?<street>.*?\p{L}.*?)${withMark}(?:${box})?$`, 'iu');

/**
 * A reading of "street and number" as Belgian addresses are written, house number last: a guess, so it never stands in for
 * what is printed. Null when no house number can be told apart.
 */
export function guessAddressParts(streetAndNumber: string): Parts | null {
  const found = pattern.exec(streetAndNumber.trim())?.groups;
  if (found === undefined) return null;
  return { street: found.street ?? '', houseNumber: found.houseNumber ?? '', box: found.box ?? null };
}
