import { useId } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import type { FieldView } from '../../contract/view.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from './button.tsx';
import { CalendarButton } from './calendar.tsx';
import { type DateParts, datePartLengths, datePartNames, joinDateParts, splitDateParts } from './date-parts.ts';
import { FieldProblem } from './field-problem.tsx';
import { names } from './names.ts';
import type { Typing } from './use-typing.ts';

type DateFieldProps = { field: FieldView; value: string; hideLabel: boolean; typing: Typing; onChange: (value: string) => void };

/** Three boxes, the quick way for a day that somebody knows by heart; of a day near today also a calendar. */
export function DateField({ field, value, hideLabel, typing, onChange }: DateFieldProps) {
  const id = useId();
  const parts = splitDateParts(value);
  const wrong = field.error !== null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in the browsers of both runtimes
    <div
      className={names('field', wrong && 'field--wrong')}
      role="group"
      aria-labelledby={`${id}-name`}
      aria-describedby={wrong ? `${id}-hint ${id}-error` : `${id}-hint`}
    >
      <p id={`${id}-name`} className={hideLabel ? 'unseen' : 'field__name'}>
        {field.label}
      </p>
      <p id={`${id}-hint`} className="field__hint">
        {field.hint ?? <Say id={field.calendar === null ? 'date.exampleKnown' : 'date.example'} />}
      </p>
      {wrong && (
        <p id={`${id}-error`} className="field__error">
          <FieldProblem say={field.error} />
        </p>
      )}
      <div className="date">
        {datePartNames.map((part) => (
          <DatePart key={part} part={part} field={field} parts={parts} typing={typing} onChange={onChange} />
        ))}
      </div>
      {(field.days.length > 0 || field.calendar !== null) && (
        <div className="days">
          {field.days.map(({ name, day }) => (
            <Button key={name} onPress={() => onChange(day)}>
              <Say id={`date.${name}`} />
            </Button>
          ))}
          {field.calendar && <CalendarButton label={field.label} calendar={field.calendar} value={value} onChange={onChange} />}
        </div>
      )}
    </div>
  );
}

type DatePartProps = Omit<DateFieldProps, 'value' | 'hideLabel'> & { part: keyof DateParts; parts: DateParts };

function DatePart({ part, field, parts, typing, onChange }: DatePartProps) {
  const name = datePartBox(field.name, part);
  return (
    <TextField
      className={`date__${part}`}
      value={parts[part]}
      onChange={(text) => onChange(joinDateParts({ ...parts, [part]: digitsOf(text) }))}
      onFocus={() => typing.onFocus(name)}
      isInvalid={field.error !== null}
      validationBehavior="aria"
      inputMode="numeric"
      maxLength={datePartLengths[part]}
      autoComplete="off"
    >
      <Label className="date__name">
        <Say id={`date.${part}`} />
      </Label>
      <Input ref={typing.attach(name)} className={names('box', typing.active?.name === name && 'is-active')} />
    </TextField>
  );
}

export function datePartBox(field: string, part: keyof DateParts): string {
  return `${field}.${part}`;
}

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
