import { useIntl } from 'react-intl';
import { rich } from '../i18n/words.tsx';
import dockMessages from './dock-nl.json' with { type: 'json' };

/** The dock's words stay out of the product: they are not in the catalogue that it bundles. */
export { dockMessages };

type DockMessageId = keyof typeof dockMessages;

export function DockSay({ id, values }: { id: DockMessageId; values?: Record<string, string | number> }) {
  const intl = useIntl();
  return intl.formatMessage({ id }, { ...rich, ...values });
}
