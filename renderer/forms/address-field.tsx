import { useId } from 'react';
import type { FieldView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import type { Answering } from '../state/use-answers.ts';
import { FieldProblem } from '../ui/field-problem.tsx';
import { names } from '../ui/names.ts';
import type { Typing } from '../ui/use-typing.ts';
import { type AddressPart, boxOfPart } from './address-parts.ts';
import { PartBox } from './part-box.tsx';
import { type FoundStreet, StreetList } from './street-list.tsx';

type AddressFieldProps = { page: string; field: FieldView; hideLabel: boolean; answering: Answering; typing: Typing };

/** An address in its parts. The register proposes streets; a street that it does not know is written down as it is typed. */
export function AddressField({ page, field, hideLabel, answering, typing }: AddressFieldProps) {
  const id = useId();
  const wrong = field.error !== null;
  const textOf = (part: AddressPart) => answering.answerTo(boxOfPart(field.name, part));
  const change = (part: AddressPart, text: string) => changePart({ page, field, answering }, part, text);
  const box = (part: AddressPart) => (
    <PartBox
      field={field.name}
      part={part}
      value={textOf(part)}
      wrong={wrong}
      typing={typing}
      onChange={(text) => change(part, text)}
      {...(wrong && { describedBy: `${id}-error` })}
    />
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in the browsers of both runtimes
    <div className={names('field', wrong && 'field--wrong')} role="group" aria-labelledby={`${id}-name`}>
      <p id={`${id}-name`} className={hideLabel ? 'unseen' : 'field__name'}>
        {field.label}
      </p>
      {field.hint && <p className="field__hint">{field.hint}</p>}
      {wrong && (
        <p id={`${id}-error`} className="field__error">
          <FieldProblem say={field.error} />
        </p>
      )}
      <div className="address">
        {box('street')}
        <StreetList streets={field.streets} typed={textOf('street')} onChoose={(street) => chooseStreet(field, answering, street)} />
        {box('number')}
        {box('box')}
        {box('postalCode')}
        {box('municipality')}
      </div>
    </div>
  );
}

/** Another street is another place: what the register said of the one before goes with it. */
export function changePart(
  { page, field, answering }: { page: string; field: FieldView; answering: Answering },
  part: AddressPart | 'description',
  text: string,
): void {
  answering.change(boxOfPart(field.name, part), text);
  if (part !== 'street' && part !== 'description') return;
  if (answering.answerTo(boxOfPart(field.name, 'streetId')) !== '') answering.change(boxOfPart(field.name, 'streetId'), '');
  if (field.streets) ask('form.find_street', { page, field: field.name, text });
}

function chooseStreet(field: FieldView, answering: Answering, street: FoundStreet): void {
  const parts = { street: street.name, streetId: street.id, postalCode: street.postalCode, municipality: street.municipality };
  for (const [part, text] of Object.entries(parts)) answering.change(boxOfPart(field.name, part), text);
}
