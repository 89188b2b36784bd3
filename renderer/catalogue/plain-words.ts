/** A text as its words are compared: no accents, no capitals, no marks. "D’adresse" is "d adresse". */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim();
}

export function wordsOf(text: string): string[] {
  const all = plain(text);
  return all === '' ? [] : all.split(' ');
}
