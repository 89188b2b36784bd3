import type { PartialDate, PrintedDate } from '../../contract/identity.ts';

/**
 * First as printed by cards in French, Dutch and German (eid-mw, plugins_tools/eid-viewer/conversions/dob.cpp), without
 * accents, which some cards print and some do not. Then the other short forms in use in these languages, in case a card has
 * them: none can be taken for another month.
 */
const months: readonly (readonly string[])[] = [
  ['JAN', 'JANV'],
  ['FEB', 'FEV', 'FEVR'],
  ['MARS', 'MAAR', 'MAR', 'MRT', 'MRZ', 'MARZ'],
  ['APR', 'AVR'],
  ['MAI', 'MEI'],
  ['JUN', 'JUIN', 'JUNI'],
  ['JUL', 'JUIL', 'JULI'],
  ['AUG', 'AOUT'],
  ['SEP', 'SEPT'],
  ['OKT', 'OCT'],
  ['NOV'],
  ['DEC', 'DEZ'],
];

const monthNumbers: ReadonlyMap<string, number> = new Map(
  months.flatMap((names, index) => names.map((name): [string, number] => [name, index + 1])),
);

/**
 * A date of birth, tag 0C: "DD mmm(m) YYYY" (fr, nl) or "DD.mmm.YYYY" (de), three-letter months sometimes padded to four,
 * spaces for a day or month that nobody knows. The year is the last four characters. What cannot be read stays null.
 */
export function parseBirthDate(original: string): PartialDate {
  const printed = original.trimEnd();
  const lastFour = /^\d{4}$/.exec(printed.slice(-4))?.[0];
  const year = lastFour === undefined ? null : within(Number(lastFour), 1800, 2200);
  const rest = printed.slice(0, -4);
  const month = readMonth(rest);
  const day = within(Number(/^ {0,2}(\d{1,2})(?!\d)/.exec(rest)?.[1] ?? 0), 1, 31);
  return { year, month, day: fits(day, month, year) ? day : null, original };
}

/** "DD.MM.YYYY" (tags 03, 04, 1F, and the beginning of 15): an ISO 8601 date only when that is a day of the calendar. */
export function parsePrintedDate(original: string): PrintedDate {
  const [, day = '', month = '', year = ''] = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(original) ?? [];
  const fitting = within(Number(month), 1, 12) !== null && Number(day) >= 1 && fits(Number(day), Number(month), Number(year));
  return { date: fitting ? `${year}-${month}-${day}` : null, original };
}

function readMonth(rest: string): number | null {
  const word = /\p{L}+/u.exec(rest.normalize('NFD').replaceAll(/\p{M}/gu, ''))?.[0];
  if (word !== undefined) return monthNumbers.get(word.toUpperCase()) ?? null;
  const digits = /^ {0,2}\d{1,2}[ .]+(\d{1,2})[ .]*$/.exec(rest)?.[1];
  return digits === undefined ? null : within(Number(digits), 1, 12);
}

function within(value: number, least: number, most: number): number | null {
  return value >= least && value <= most ? value : null;
}

/** An unknown year counts as a leap year: 29 February of nobody-knows-when is possible. */
function fits(day: number | null, month: number | null, year: number | null): boolean {
  if (day === null || month === null) return true;
  const longFebruary = year === null || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
  const days = month === 2 ? (longFebruary ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}
