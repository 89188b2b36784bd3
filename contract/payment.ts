import { makeCommunication } from './check-numbers.ts';

/**
 * The structured communication of what a request costs: from its reference, so that terminal, middleware and desk come to the
 * same number without asking each other, and the number names nobody. The letters and digits after the town's prefix are read
 * as a number in base 32, modulo 10^10.
 */
export function communicationOf(reference: string): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const digits = [...reference.slice(4).replaceAll('-', '')].map((letter) => Math.max(0, alphabet.indexOf(letter)));
  const number = digits.reduce((sum, digit) => sum * 32n + BigInt(digit), 0n);
  return makeCommunication(Number(number % 10_000_000_000n));
}

/** Whom a payment goes to. */
export type Payee = { name: string; iban: string };

/**
 * The text of a payment code (EPC069-12 version 2, SEPA credit transfer), which the banking apps of the own phone read. The
 * communication stands in the free text: the standard's structured one is ISO 11649, and the Belgian one is not that.
 */
export function paymentCode({ name, iban }: Payee, cents: number, communication: string): string {
  const amount = `EUR${(cents / 100).toFixed(2)}`;
  return ['BCD', '002', '1', 'SCT', '', name.slice(0, 70), iban, amount, '', '', communication, ''].join('\n');
}
