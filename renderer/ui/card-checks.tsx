import { useState } from 'react';
import type { CheckView } from '../../contract/view.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { CaretDownIcon, CaretUpIcon, CheckIcon, MinusIcon, type Pictogram, PlugsIcon, WarningCircleIcon } from './icons.ts';

const marks: Record<CheckView['outcome'], Pictogram> = {
  proven: CheckIcon,
  not_proven: WarningCircleIcon,
  not_yet: WarningCircleIcon,
  pending: MinusIcon,
  unchecked: MinusIcon,
  offline: PlugsIcon,
  no_answer: PlugsIcon,
  unknown: WarningCircleIcon,
};

/** What a person has to know even where the rest is folded away. */
const telling: ReadonlySet<CheckView['outcome']> = new Set(['not_proven', 'not_yet', 'offline', 'no_answer', 'unknown']);

/** What was checked about the card. `folds`: there is little room, so what is in order opens with a press. */
export function CardChecks({ checks, folds }: { checks: readonly CheckView[]; folds: boolean }) {
  const [open, setOpen] = useState(false);
  if (checks.length === 0) return null;
  if (!folds) return <List checks={checks} />;
  return (
    <>
      <List checks={open ? checks : checks.filter(({ outcome }) => telling.has(outcome))} />
      <Button
        size="small"
        spread
        className="checks__fold"
        after={open ? CaretUpIcon : CaretDownIcon}
        aria-expanded={open}
        onPress={() => setOpen(!open)}
      >
        <Say id="checks.fold" />
      </Button>
    </>
  );
}

/** Each a sentence with a mark, so that no colour has to say it. */
function List({ checks }: { checks: readonly CheckView[] }) {
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
  if (outcome === 'not_yet') {
    return at === null ? <Say id="checks.not_proven.validity" /> : <Say id="checks.notYet" values={{ day: dates.date(at) }} />;
  }
  if (outcome === 'unchecked' && check === 'chip') return <Say id="checks.unchecked.chip" />;
  if (outcome !== 'proven' && outcome !== 'not_proven') {
    return <Say id={`checks.${outcome}`} values={{ what: text(`checks.what.${check}`) }} />;
  }
  if (check === 'validity' && at !== null) return <Say id={`checks.until.${outcome}`} values={{ day: dates.date(at) }} />;
  if (check === 'revocation' && at !== null && outcome === 'proven') return <Say id="checks.asOf" values={{ moment: dates.dayTime(at) }} />;
  return <Say id={`checks.${outcome}.${check}`} />;
}
