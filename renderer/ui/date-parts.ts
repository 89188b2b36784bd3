/** The three boxes of a date. What is typed is kept as typed; only `toIsoDate` makes a date of it. */
export type DateParts = { year: string; month: string; day: string };
export const datePartNames = ['day', 'month', 'year'] as const;

/** Reads back what `joinDateParts` or an ISO date holds. */
export function splitDateParts(text: string): DateParts {
  const [year = '', month = '', day = ''] = text.split('-');
  return { year, month, day };
}

/** `2026-1-` while typing; empty when all three boxes are. */
export function joinDateParts({ year, month, day }: DateParts): string {
  return year === '' && month === '' && day === '' ? '' : `${year}-${month}-${day}`;
}

/** `yyyy-mm-dd`. A date that does not exist or is not finished stays wrong: main says so, nothing is guessed here. */
export function toIsoDate(text: string): string {
  if (text === '') return '';
  const { year, month, day } = splitDateParts(text);
  return [year, padTwo(month), padTwo(day)].join('-');
}

export const datePartLengths = { day: 2, month: 2, year: 4 } as const;

function padTwo(digits: string): string {
  return digits === '' ? '' : digits.padStart(2, '0');
}
