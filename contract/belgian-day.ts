/** Swedish writes a day as ISO 8601 does. */
const days = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Brussels' });

/** The day that it is in Belgium at that moment, `2026-07-01`: two hours before it is in UTC, in summer. */
export function belgianDayOf(at: Date): string {
  return days.format(at);
}
