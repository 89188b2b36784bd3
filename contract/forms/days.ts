import { belgianDayOf } from '../belgian-day.ts';

/** `2026-03-01`, `-P1Y` → `2025-03-01`. A month without that day ends on its last one. */
export function addDuration(day: string, duration: string): string {
  const found = /^(-?)P(\d+)([DWMY])$/.exec(duration);
  if (!found) throw new Error('no such duration');
  const [, sign, count, unit] = found;
  const by = Number(count) * (sign === '-' ? -1 : 1);
  const date = new Date(`${day}T00:00:00Z`);
  if (unit === 'D' || unit === 'W') date.setUTCDate(date.getUTCDate() + by * (unit === 'W' ? 7 : 1));
  else {
    const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + by * (unit === 'Y' ? 12 : 1);
    const last = new Date(Date.UTC(Math.floor(months / 12), (months % 12) + 1, 0)).getUTCDate();
    date.setUTCFullYear(Math.floor(months / 12), months % 12, Math.min(date.getUTCDate(), last));
  }
  return date.toISOString().slice(0, 10);
}

/** The day in Belgium of a moment; null when it is none. */
export function dayInBelgium(moment: string): string | null {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? null : belgianDayOf(date);
}
