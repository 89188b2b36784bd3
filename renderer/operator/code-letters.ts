/** Crockford's base 32, without I, L, O and U. */
export const codeLetters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const codeLength = 32;

/** The letters of a code in whatever was typed, pasted or scanned: I, L and O are what they look like. */
export function readLetters(text: string): string {
  const plain = text.toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  return [...plain].filter((letter) => codeLetters.includes(letter)).join('');
}
