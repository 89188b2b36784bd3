import { expect, it } from 'vitest';
import { Field } from '../../contract/form.ts';
import { readAnswer } from './read-answer.ts';
import { sayAnswer, writeTyped } from './write-answer.ts';

const label = { nl: 'Nummer', fr: 'Numéro', de: 'Nummer', en: 'Number' };

it.each([
  ['phone', '+32470123456', '0470 12 34 56'],
  ['iban', 'BE68539007547034', 'BE68 5390 0754 7034'],
  ['enterprise', '0207494678', '0207.494.678'],
  ['establishment', '2000000042', '2.000.000.042'],
])('%s: stands in its box and on the check page in groups, and is read again as it was', (control, stored, printed) => {
  const field = Field.parse({ name: 'number', control, label, missing: label });
  expect(writeTyped(field, stored)).toEqual({ number: printed });
  expect(sayAnswer(field, stored, 'nl')).toBe(printed);
  expect(readAnswer(field, { number: printed }, { streets: null })).toBe(stored);
});
