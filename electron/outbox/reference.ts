import { randomInt } from 'node:crypto';

/** Crockford base 32: no I, L, O or U, so that a reference survives being read aloud and written down. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `KTR-7M4Q-29XD`: 40 random bits behind the town's prefix. Made by chance: it says nothing of person or product. */
export function makeReference(prefix: string): string {
  const four = () => Array.from({ length: 4 }, () => letters.charAt(randomInt(letters.length))).join('');
  return `${prefix}-${four()}-${four()}`;
}
