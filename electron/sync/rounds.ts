/** `run`: a round now, or right after the one that is under way. `stop`: no further one; returns when the last has ended. */
export type Rounds = { run(): void; isStopped(): boolean; stop(before?: () => Promise<void>): Promise<void> };

/**
 * One round after the other, never two at once.
 * @param round answers how long to wait before the next, in milliseconds; null: until somebody asks for one
 * @param failed one that threw; the next comes when `round` says so then
 */
export function makeRounds(round: () => Promise<number | null>, failed: () => void): Rounds {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  function run(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = round()
      .catch(() => {
        failed();
        return 0;
      })
      .then((wait) => {
        running = null;
        if (stopped) return;
        if (again || wait !== null) timer = setTimeout(run, again ? 0 : Math.ceil(wait ?? 0));
        again = false;
      });
  }

  return {
    run,
    isStopped: () => stopped,
    async stop(before = async () => undefined) {
      stopped = true;
      clearTimeout(timer);
      await before();
      await running;
    },
  };
}
