import { FieldError, Label, Radio, RadioGroup, Text } from 'react-aria-components';
import type { FieldView } from '../../contract/view.ts';
import { FieldProblem } from './field-problem.tsx';
import { names } from './names.ts';

type ChoiceFieldProps = { field: FieldView; value: string; hideLabel: boolean; onChange: (value: string) => void };

/** One of several: each option is a large target of its own, with its mark to the left. */
export function ChoiceField({ field, value, hideLabel, onChange }: ChoiceFieldProps) {
  return (
    <RadioGroup
      className={names('field', field.error !== null && 'field--wrong')}
      value={value === '' ? null : value}
      onChange={onChange}
      isInvalid={field.error !== null}
      validationBehavior="aria"
      name={field.name}
    >
      <Label className={hideLabel ? 'unseen' : 'field__name'}>{field.label}</Label>
      {field.hint && (
        <Text slot="description" className="field__hint">
          {field.hint}
        </Text>
      )}
      <FieldError className="field__error">
        <FieldProblem say={field.error} />
      </FieldError>
      <div className={names('choices', field.control === 'yes_no' && 'choices--pairs')}>
        {field.options?.map((option) => (
          <Radio key={option.value} value={option.value} className="choice" data-field={field.name}>
            <i className="choice__mark" aria-hidden={true} />
            <span>{option.label}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
