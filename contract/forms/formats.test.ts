import { describe, expect, it } from 'vitest';
import { addDuration, dayInBelgium } from './days.ts';
import { checkEmail, checkIban, checkPhone, createValidator, writePhone } from './formats.ts';

describe('an account number', () => {
  it.each(['BE68 5390 0754 7034', 'be68539007547034', 'NL91 ABNA 0417 1643 00'])('%s is taken without its spaces', (text) => {
    expect(checkIban(text)).toEqual({ ok: true, value: text.replaceAll(' ', '').toUpperCase() });
  });

  it.each([
    ['BE68 5390 0754 7035', 'iban_check'],
    ['BE68 5390 0754 703', 'iban_length'],
    ['XX68 5390 0754 7034', 'iban_country'],
    ['539-0075470-34', 'iban_country'],
    ['', 'iban_country'],
  ])('%s is refused: %s', (text, error) => {
    expect(checkIban(text)).toEqual({ ok: false, error });
  });
});

describe('a telephone number', () => {
  it.each([
    ['0470 12 34 56', '+32470123456'],
    ['056 27 70 00', '+3256277000'],
    ['+33 1 44 11 66 00', '+33144116600'],
    ['0031 20 555 1111', '+31205551111'],
  ])('%s is taken as %s', (text, value) => {
    expect(checkPhone(text)).toEqual({ ok: true, value });
  });

  it.each(['0470 12 34', '12', '', 'bel mij', '0'.repeat(400)])('%j is none', (text) => {
    expect(checkPhone(text).ok).toBe(false);
  });
});

describe('a telephone number on the glass', () => {
  it.each([
    ['+32470123456', '0470 12 34 56'],
    ['+3256277000', '056 27 70 00'],
    ['+33144116600', '+33 1 44 11 66 00'],
    // What could not be read stays as it was typed.
    ['0470 12', '0470 12'],
    ['+', '+'],
    ['+32', '+32'],
    ['bel mij', 'bel mij'],
  ])('%s stands there as %s', (value, written) => {
    expect(writePhone(value)).toBe(written);
  });

  it('is the same number when it is read again', () => {
    for (const value of ['+32470123456', '+3256277000', '+33144116600']) expect(checkPhone(writePhone(value))).toEqual({ ok: true, value });
  });
});

describe('an e-mail address', () => {
  it.each(['mila.toets@voorbeeld.be', 'a+b@deel.voorbeeld.be', 'm@müller.de'])('%s may be one', (text) => {
    expect(checkEmail(text).ok).toBe(true);
  });
  it.each([
    'mila',
    'mila@voorbeeld',
    'mila@@voorbeeld.be',
    'mi la@voorbeeld.be',
    '.mila@voorbeeld.be',
    'mila@-voorbeeld.be',
    `${'a'.repeat(250)}@b.be`,
  ])('%s is none', (text) => {
    expect(checkEmail(text).ok).toBe(false);
  });
});

describe('the validator of both sides', () => {
  const takes = (schema: object, value: unknown, testNumbers = false) => createValidator({ testNumbers }).compile(schema)(value);

  it('takes a value as it is stored, and not as it is typed', () => {
    const iban = { type: 'string', format: 'iban' };
    expect([takes(iban, 'BE68539007547034'), takes(iban, 'BE68 5390 0754 7034')]).toEqual([true, false]);
    const phone = { type: 'string', format: 'phone' };
    expect([takes(phone, '+32470123456'), takes(phone, '0470123456')]).toEqual([true, false]);
  });

  it('takes numbers made for tests in a test profile alone', () => {
    const nine = '856230997';
    const number = nine + String(97 - (Number(nine) % 97)).padStart(2, '0');
    const schema = { type: 'string', format: 'national-number' };
    expect([takes(schema, number), takes(schema, number, true)]).toEqual([false, true]);
  });

  it('knows an address by its parts, and nothing beside them', () => {
    const schema = { $ref: 'urn:loket:answer:address' };
    const address = { street: 'Vlasblomstraat', number: '24', postalCode: '8500', municipality: 'Kortrijk' };
    expect(takes(schema, address)).toBe(true);
    for (const wrong of [
      { ...address, number: 'bis' },
      { ...address, postalCode: '850' },
      { ...address, owner: 'x' },
      'Vlasblomstraat 24',
    ]) {
      expect(takes(schema, wrong)).toBe(false);
    }
  });
});

describe('days', () => {
  it.each([
    ['2026-03-01', '-P1Y', '2025-03-01'],
    ['2024-02-29', 'P1Y', '2025-02-28'],
    ['2026-01-31', 'P1M', '2026-02-28'],
    ['2026-12-20', 'P2W', '2027-01-03'],
    ['2026-01-15', '-P1M', '2025-12-15'],
    ['2026-11-20', 'P0D', '2026-11-20'],
  ])('%s and %s is %s', (day, duration, then) => {
    expect(addDuration(day, duration)).toBe(then);
  });

  it('are those of Belgium, also just before midnight there', () => {
    expect(dayInBelgium('2026-06-30T22:30:00Z')).toBe('2026-07-01');
    expect(dayInBelgium('')).toBeNull();
  });
});
