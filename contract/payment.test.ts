import { describe, expect, it } from 'vitest';
import { Payee, payByPhone } from './payment.ts';

const payee = { name: 'Stad Kortrijk', iban: 'BE68539007547034' };

describe('whom a payment goes to', () => {
  it.each([
    ['an account with wrong check digits', { ...payee, iban: 'BE69539007547034' }],
    ['an account of no country', { ...payee, iban: 'XX68539007547034' }],
    ['an account in groups', { ...payee, iban: 'BE68 5390 0754 7034' }],
    // The second line of a payment code's name would be its account.
    ['a name of two lines', { ...payee, name: 'Stad\nBE43068999999501' }],
    ['no name', { ...payee, name: '' }],
    ['a name that no bank takes', { ...payee, name: 'K'.repeat(71) }],
  ])('is never %s', (_what, wrong) => {
    expect(Payee.safeParse(payee).success).toBe(true);
    expect(Payee.safeParse(wrong).success).toBe(false);
  });
});

it('is a code that banking apps read (EPC069-12), and the same to type over', () => {
  const { code, ...typed } = payByPhone(payee, 6_505, '123456789002');
  expect(code.split('\n')).toEqual(['BCD', '002', '1', 'SCT', '', payee.name, payee.iban, 'EUR65.05', '', '', '123456789002', '']);
  expect(typed).toEqual({ payee: 'Stad Kortrijk', iban: 'BE68 5390 0754 7034' });
});
