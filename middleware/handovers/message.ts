import type { ItemSheet } from '../../contract/item-sheet.ts';
import type { Language } from '../../contract/language.ts';
import type { Message } from '../profile/messages.ts';

/** The same for everybody: subjects stand on locked telephones and in the lists of every mail server on the way. */
const subjects: Record<Language, string> = {
  nl: 'Uit uw map, van het loket',
  fr: 'De votre dossier, du guichet',
  de: 'Aus Ihrer Mappe, vom Schalter',
  en: 'From your file, from the desk',
};

/** Plain text. A value of several lines stays one value: none can pass for another row. */
export function writeItemMessage({ language, title, rows, foot }: ItemSheet, to: string): Message {
  const said = rows.map(({ name, value }) => `${name}: ${indent(value)}`);
  return { channel: 'email', to, subject: subjects[language], text: [indent(title), '', ...said, '', foot].join('\n') };
}

function indent(words: string): string {
  return words.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/u).join('\n    ');
}
