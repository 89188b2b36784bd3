import { useState } from 'react';
import type { NeedsPerson, OperatorStatus } from '../../contract/operator.ts';
import { useDates } from '../i18n/dates.ts';
import { Button } from '../ui/button.tsx';
import { ArrowsClockwiseIcon, TrashIcon, XIcon } from '../ui/icons.ts';
import { askOperator } from './ask-operator.ts';
import { OperatorSay, useOperatorText } from './operator-say.tsx';

type Queue = NonNullable<OperatorStatus['queue']>;

export function NeedsPersonPart({ queue }: { queue: Queue }) {
  if (queue.needsPerson.length === 0) return null;
  return (
    <section className="op__part" aria-labelledby="needs">
      <h2 id="needs">
        <OperatorSay id="op.needs.title" />
      </h2>
      <ul className="op__list">
        {queue.needsPerson.map((record) => (
          <Stuck key={record.reference} record={record} />
        ))}
      </ul>
    </section>
  );
}

/** Trying once more costs nothing. Leaving it aside is asked twice: then it is never sent. */
function Stuck({ record }: { record: NeedsPerson }) {
  const [sure, setSure] = useState(false);
  const { dayTime } = useDates();
  const { reference, title, keptAt, reason, behind } = record;
  const decide = (decision: 'again' | 'aside') => askOperator('operator.decide', { reference, decision });
  return (
    <li className="op__stuck">
      <p className="op__reference">{reference}</p>
      <p>
        {title} <span className="op__soft">{dayTime(keptAt)}</span>
      </p>
      <p>
        <OperatorSay id={`op.needs.why.${reason}`} /> {behind > 0 && <OperatorSay id="op.needs.behind" values={{ count: behind }} />}
      </p>
      {sure && (
        <p role="alert">
          <OperatorSay id="op.needs.sure" />
        </p>
      )}
      <div className="op__decisions">
        {sure ? (
          <>
            <Named reference={reference} id="op.needs.no" icon={XIcon} onPress={() => setSure(false)} />
            <Named reference={reference} id="op.needs.yes" icon={TrashIcon} onPress={() => decide('aside')} />
          </>
        ) : (
          <>
            {/* Neither can be sent, however often it is tried. */}
            {reason !== 'damaged' && reason !== 'former_terminal' && (
              <Named reference={reference} id="op.needs.again" icon={ArrowsClockwiseIcon} onPress={() => decide('again')} />
            )}
            <Named reference={reference} id="op.needs.aside" icon={TrashIcon} onPress={() => setSure(true)} />
          </>
        )}
      </div>
    </li>
  );
}

type NamedProps = {
  reference: string;
  id: 'op.needs.again' | 'op.needs.aside' | 'op.needs.yes' | 'op.needs.no';
  icon: typeof XIcon;
  onPress: () => void;
};

/** The same words stand at each record: for ears with the reference. */
function Named({ reference, id, icon, onPress }: NamedProps) {
  const text = useOperatorText();
  return (
    <Button size="small" before={icon} onPress={onPress} aria-label={text('op.needs.named', { what: text(id), reference })}>
      <OperatorSay id={id} />
    </Button>
  );
}
