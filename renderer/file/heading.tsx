import { useIntl } from 'react-intl';
import { Say } from '../i18n/words.tsx';
import type { Row } from './arrange.ts';

export function Heading({ heading }: { heading: Extract<Row, { row: 'heading' }>['heading'] }) {
  const intl = useIntl();
  return (
    <h2 className="items__heading">
      {heading.kind === 'month' && intl.formatDate(`${heading.month}-15`, { month: 'long', year: 'numeric', timeZone: 'UTC' })}
      {heading.kind === 'theme' && <Say id={`theme.${heading.theme}`} />}
      {(heading.kind === 'waiting' || heading.kind === 'others') && <Say id={`file.heading.${heading.kind}`} />}
    </h2>
  );
}
