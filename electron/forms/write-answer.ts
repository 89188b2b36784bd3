import type { AddressAnswer, Answer, PlaceAnswer, Typed } from '../../contract/answers.ts';
import { checkPlate, printEnterpriseNumber, printEstablishmentNumber } from '../../contract/check-numbers.ts';
import type { Field, RowField } from '../../contract/form.ts';
import { writePhone } from '../../contract/forms/formats.ts';
import { inLanguage, type Language } from '../../contract/language.ts';
import { printIban } from '../../contract/payment.ts';
import { foreignPlate, noText, personalPlate, pointedAt, toDesk, yesText } from './sentences.ts';

/** As it goes back into its boxes: the reverse of `readAnswer`. Never a national number (`maskAnswer`). */
export function writeTyped(field: Field | RowField, answer: Answer | undefined): Typed {
  const { name, control } = field;
  if (answer === undefined) return {};
  if (control === 'address' || control === 'place') {
    const parts = typeof answer === 'object' && !Array.isArray(answer) ? Object.entries(answer) : [];
    const typed = parts.filter(([part]) => !lookedUp.has(part));
    return Object.fromEntries(typed.map(([part, value]) => [`${name}.${part}`, String(value)]));
  }
  if (control === 'national_number' && typeof answer === 'string' && /^\d{11}$/.test(answer)) return {};
  if (Array.isArray(answer)) return control === 'choices' ? { [name]: answer.join(' ') } : {};
  if (typeof answer === 'object') return {};
  return { [name]: writeScalar(control, answer) };
}

/** What main adds to what was typed, and computes again each time. */
const lookedUp = new Set(['municipalityCode', 'registerOf', 'lat', 'lon', 'mapOf']);

function writeScalar(control: Field['control'], answer: string | number | boolean): string {
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  if (typeof answer === 'number')
    return control === 'amount' ? (answer / 100).toFixed(2).replace('.', ',').replace(/,00$/, '') : String(answer).replace('.', ',');
  return printed(control, answer);
}

/** A number as it is printed, in the groups by which people compare it. */
function printed(control: Field['control'], answer: string): string {
  switch (control) {
    case 'iban':
      return printIban(answer);
    case 'phone':
      return writePhone(answer);
    case 'enterprise':
      return printEnterpriseNumber(answer);
    case 'establishment':
      return printEstablishmentNumber(answer);
    default:
      return answer;
  }
}

/** `••.••.••-•••.41`; null where there is nothing to mask. */
export function maskAnswer(field: Field | RowField, answer: Answer | undefined): string | null {
  const hidden = field.control === 'national_number' && typeof answer === 'string' && /^\d{11}$/.test(answer);
  return hidden ? `••.••.••-•••.${answer.slice(-2)}` : null;
}

/**
 * An answer in words, for the check page and for a document. A date stays ISO and photos are counted: whoever shows them
 * formats them. Empty when nothing was answered.
 */
export function sayAnswer(field: Field | RowField, answer: Answer | undefined, language: Language): string {
  if (answer === undefined) return '';
  const masked = maskAnswer(field, answer);
  if (masked !== null) return masked;
  const optionOf = (value: unknown) => {
    const option = field.options?.find((candidate) => candidate.value === value);
    return option ? inLanguage(option.label, language) : String(value);
  };
  switch (field.control) {
    case 'choice':
      return optionOf(answer);
    case 'choices':
      return Array.isArray(answer) ? answer.map(optionOf).join('\n') : '';
    case 'yes_no':
      return inLanguage(answer === true ? yesText : noText, language);
    case 'amount':
      return typeof answer === 'number' ? sayMoney(answer, language) : String(answer);
    case 'number':
      return typeof answer === 'number' ? answer.toLocaleString(`${language}-BE`) : String(answer);
    case 'address':
      return sayAddress(answer as AddressAnswer);
    case 'place':
      return sayPlace(answer as PlaceAnswer, language);
    case 'photo':
      return Array.isArray(answer) ? String(answer.length) : inLanguage(toDesk, language);
    case 'repeat':
      return Array.isArray(answer) ? answer.map((row) => sayRow(field, row as Record<string, Answer>, language)).join('\n') : '';
    default:
      return printed(field.control, String(answer));
  }
}

/** One of a list, on a line. Its days are written out: nobody formats them any more. */
export function sayRow(field: Field | RowField, row: Readonly<Record<string, Answer>>, language: Language): string {
  const fields = ('repeat' in field ? field.repeat?.fields : undefined) ?? [];
  const said = fields.map((of) => (of.control === 'date' ? sayDay(row[of.name], language) : sayAnswer(of, row[of.name], language)));
  return said.filter((words) => words !== '').join(', ');
}

/** What a person should know of an answer that was accepted all the same. */
export function remarkOn(field: Field | RowField, answer: Answer | undefined, language: Language): string | null {
  if (field.control !== 'plate' || typeof answer !== 'string') return null;
  const checked = checkPlate(answer);
  if (!checked.ok || checked.value.kind === 'current' || checked.value.kind === 'older') return null;
  return inLanguage(checked.value.kind === 'personal' ? personalPlate : foreignPlate, language);
}

export function sayMoney(cents: number, language: Language): string {
  return new Intl.NumberFormat(`${language}-BE`, { style: 'currency', currency: 'EUR', trailingZeroDisplay: 'stripIfInteger' }).format(
    cents / 100,
  );
}

function sayDay(answer: Answer | undefined, language: Language): string {
  const date = new Date(typeof answer === 'string' ? `${answer}T00:00:00Z` : '');
  if (Number.isNaN(date.getTime())) return typeof answer === 'string' ? answer : '';
  return new Intl.DateTimeFormat(`${language}-BE`, { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}

function sayAddress({ street, number, box, postalCode, municipality }: AddressAnswer): string {
  const line = [street, number, ...(box ? [`/ ${box}`] : [])].filter(Boolean).join(' ');
  return [line, `${postalCode} ${municipality}`.trim()].filter(Boolean).join('\n');
}

function sayPlace({ description, street, x }: PlaceAnswer, language: Language): string {
  const words = street && street !== description ? `${street}\n${description}` : description;
  return x === undefined ? words : `${words}\n${inLanguage(pointedAt, language)}`;
}
