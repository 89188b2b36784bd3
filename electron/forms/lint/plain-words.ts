/**
 * What can be counted of plain language. B1 has no official measure: these are the working rules of Wablieft and of the
 * Flemish crisis centre, and no substitute for a reader.
 */
const wordsInSentence = 13;
const lettersInWord = 14;

/** Long words that everybody who comes here knows, or that have no shorter name. */
const known = new Set([
  'identiteitskaart',
  'rijksregisternummer',
  'ondernemingsnummer',
  'vestigingsnummer',
  'rekeningnummer',
  'telefoonnummer',
  'geboortedatum',
  'hoofdverblijfplaats',
  'gezinssamenstelling',
  'referentiepersoon',
  'afvalcontainer',
  'verantwoordelijk',
]);

export function findLongSentences(text: string): string[] {
  const sentences = text.split(/(?<=[.!?])\s+|:\s+/).map((sentence) => sentence.trim());
  return sentences.filter((sentence) => sentence.split(/\s+/).length > wordsInSentence);
}

export function findHardWords(text: string): string[] {
  const words = text.match(/\p{L}[\p{L}-]*/gu) ?? [];
  return words.filter((word) => word.split('-').some((part) => part.length > lettersInWord) && !known.has(word.toLowerCase()));
}

/** The words of somebody who says “je”, in a text that says “u”: one town, one way to speak to people. */
export function findInformal(text: string): string[] {
  return text.match(/(?<![\p{L}’'])(?:je|jij|jou|jouw|jullie|jezelf)(?![\p{L}])/giu) ?? [];
}

/** The words of somebody who says “u”. */
export function findFormal(text: string): string[] {
  return text.match(/(?<![\p{L}’'])(?:u|uw|uzelf)(?![\p{L}])/giu) ?? [];
}
