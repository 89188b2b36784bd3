import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a piece of work takes of this process. `loopP99Ms`: of the event loop's delays, looked at every millisecond. */
export type Watched = { ms: number; cpuMs: number; loopP99Ms: number };

export async function watchWork(work: () => Promise<void>): Promise<Watched> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  loop.disable();
  return { ms, cpuMs: (user + system) / 1000, loopP99Ms: loop.percentile(99) / 1e6 };
}
