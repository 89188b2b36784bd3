import type { CheckView } from '../../contract/view.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Icon } from './icon.tsx';
import { CheckIcon, MinusIcon, type Pictogram, PlugsIcon, WarningCircleIcon } from './icons.ts';

const marks: Record<CheckView['outcome'], Pictogram> = {
  proven: CheckIcon,
  not_proven: WarningCircleIcon,
  unchecked: MinusIcon,
  offline: PlugsIcon,
};

/** What was checked about the card: each a sentence with a mark, so that no colour has to say it. */
export function CardChecks({ checks }: { checks: readonly CheckView[] }) {
  const text = useText();
  if (checks.length === 0) return null;
  return (
    <ul className="checks" aria-label={text('checks.list')}>
      {checks.map((check) => (
        <li key={check.check} className={check.outcome === 'proven' ? 'check is-done' : 'check'}>
          <span className="check__mark">
            <Icon of={marks[check.outcome]} />
          </span>
          <span>
            <Sentence check={check} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Sentence({ check: { check, outcome, at } }: { check: CheckView }) {
  const dates = useDates();
  const text = useText();
  if (outcome === 'unchecked' || outcome === 'offline') {
    return <Say id={`checks.${outcome}`} values={{ what: text(`checks.what.${check}`) }} />;
  }
  if (check === 'validity' && at !== null) return <Say id={`checks.until.${outcome}`} values={{ day: dates.date(at) }} />;
  if (check === 'revocation' && at !== null && outcome === 'proven') return <Say id="checks.asOf" values={{ moment: dates.dayTime(at) }} />;
  return <Say id={`checks.${outcome}.${check}`} />;
}
