import { ok, type Result, refuse } from './result.ts';

/**
 * Belgian numbers with a check digit. Each takes what a person types, with dots, dashes and spaces, and answers the number as
 * it is stored.
 */
export type NumberFault = 'length' | 'check';

const digitsOf = (text: string) => text.replaceAll(/[\s.\-/+]/g, '');

/**
 * National number (INSZ/SSIN): YYMMDD XXX CC, CC = 97 - (the nine digits modulo 97), with a 2 before them for who was born
 * from 2000 on (Royal Decree of 8 February 1991; IBZ IT000). Of a *bis* number the month is 20 or 40 higher, and what is
 * unknown of the date is zero: nothing is read out of it. Months 61 to 72 are MAGDA's test numbers, for tests alone.
 */
export function checkNationalNumber(text: string, { testNumbers = false } = {}): Result<string, NumberFault | 'test'> {
  const digits = digitsOf(text);
  if (!/^\d{11}$/.test(digits)) return refuse('length');
  const [first, check] = [digits.slice(0, 9), Number(digits.slice(9))];
  const fits = [first, `2${first}`].some((nine) => 97 - (Number(nine) % 97) === check);
  if (!fits || !isDateLike(digits)) return refuse('check');
  const month = Number(digits.slice(2, 4));
  if (month > 52 && !testNumbers) return refuse('test');
  return ok(digits);
}

function isDateLike(digits: string): boolean {
  const [month, day] = [Number(digits.slice(2, 4)), Number(digits.slice(4, 6))];
  const months: readonly [number, number][] = [
    [0, 12],
    [20, 32],
    [40, 52],
    [61, 72],
  ];
  return day <= 31 && months.some(([from, to]) => month >= from && month <= to);
}

/**
 * Enterprise number (CBE): ten digits, the first 0 or 1 (1 since 19 September 2023), the last two 97 - (the first eight modulo
 * 97). Older papers have nine: the zero was left out.
 */
export function checkEnterpriseNumber(text: string): Result<string, NumberFault> {
  const digits = digitsOf(text.replace(/^\s*BE/i, ''));
  const ten = /^\d{9}$/.test(digits) ? `0${digits}` : digits;
  if (!/^[01]\d{9}$/.test(ten)) return refuse('length');
  return hasCheck97(ten) ? ok(ten) : refuse('check');
}

/** Establishment unit number: ten digits, the first 2 to 8, with the same check. */
export function checkEstablishmentNumber(text: string): Result<string, NumberFault> {
  const digits = digitsOf(text);
  if (!/^[2-8]\d{9}$/.test(digits)) return refuse('length');
  return hasCheck97(digits) ? ok(digits) : refuse('check');
}

function hasCheck97(ten: string): boolean {
  return 97 - (Number(ten.slice(0, 8)) % 97) === Number(ten.slice(8));
}

/** `0566988259` as it is printed: `0566.988.259`. */
export function printEnterpriseNumber(digits: string): string {
  return digits.replace(/^(\d{4})(\d{3})(\d{3})$/, '$1.$2.$3');
}

/** An establishment unit is printed `2.123.456.789`. */
export function printEstablishmentNumber(digits: string): string {
  return digits.replace(/^(\d)(\d{3})(\d{3})(\d{3})$/, '$1.$2.$3.$4');
}

/** `current`: since 2010; `older`: before; `personal`: chosen; else it may be of another country. None is refused for its form. */
export type PlateKind = 'current' | 'older' | 'personal' | 'foreign';

/**
 * A number plate. Belgian ones since 2010 are a digit or a letter for the use, three letters, three digits (1-ABC-123,
 * T-XAB-123); older ones ABC-123, 123-ABC, AB-123, A.123.B; personal ones up to eight letters and digits.
 */
export function checkPlate(text: string): Result<{ plate: string; kind: PlateKind }, 'length'> {
  const bare = text.toUpperCase().replaceAll(/[\s.\-–·]/g, '');
  if (!/^[A-Z0-9ÄÖÜ]{2,10}$/.test(bare)) return refuse('length');
  const parts = /^([1-9GMOQSTUWXYZ])([A-Z]{3})(\d{3})$/.exec(bare) ?? /^([A-Z]{3})(\d{3})$/.exec(bare) ?? /^(\d{3})([A-Z]{3})$/.exec(bare);
  if (parts) return ok({ plate: parts.slice(1).join('-'), kind: parts.length === 4 ? 'current' : 'older' });
  if (/^[A-Z]{1,2}\d{3,4}$|^\d{3,4}[A-Z]{1,2}$|^[A-Z]\d{3}[A-Z]$/.test(bare)) return ok({ plate: bare, kind: 'older' });
  if (/^(?=.*[A-Z])[A-Z0-9]{2,8}$/.test(bare) && !/\d{4}/.test(bare)) return ok({ plate: bare, kind: 'personal' });
  return ok({ plate: bare, kind: 'foreign' });
}

/** Structured communication (OGM-VCS): ten digits and their remainder modulo 97, which is 97 when there is none. */
export function makeCommunication(ten: number): string {
  const first = String(ten).padStart(10, '0');
  if (!/^\d{10}$/.test(first)) throw new Error('more than ten digits');
  return first + String(ten % 97 || 97).padStart(2, '0');
}

/** `+++123/4567/89002+++`. */
export function printCommunication(digits: string): string {
  return digits.replace(/^(\d{3})(\d{4})(\d{5})$/, '+++$1/$2/$3+++');
}
