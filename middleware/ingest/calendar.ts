/**
 * Appointments for work that may wait. Time is cut into steps; each takes as many appointments as fit in the share of it
 * that is for this work. When work turns out quicker than it was thought, steps have room again and are filled up.
 */
export type Calendar = {
  /** Takes the first free place from `at` on. @returns when that is */
  book(at: number): number;
  /** Whether there is a place right now; takes it. */
  takeNow(at: number): boolean;
};

const stepMs = 1000;
/** A day: nobody is told to wait longer. */
const stepsAhead = 86_400;

/**
 * @param share of the time so many milliseconds ahead
 * @param costMs what one appointment takes of the middleware at the moment
 */
export function createCalendar(parts: { share: (aheadMs: number) => number; costMs: () => number }): Calendar {
  const booked = new Map<number, number>();
  /** Every step from the present one up to here is full, as long as work is not quicker than `fullAtCost`. */
  let firstFree = 0;
  let fullAtCost = Number.POSITIVE_INFINITY;

  const capacity = (stepsAhead: number) => Math.max(1, (stepMs * parts.share(stepsAhead * stepMs)) / parts.costMs());

  function findStep(now: number): number {
    const cost = parts.costMs();
    if (cost < fullAtCost * 0.97) {
      firstFree = now;
      fullAtCost = cost;
    }
    for (const step of booked.keys()) {
      if (step >= now) break;
      booked.delete(step);
    }
    let step = Math.max(now, firstFree);
    while ((booked.get(step) ?? 0) + 1 > capacity(step - now) && step < now + stepsAhead) step++;
    firstFree = step;
    return step;
  }

  return {
    book(at) {
      const now = Math.floor(at / stepMs);
      const step = findStep(now);
      const taken = booked.get(step) ?? 0;
      booked.set(step, taken + 1);
      return Math.max(at, step * stepMs + Math.min(0.99, taken / capacity(step - now)) * stepMs);
    },
    takeNow(at) {
      const now = Math.floor(at / stepMs);
      const taken = booked.get(now) ?? 0;
      // Only as many as the part of this step allows that is over: else all of a second would come at its beginning.
      if (findStep(now) !== now || taken > capacity(0) * (at / stepMs - now)) return false;
      booked.set(now, taken + 1);
      return true;
    },
  };
}
