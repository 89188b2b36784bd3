import type { Language } from '../../contract/language.ts';
import fr from './fr.json' with { type: 'json' };
import nl from './nl.json' with { type: 'json' };

export type MessageId = keyof typeof nl;
export type Messages = Readonly<Record<MessageId, string>>;

/** A language that is not written yet falls back to Dutch, which is always complete. */
const written: Partial<Record<Language, Messages>> = { nl, fr };

export function messagesFor(language: Language): Messages {
  return written[language] ?? nl;
}

/** The tag for `lang`, number and date formats. Dutch when the words shown are Dutch, whatever was asked. */
export function localeOf(language: Language): string {
  return written[language] ? `${language}-BE` : 'nl-BE';
}

export const writtenLanguages: ReadonlyMap<Language, Messages> = new Map(
  (Object.entries(written) as [Language, Messages][]).map(([language, messages]) => [language, messages]),
);
