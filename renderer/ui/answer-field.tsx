import { unreachable } from '../../contract/result.ts';
import type { FieldView } from '../../contract/view.ts';
import { AddressField, changePart } from '../forms/address-field.tsx';
import { addressParts, boxOfPart, partLengths } from '../forms/address-parts.ts';
import { AnswerSourceMark } from '../forms/answer-source.tsx';
import { ChoicesField } from '../forms/choices-field.tsx';
import { describePlace, PlaceField, placeLength } from '../forms/place-field.tsx';
import type { Answering } from '../state/use-answers.ts';
import { ChoiceField } from './choice-field.tsx';
import { DateField, datePartBox, digitsOf } from './date-field.tsx';
import { datePartLengths, datePartNames, joinDateParts, splitDateParts } from './date-parts.ts';
import { TextField } from './text-field.tsx';
import type { Box, Typing } from './use-typing.ts';

/** The longest answer that the contract takes (`Answers`). */
const maxLength = 4000;

type AnswerFieldProps = { page: string; field: FieldView; alone: boolean; answering: Answering; typing: Typing };

/** The control that a field asks for, and where what stands in it came from. `alone`: the question above already says what it is. */
export function AnswerField(props: AnswerFieldProps) {
  const { field, answering } = props;
  const [box] = field.control === 'address' ? [boxOfPart(field.name, 'street')] : [field.name];
  const before = field.control === 'address' ? (field.parts.street ?? '') : field.value;
  // Typed over, it is the person's own.
  const source = field.source !== null && answering.answerTo(box) === before ? field.source : null;
  return (
    <>
      <ControlOf {...props} />
      {source && <AnswerSourceMark source={source} />}
    </>
  );
}

function ControlOf({ page, field, alone, answering, typing }: AnswerFieldProps) {
  const value = answering.answerTo(field.name);
  const onChange = (text: string) => answering.change(field.name, text);
  switch (field.control) {
    case 'choice':
    case 'yes_no':
      return <ChoiceField field={field} value={value} hideLabel={alone} onChange={onChange} />;
    case 'choices':
      return <ChoicesField field={field} value={value} hideLabel={alone} onChange={onChange} />;
    case 'date':
      return <DateField field={field} value={value} hideLabel={alone} typing={typing} onChange={onChange} />;
    case 'address':
      return <AddressField page={page} field={field} hideLabel={alone} answering={answering} typing={typing} />;
    case 'place':
      return <PlaceField page={page} field={field} answering={answering} typing={typing} />;
    case 'text':
    case 'long_text':
    case 'number':
    case 'amount':
    case 'iban':
    case 'plate':
    case 'enterprise':
    case 'establishment':
    case 'national_number':
    case 'phone':
    case 'email':
      return <TextField field={field} value={value} typing={typing} maxLength={maxLength} onChange={onChange} />;
    case 'photo':
    case 'repeat':
      // Have the page for themselves: photo-question.tsx, repeat-question.tsx.
      return null;
    default:
      return unreachable(field.control);
  }
}

/** The boxes of a field that take typing, in reading order. */
export function boxesOf(page: string, field: FieldView, answering: Answering): Box[] {
  const value = answering.answerTo(field.name);
  switch (field.control) {
    case 'choice':
    case 'choices':
    case 'yes_no':
    case 'photo':
    case 'repeat':
      return [];
    case 'date':
      return datePartNames.map((part) => ({
        name: datePartBox(field.name, part),
        keyboard: 'digits',
        value: splitDateParts(value)[part],
        maxLength: datePartLengths[part],
        onChange: (text) => answering.change(field.name, joinDateParts({ ...splitDateParts(value), [part]: digitsOf(text) })),
      }));
    case 'address':
      return addressParts.map((part) => ({
        name: boxOfPart(field.name, part),
        keyboard: part === 'postalCode' ? 'digits' : 'letters',
        value: answering.answerTo(boxOfPart(field.name, part)),
        maxLength: partLengths[part],
        onChange: (text) => changePart({ page, field, answering }, part, text),
      }));
    case 'place':
      return [
        {
          name: boxOfPart(field.name, 'description'),
          keyboard: 'letters',
          value: answering.answerTo(boxOfPart(field.name, 'description')),
          maxLength: placeLength,
          onChange: (text) => describePlace({ page, field, answering }, text),
        },
      ];
    default:
      return [{ name: field.name, keyboard: field.keyboard, value, maxLength, onChange: (text) => answering.change(field.name, text) }];
  }
}

/** Where mending a field begins: its first box, or its first option (`box` is null). */
export function firstTarget(page: string, field: FieldView, answering: Answering): { box: string | null } {
  return { box: boxesOf(page, field, answering)[0]?.name ?? null };
}
