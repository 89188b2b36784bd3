import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { ensureDisplay } from '../../test/harness/display.ts';
import { startEdges } from '../../test/harness/edges.ts';
import { startProduct } from '../../test/harness/start-product.ts';
import { keepFolder } from '../keeper.ts';
import type { Runtime } from '../runtime.ts';

const wantedFuses: readonly (readonly [FuseV1Options, FuseState])[] = [
  [FuseV1Options.RunAsNode, FuseState.DISABLE],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, FuseState.DISABLE],
  [FuseV1Options.EnableNodeCliInspectArguments, FuseState.DISABLE],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseState.ENABLE],
  [FuseV1Options.OnlyLoadAppFromAsar, FuseState.ENABLE],
];

/** Reads back what was packed. Throws at what should not be there: that is our mistake. */
export async function verifyPackage(executable: string, resources: string): Promise<void> {
  const wire = await getCurrentFuseWire(executable);
  for (const [fuse, wanted] of wantedFuses) {
    if (wire[fuse] !== wanted) throw new Error(`the fuse ${FuseV1Options[fuse]} is not as it should be`);
  }
  if (existsSync(join(resources, 'default_app.asar'))) throw new Error("Electron's default app is in the package");
  const files = listPackage(join(resources, 'app.asar'), { isPack: false });
  const compiled = files.filter((file) => file.endsWith('.node'));
  const foreign = compiled.filter((file) => file.includes('prebuilds') && !file.endsWith(`${process.platform}-${process.arch}.node`));
  if (compiled.length === 0 || foreign.length > 0) throw new Error(`compiled modules in the package: ${compiled.join(', ') || 'none'}`);
  const ofTheDemo = files.filter((file) => /dock\.html|virtual-card|\.test\.|\.map$/.test(file));
  if (ofTheDemo.length > 0) throw new Error(`in the package and should not be: ${ofTheDemo.join(', ')}`);
}

/** Starts the package as a town hall would, and waits until its first screen has been drawn. */
export async function tryPackage(executable: string, runtime: Runtime): Promise<void> {
  const folder = keepFolder(await mkdtemp(join(tmpdir(), 'loket-package-')));
  const display = await ensureDisplay();
  const edges = await startEdges({ dir: join(folder, 'edges') });
  try {
    const product = startProduct({ command: [executable], runtime, edges, runDir: join(folder, 'run'), env: display.env });
    try {
      await product.waitForLog(({ event }) => event === 'first_screen_drawn');
    } finally {
      await product.stop();
    }
  } finally {
    await edges.stop();
    await display.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
