type Job = () => Generator<void>;

export type Background = {
  add(job: Job): void;
  clear(): void;
  /** All of it, now. */
  finish(): void;
  stop(): void;
};

/** Main draws, listens and sends meanwhile: so much at a time, and a pause in which it does. */
const sliceMs = 5;
const pauseMs = 20;
/** After a refusal of the disk. */
const retryMs = 30_000;

/**
 * Long work in slices. `step` carries out one step and says whether there is more; when it throws, that job begins anew
 * after the others: what it did before is there, and is not done twice.
 */
export function makeBackground({ ticks, step }: { ticks(): number; step(running: Generator<void>): boolean }): Background {
  let jobs: Job[] = [];
  let running: Generator<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  function plan(ms: number): void {
    if (timer || jobs.length === 0) return;
    timer = setTimeout(run, ms);
    timer.unref();
  }
  function run(): void {
    timer = null;
    const until = ticks() + sliceMs;
    try {
      while (jobs.length > 0 && ticks() < until) stepOnce();
      plan(pauseMs);
    } catch {
      plan(retryMs);
    }
  }
  function stepOnce(): void {
    const [job] = jobs;
    if (!job) return;
    const mine = running ?? job();
    running = mine;
    try {
      if (step(mine) || running !== mine) return;
      jobs = jobs.slice(1);
      running = null;
    } catch (error) {
      // What fails again and again must not hold up the others.
      if (running === mine) {
        running = null;
        jobs = [...jobs.slice(1), job];
      }
      throw error;
    }
  }
  function clear(): void {
    jobs = [];
    running = null;
  }
  return {
    add(job) {
      jobs.push(job);
      plan(pauseMs);
    },
    clear,
    finish() {
      while (jobs.length > 0) stepOnce();
    },
    stop() {
      clear();
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
