import { friendlyFormatIBAN, isValidIBAN } from 'ibantools';
import * as z from 'zod';
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

/** Whom a payment goes to. The name is one line: a second one would be another field of the payment code. */
export const Payee = z.object({
  name: z.string().regex(/^[^\p{C}]{1,70}$/u),
  iban: z.string().max(34).refine(isValidIBAN, 'an IBAN of its country, with the right check digits and no spaces'),
});
export type Payee = z.infer<typeof Payee>;

/** In groups of four, as it is printed (ISO 13616). */
export const printIban = (iban: string): string => friendlyFormatIBAN(iban) ?? iban;

/** How to pay with the own phone. `iban`: in groups of four. */
export const PhonePayment = z.object({ code: z.string(), payee: z.string(), iban: z.string() });
export type PhonePayment = z.infer<typeof PhonePayment>;

export function payByPhone(payee: Payee, cents: number, communication: string): PhonePayment {
  return { code: paymentCode(payee, cents, communication), payee: payee.name, iban: printIban(payee.iban) };
}

/**
 * The text of a payment code (EPC069-12 version 2, SEPA credit transfer), which the banking apps of the own phone read. The
 * communication stands in the free text: the standard's structured one is ISO 11649, and the Belgian one is not that.
 */
function paymentCode({ name, iban }: Payee, cents: number, communication: string): string {
  const amount = `EUR${(cents / 100).toFixed(2)}`;
  return ['BCD', '002', '1', 'SCT', '', name, iban, amount, '', '', communication, ''].join('\n');
}
