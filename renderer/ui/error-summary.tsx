import { type RefObject, useId } from 'react';
import type { FieldView } from '../../contract/view.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { ArrowDownIcon, WarningCircleIcon } from './icons.ts';

type SummaryProps = {
  ref: RefObject<HTMLDivElement | null>;
  fields: readonly FieldView[];
  others: boolean;
  onMend: (field: FieldView) => void;
};

/** What is not right yet, above everything else and with the focus; each line leads to its field. */
export function ErrorSummary({ ref, fields, others, onMend }: SummaryProps) {
  const heading = useId();
  return (
    <div className="care summary" ref={ref} role="alert" aria-labelledby={heading} tabIndex={-1}>
      <Icon of={WarningCircleIcon} />
      <div className="summary__body">
        <h2 id={heading}>
          <Say id="question.problem" values={{ count: fields.length }} />
        </h2>
        {fields.map((field) => (
          <Button key={field.name} spread after={ArrowDownIcon} onPress={() => onMend(field)} className="summary__link">
            {field.error}
          </Button>
        ))}
        {others && (
          <p>
            <Say id="question.kept" />
          </p>
        )}
      </div>
    </div>
  );
}
