import { unreachable } from '../../contract/result.ts';
import type { FieldView } from '../../contract/view.ts';
import type { Answering } from '../state/use-answers.ts';
import { ChoiceField } from './choice-field.tsx';
import { DateField, datePartBox, digitsOf } from './date-field.tsx';
import { datePartLengths, datePartNames, joinDateParts, splitDateParts } from './date-parts.ts';
import { TextField } from './text-field.tsx';
import type { Box, Typing } from './use-typing.ts';

/** The longest answer that the contract takes (`Answers`). */
const maxLength = 4000;

type AnswerFieldProps = { field: FieldView; alone: boolean; answering: Answering; typing: Typing };

/** The control that a field asks for. `alone`: the question above already says what it is. */
export function AnswerField({ field, alone, answering, typing }: AnswerFieldProps) {
  const value = answering.answerTo(field.name);
  const onChange = (text: string) => answering.change(field.name, text);
  switch (field.control) {
    case 'choice':
      return <ChoiceField field={field} value={value} hideLabel={alone} onChange={onChange} />;
    case 'date':
      return <DateField field={field} value={value} hideLabel={alone} typing={typing} onChange={onChange} />;
    case 'text':
    case 'long_text':
      return <TextField field={field} value={value} typing={typing} maxLength={maxLength} onChange={onChange} />;
    case 'photo':
      // Has the page for itself: photo-question.tsx.
      return null;
    default:
      return unreachable(field.control);
  }
}

/** The boxes of a field that take typing, in reading order. */
export function boxesOf(field: FieldView, answering: Answering): Box[] {
  const value = answering.answerTo(field.name);
  switch (field.control) {
    case 'choice':
    case 'photo':
      return [];
    case 'date':
      return datePartNames.map((part) => ({
        name: datePartBox(field.name, part),
        keyboard: 'digits',
        value: splitDateParts(value)[part],
        maxLength: datePartLengths[part],
        onChange: (text) => answering.change(field.name, joinDateParts({ ...splitDateParts(value), [part]: digitsOf(text) })),
      }));
    case 'text':
    case 'long_text':
      return [{ name: field.name, keyboard: field.keyboard, value, maxLength, onChange: (text) => answering.change(field.name, text) }];
    default:
      return unreachable(field.control);
  }
}

/** Where mending a field begins: its first box, or its first option (`box` is null). */
export function firstTarget(field: FieldView, answering: Answering): { box: string | null } {
  return { box: boxesOf(field, answering)[0]?.name ?? null };
}
