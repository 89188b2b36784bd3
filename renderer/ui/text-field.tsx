import { TextField as AriaTextField, FieldError, Input, Label, Text, TextArea } from 'react-aria-components';
import type { FieldView } from '../../contract/view.ts';
import { Say } from '../i18n/words.tsx';
import { FieldProblem } from './field-problem.tsx';
import { names } from './names.ts';
import type { Typing } from './use-typing.ts';

const inputModes = { letters: 'text', digits: 'numeric', phone: 'tel', amount: 'decimal', email: 'email' } as const;

type TextFieldProps = { field: FieldView; value: string; typing: Typing; maxLength: number; onChange: (value: string) => void };

/** A line, or a few. Nothing is completed, corrected or remembered by the browser: the next person would see it. */
export function TextField({ field, value, typing, maxLength, onChange }: TextFieldProps) {
  const active = typing.active?.name === field.name;
  const box = {
    ref: typing.attach(field.name),
    className: names('box', field.control === 'long_text' && 'box--long', active && 'is-active'),
    autoCorrect: 'off',
    autoCapitalize: 'off',
  };
  return (
    <AriaTextField
      className={names('field', field.error !== null && 'field--wrong')}
      value={value}
      onChange={onChange}
      onFocus={() => typing.onFocus(field.name)}
      isInvalid={field.error !== null}
      validationBehavior="aria"
      maxLength={maxLength}
      autoComplete="off"
      spellCheck="false"
      inputMode={inputModes[field.keyboard]}
    >
      <Label className="field__name">{field.label}</Label>
      {field.hint && (
        <Text slot="description" className="field__hint">
          {field.hint}
        </Text>
      )}
      {field.masked && (
        <p className="field__hint">
          <Say id="field.masked" values={{ number: field.masked }} />
        </p>
      )}
      <FieldError className="field__error">
        <FieldProblem say={field.error} />
      </FieldError>
      {field.control === 'long_text' ? <TextArea {...box} rows={4} /> : <Input {...box} />}
    </AriaTextField>
  );
}
