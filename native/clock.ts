/** Time as the card's process needs it; tests put their own in its place. */
export type Clock = {
  /** What the calendar says, for validity dates. */
  now(): Date;
  /** Milliseconds that only ever grow, for durations. */
  elapsed(): number;
  /** Runs once after `ms` milliseconds, or as soon as waiting messages were let in when that is 0. Returns what cancels it. */
  after(ms: number, run: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  after(ms, run) {
    if (ms === 0) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
