import type { Language } from '../../contract/language.ts';
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };
import nl from './nl.json' with { type: 'json' };

export type MessageId = keyof typeof nl;
export type Messages = Readonly<Record<MessageId, string>>;

const written: Readonly<Record<Language, Messages>> = { nl, fr, de, en };

export function messagesFor(language: Language): Messages {
  return written[language];
}

/** The tag for `lang`, number and date formats: as they are written in Belgium. */
export function localeOf(language: Language): string {
  return `${language}-BE`;
}

export const writtenLanguages: ReadonlyMap<Language, Messages> = new Map(
  (Object.entries(written) as [Language, Messages][]).map(([language, messages]) => [language, messages]),
);
