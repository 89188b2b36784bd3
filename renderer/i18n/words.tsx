import type { ReactNode } from 'react';
import { IntlProvider, type IntlShape, useIntl } from 'react-intl';
import type { Language } from '../../contract/language.ts';
import { localeOf, type MessageId, messagesFor } from './messages.ts';

type Values = Record<string, string | number>;

export const rich = { b: (chunks: ReactNode) => <strong>{chunks}</strong> };

type WordsProps = { language: Language; more?: Readonly<Record<string, string>>; children: ReactNode };

/** `more`: messages of a window that is not part of the product. */
export function Words({ language, more, children }: WordsProps) {
  return (
    <IntlProvider
      locale={localeOf(language)}
      messages={more ? { ...messagesFor(language), ...more } : messagesFor(language)}
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
  return findPlain(intl, id) ?? intl.formatMessage({ id }, { ...rich, ...values });
}

/** For attributes, which take plain text. */
export function useText(): (id: MessageId, values?: Values) => string {
  const intl = useIntl();
  return (id, values) => findPlain(intl, id) ?? String(intl.formatMessage({ id }, values));
}

/** Most messages are words and nothing else: to look their pattern up takes longer than to draw them, and a page has a hundred. */
function findPlain({ messages }: IntlShape, id: MessageId): string | null {
  const message = messages[id];
  return typeof message === 'string' && !/[{<']/.test(message) ? message : null;
}
