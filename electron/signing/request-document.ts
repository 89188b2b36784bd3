import type { Language } from '../../contract/language.ts';
import font from './font/atkinson-hyperlegible-next.json' with { type: 'json' };

/** What a person reads and signs, in the language of the visit. Holds what the form may read and nothing else. */
export type RequestDocument = {
  title: string;
  /** Who, facts and answers, in the order in which they are read. */
  lines: readonly { label: string; value: string }[];
  /** What signing means here, in the person's own voice. */
  statement: string;
  /** The town. */
  place: string;
  /** The moment of making, shown as a day in Belgium. */
  date: Date;
  language: Language;
};

const printable = new Set(`\n${font.characters}`);

/**
 * What is shown is what is signed: a character that the letters do not have, or that nobody sees (turning the writing
 * direction, joining, breaking), is spelled out as `[U+202E]`, never left out.
 */
export function makeVisible(text: string): string {
  const plain = text.normalize('NFC').replaceAll(/\r\n?/g, '\n').replaceAll('\t', ' ');
  return [...plain].map((character) => (printable.has(character) ? character : spellOut(character))).join('');
}

export function dayOf({ date, language }: Pick<RequestDocument, 'date' | 'language'>): string {
  return new Intl.DateTimeFormat(`${language}-BE`, { dateStyle: 'long', timeZone: 'Europe/Brussels' }).format(date);
}

/** An answer that was left open is said to be so. */
export function shownValue(value: string): string {
  return value.trim() === '' ? '–' : makeVisible(value.trim());
}

function spellOut(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
