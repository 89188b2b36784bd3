import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';
import type { FieldView } from '../../contract/view.ts';
import { PlaceOnMap } from '../map/place-on-map.tsx';
import type { Answering } from '../state/use-answers.ts';
import { FieldProblem } from '../ui/field-problem.tsx';
import { names } from '../ui/names.ts';
import type { Typing } from '../ui/use-typing.ts';
import { changePart } from './address-field.tsx';
import { boxOfPart } from './address-parts.ts';
import { type FoundStreet, StreetList } from './street-list.tsx';

type PlaceFieldProps = { page: string; field: FieldView; answering: Answering; typing: Typing };

/** A place in words, with streets to choose from: works without a map, without sight of one, and with keys alone. */
export function PlaceField({ page, field, answering, typing }: PlaceFieldProps) {
  const name = boxOfPart(field.name, 'description');
  const value = answering.answerTo(name);
  const choose = (street: FoundStreet) => {
    const words = `${street.name}, ${street.municipality} `;
    // Another street is another place: a point on the map goes with the one before.
    const parts = { description: words, street: street.name, streetId: street.id, x: '', y: '' };
    for (const [part, text] of Object.entries(parts)) answering.change(boxOfPart(field.name, part), text);
    typing.focus(name);
  };
  return (
    <div className={names('field', field.error !== null && 'field--wrong')}>
      <TextField
        className="field"
        value={value}
        onChange={(text) => describePlace({ page, field, answering }, text)}
        onFocus={() => typing.onFocus(name)}
        isInvalid={field.error !== null}
        validationBehavior="aria"
        maxLength={placeLength}
        autoComplete="off"
        spellCheck="false"
      >
        <Label className="field__name">{field.label}</Label>
        {field.hint && (
          <Text slot="description" className="field__hint">
            {field.hint}
          </Text>
        )}
        <FieldError className="field__error">
          <FieldProblem say={field.error} />
        </FieldError>
        <Input
          ref={typing.attach(name)}
          className={names('box', typing.active?.name === name && 'is-active')}
          autoCorrect="off"
          autoCapitalize="off"
        />
      </TextField>
      <StreetList streets={field.streets} typed={value} onChoose={choose} />
      {field.map && <PlaceOnMap field={field} answering={answering} />}
    </div>
  );
}

export const placeLength = 200;

/** Words after a chosen street say where in it; another beginning is another place. */
export function describePlace(parts: { page: string; field: FieldView; answering: Answering }, text: string): void {
  const { field, answering } = parts;
  const street = answering.answerTo(boxOfPart(field.name, 'street'));
  if (street !== '' && text.startsWith(street)) {
    answering.change(boxOfPart(field.name, 'description'), text);
    return;
  }
  if (street !== '') answering.change(boxOfPart(field.name, 'street'), '');
  changePart(parts, 'description', text);
}
