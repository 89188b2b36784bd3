import { useIntl } from 'react-intl';
import type { Language } from '../../contract/language.ts';
import { rich } from '../i18n/words.tsx';
import de from './operator-de.json' with { type: 'json' };
import en from './operator-en.json' with { type: 'json' };
import fr from './operator-fr.json' with { type: 'json' };
import nl from './operator-nl.json' with { type: 'json' };

/** Words for staff stay out of what the citizens' page carries. */
export type OperatorMessageId = keyof typeof nl;
type Messages = Readonly<Record<OperatorMessageId, string>>;

const written: Readonly<Record<Language, Messages>> = { nl, fr, de, en };

export const operatorLanguages: ReadonlyMap<Language, Messages> = new Map(
  (Object.entries(written) as [Language, Messages][]).map(([language, messages]) => [language, messages]),
);

export function operatorMessages(language: Language): Messages {
  return written[language];
}

type Values = Readonly<Record<string, string | number>>;

export function OperatorSay({ id, values }: { id: OperatorMessageId; values?: Values }) {
  const intl = useIntl();
  return intl.formatMessage({ id }, { ...rich, ...values });
}

/** For attributes, which take plain text. */
export function useOperatorText(): (id: OperatorMessageId, values?: Values) => string {
  const intl = useIntl();
  return (id, values) => String(intl.formatMessage({ id }, values));
}
