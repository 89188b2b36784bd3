const minute = 60_000;

/** How far an authority's clock and ours may be apart. */
const skewMs = 5 * minute;

/** Without `nextUpdate` newer information is always to be had (RFC 6960, 4.2.2.1): then what is said holds this long. */
const withoutNextMs = 15 * minute;

export type Window = { thisUpdate: Date; nextUpdate: Date | null };

/** Until when what was said at `thisUpdate` may be used, in milliseconds since 1970; null when it may not be used now. */
export function usableUntil({ thisUpdate, nextUpdate }: Window, now: Date): number | null {
  const from = thisUpdate.getTime();
  const until = (nextUpdate === null ? from + withoutNextMs : nextUpdate.getTime()) + skewMs;
  // A date that cannot be read is NaN, and no comparison holds for it.
  return from - skewMs <= now.getTime() && now.getTime() <= until && from <= until ? until : null;
}
