import { type IntlShape, useIntl } from 'react-intl';
import type { PartialDate } from '../../contract/identity.ts';
import type { MessageId } from './messages.ts';

export type DateWords = {
  /** "14.32 uur" */
  time(iso: string): string;
  /** "20 november, 14.32 uur" */
  dayTime(iso: string): string;
  /** The day of a moment, here: "20 november 2026". */
  dayOf(iso: string): string;
  /** "dinsdag 1 december 2026"; what was typed when it is no date. */
  day(isoDate: string): string;
  /** "13 maart 2031" */
  date(isoDate: string): string;
  /** As much of a date as the card knows. */
  partial(date: PartialDate): string;
};

/** A town hall's hours are those of its own country, wherever the terminal's clock was set up. */
const timeZone = 'Europe/Brussels';

export function useDates(): DateWords {
  const intl = useIntl();
  return {
    time: (iso) => formatTime(intl, iso),
    dayTime: (iso) =>
      say(intl, 'format.dayTime', { day: intl.formatDate(iso, { day: 'numeric', month: 'long', timeZone }), time: formatTime(intl, iso) }),
    dayOf: (iso) => intl.formatDate(iso, { day: 'numeric', month: 'long', year: 'numeric', timeZone }),
    day: (isoDate) => formatDay(intl, isoDate, { weekday: 'long' }),
    date: (isoDate) => formatDay(intl, isoDate, {}),
    partial: (date) => formatPartial(intl, date),
  };
}

function say(intl: IntlShape, id: MessageId, values: Record<string, string>): string {
  return String(intl.formatMessage({ id }, values));
}

function formatTime(intl: IntlShape, iso: string): string {
  const parts = intl.formatDateToParts(iso, { hour: 'numeric', minute: '2-digit', hourCycle: 'h23', timeZone });
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return say(intl, 'format.time', { hour: part('hour').replace(/^0(?=\d)/, ''), minute: part('minute') });
}

/** Calendar dates have no zone: noon in UTC is the same day everywhere from here to Brussels. */
function noonOf(year: number, month: number, day: number): Date | null {
  const date = new Date(Date.UTC(year, month - 1, day, 12));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
}

function formatDay(intl: IntlShape, isoDate: string, more: { weekday?: 'long' }): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(isoDate) ?? [];
  const date = year && month && day ? noonOf(Number(year), Number(month), Number(day)) : null;
  if (!date) return isoDate;
  return intl.formatDate(date, { ...more, day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** A card may leave day and month open; then only what is known is said, and no day is made up. */
function formatPartial(intl: IntlShape, { year, month, day, original }: PartialDate): string {
  if (year === null) return original;
  if (month === null) return String(year);
  const date = noonOf(year, month, day ?? 1);
  if (!date) return original;
  return intl.formatDate(date, { ...(day === null ? {} : { day: 'numeric' }), month: 'long', year: 'numeric', timeZone: 'UTC' });
}
