export type Turns = {
  /** After all that came before, and before all that comes later. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Beside others of this kind. */
  together<T>(work: () => Promise<T>): Promise<T>;
};

/** In the order in which they came: nobody waits for ever. */
export function createTurns(): Turns {
  let lastAlone: Promise<unknown> = Promise.resolve();
  let last: Promise<unknown> = lastAlone;
  return {
    alone(work) {
      const turn = last.then(work);
      lastAlone = last = turn.catch(() => undefined);
      return turn;
    },
    together(work) {
      const turn = lastAlone.then(work);
      last = Promise.all([last, turn.catch(() => undefined)]);
      return turn;
    },
  };
}
