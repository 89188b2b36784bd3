/** The two clocks of a terminal. `wall` may be wrong or jump and decides nothing; `ticks` only moves forward. */
export type Clock = {
  wall(): Date;
  /** Milliseconds since some moment, monotonic. */
  ticks(): number;
};

export const systemClock: Clock = {
  wall: () => new Date(),
  ticks: () => performance.now(),
};
