import { Input, Label, TextField } from 'react-aria-components';
import { Say } from '../i18n/words.tsx';
import { names } from '../ui/names.ts';
import type { Typing } from '../ui/use-typing.ts';
import { type AddressPart, boxOfPart, partLengths } from './address-parts.ts';

type PartBoxProps = {
  field: string;
  part: AddressPart;
  value: string;
  wrong: boolean;
  typing: Typing;
  onChange: (value: string) => void;
  describedBy?: string;
};

/** One box of an address, with its own name. */
export function PartBox({ field, part, value, wrong, typing, onChange, describedBy }: PartBoxProps) {
  const name = boxOfPart(field, part);
  return (
    <TextField
      className={`address__${part}`}
      value={value}
      onChange={onChange}
      onFocus={() => typing.onFocus(name)}
      isInvalid={wrong}
      validationBehavior="aria"
      inputMode={part === 'postalCode' ? 'numeric' : 'text'}
      maxLength={partLengths[part]}
      autoComplete="off"
      spellCheck="false"
      {...(describedBy !== undefined && { 'aria-describedby': describedBy })}
    >
      <Label className="date__name">
        <Say id={`address.${part}`} />
      </Label>
      <Input
        ref={typing.attach(name)}
        className={names('box', typing.active?.name === name && 'is-active')}
        autoCorrect="off"
        autoCapitalize="off"
      />
    </TextField>
  );
}
