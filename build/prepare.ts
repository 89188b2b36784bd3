import { bundle } from './bundle.ts';
import type { Build } from './paths.ts';
import { say } from './run.ts';
import { type Runtime, readyRuntime } from './runtime.ts';

/** All that must be there before the app can run: Electron, the bundles, the virtual card. What is there is used again. */
export async function prepare(builds: readonly Build[], options: { virtualCard: boolean }): Promise<Runtime> {
  const runtime = await readyRuntime();
  say(runtime.why);
  await bundle(builds);
  if (options.virtualCard) {
    const { buildVirtualCard } = await import('../native/virtual-card/control.ts');
    await buildVirtualCard();
  }
  return runtime;
}
