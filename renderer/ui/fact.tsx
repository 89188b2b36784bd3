import { Fragment } from 'react';
import type { FactView } from '../../contract/view.ts';
import { useDates } from '../i18n/dates.ts';
import { Say } from '../i18n/words.tsx';
import { IdentificationCardIcon } from './icons.ts';
import { Source } from './source.tsx';

/** A fact that was filled in for you, with its source beside it. */
export function Fact({ fact }: { fact: FactView }) {
  return (
    <div className="fact">
      <p className="fact__name">
        <Say id={`fact.${fact.fact}`} />
      </p>
      <p className="fact__value">
        <FactValue value={fact.value} inline />
      </p>
      <CardSource />
    </div>
  );
}

export function CardSource() {
  return (
    <Source icon={IdentificationCardIcon}>
      <Say id="source.card" />
    </Source>
  );
}

export function FactValue({ value, inline }: { value: FactView['value']; inline?: boolean }) {
  const dates = useDates();
  switch (value.kind) {
    case 'text':
      if (inline) return value.lines.join(', ');
      return value.lines.map((line, index) => (
        // Lines of an address: their order is all there is to tell them apart.
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes order
        <Fragment key={index}>
          {index > 0 && <br />}
          {line}
        </Fragment>
      ));
    case 'birth':
      return value.place === '' ? (
        dates.partial(value.date)
      ) : (
        <Say id="fact.birthAt" values={{ date: dates.partial(value.date), place: value.place }} />
      );
    case 'masked_number':
      return (
        <>
          <span className="masked" aria-hidden={true}>
            {value.masked}
          </span>
          <span className="unseen">
            <Say id="fact.numberEnds" values={{ ends: value.ends }} />
          </span>
        </>
      );
  }
}
