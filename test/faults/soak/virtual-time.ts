/**
 * The true time of a run, which jumps from one thing that is due to the next. Sync and uploads wait with `setTimeout`; those
 * waits are taken over here, found by where they are set, because a wait of hours is what this is for and the app has no
 * switch for it. All else (sockets, deadlines, the database) waits in real time, and time stands still until it is done.
 */
export type VirtualTime = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Work that time waits for. */
  busy<T>(work: () => Promise<T>): Promise<T>;
  /** Calls what is due up to and at this moment, one after the other, each with all that comes of it. */
  runUntil(at: number): Promise<void>;
  /** Until nothing is under way. */
  settle(): Promise<void>;
  /** Gives the waits back. */
  restore(): void;
};

type Wait = { at: number; number: number; call: () => void };

const takenOver = /electron[\\/]sync[\\/]rounds\.ts/;
/** After the last thing under way ended, so often nothing new may have begun. */
const quietTurns = 4;

export function createVirtualTime(start: number): VirtualTime {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const waits = new Set<Wait>();
  let now = start;
  let waited = 0;
  let underWay = 0;

  function set(call: () => void, ms = 0, ...rest: unknown[]): unknown {
    if (!takenOver.test(new Error().stack?.split('\n')[2] ?? '')) return real.setTimeout(call, ms, ...rest);
    waited += 1;
    const wait: Wait = { at: now + Math.max(0, ms), number: waited, call };
    waits.add(wait);
    return wait;
  }
  function clear(wait: unknown): void {
    if (!waits.delete(wait as Wait)) real.clearTimeout(wait as NodeJS.Timeout);
  }
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });

  function takeNext(until: number): Wait | null {
    let next: Wait | null = null;
    for (const wait of waits)
      if (wait.at <= until && (next === null || wait.at < next.at || (wait.at === next.at && wait.number < next.number))) next = wait;
    if (next !== null) waits.delete(next);
    return next;
  }

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (underWay > 0) quiet = 0;
    }
  }

  return {
    now: () => now,
    async busy(work) {
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
      }
    },
    settle,
    async runUntil(at) {
      await settle();
      for (let next = takeNext(at); next !== null; next = takeNext(at)) {
        now = Math.max(now, next.at);
        next.call();
        await settle();
      }
      now = Math.max(now, at);
    },
    restore: () => void Object.assign(globalThis, real),
  };
}
