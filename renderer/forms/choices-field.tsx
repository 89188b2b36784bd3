import { Checkbox, CheckboxGroup, FieldError, Label, Text } from 'react-aria-components';
import type { FieldView } from '../../contract/view.ts';
import { FieldProblem } from '../ui/field-problem.tsx';
import { names } from '../ui/names.ts';

type ChoicesFieldProps = { field: FieldView; value: string; hideLabel: boolean; onChange: (value: string) => void };

/** Several of several. The chosen ones stand in one text with spaces between them, as main reads it. */
export function ChoicesField({ field, value, hideLabel, onChange }: ChoicesFieldProps) {
  const chosen = value.split(' ').filter(Boolean);
  const inOrder = (all: readonly string[]) => (field.options ?? []).map((option) => option.value).filter((one) => all.includes(one));
  return (
    <CheckboxGroup
      className={names('field', field.error !== null && 'field--wrong')}
      value={chosen}
      onChange={(all) => onChange(inOrder(all).join(' '))}
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
      <div className="choices">
        {field.options?.map((option) => (
          <Checkbox key={option.value} value={option.value} className="choice choice--many" data-field={field.name}>
            <i className="choice__mark" aria-hidden={true} />
            <span>{option.label}</span>
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  );
}
