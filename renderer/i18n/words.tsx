import type { ReactNode } from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import type { Language } from '../../contract/language.ts';
import { localeOf, type MessageId, messagesFor } from './messages.ts';

type Values = Record<string, string | number>;

export const rich = { b: (chunks: ReactNode) => <strong>{chunks}</strong> };

/** A town hall's hours are those of its own country, wherever the terminal's clock was set up. */
const timeZone = 'Europe/Brussels';

type WordsProps = { language: Language; more?: Readonly<Record<string, string>>; children: ReactNode };

/** `more`: messages of a window that is not part of the product. */
export function Words({ language, more, children }: WordsProps) {
  return (
    <IntlProvider
      locale={localeOf(language)}
      messages={more ? { ...messagesFor(language), ...more } : messagesFor(language)}
      timeZone={timeZone}
      defaultLocale={localeOf('nl')}
      onError={throwOurMistake}
    >
      {children}
    </IntlProvider>
  );
}

function throwOurMistake(error: unknown): never {
  throw error;
}

/** A sentence on the page. `<b>` in a message is strong. */
export function Say({ id, values }: { id: MessageId; values?: Values }) {
  const intl = useIntl();
  return intl.formatMessage({ id }, { ...rich, ...values });
}

/** For attributes, which take plain text. */
export function useText(): (id: MessageId, values?: Values) => string {
  const intl = useIntl();
  return (id, values) => String(intl.formatMessage({ id }, values));
}
