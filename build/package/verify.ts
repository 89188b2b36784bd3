import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { ensureDisplay } from '../../test/harness/display.ts';
import { startEdges } from '../../test/harness/edges.ts';
import { makeRunFolder } from '../../test/harness/run-folder.ts';
import { chooseSandbox, ownerOf } from '../../test/harness/sandbox.ts';
import { endChild, keep } from '../keeper.ts';
import { type Runtime, runtimeEnvironment } from '../runtime.ts';

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

/** Starts the package as a town hall would, with a configuration file, and waits until its first screen has been drawn. */
export async function tryPackage(executable: string, runtime: Runtime): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'loket-package-'));
  const display = await ensureDisplay();
  const edges = await startEdges({ dir: join(folder, 'edges') });
  const sandbox = chooseSandbox(executable);
  const run = makeRunFolder({ dir: join(folder, 'run'), owner: ownerOf(sandbox) });
  const [command = executable, ...args] = [
    ...[...sandbox.prefix, executable, ...sandbox.switches],
    ...['--config', edges.configFile, '--data', run.data],
  ];
  const env = { ...process.env, ...display.env, ...run.env, ...edges.env, ...runtimeEnvironment(runtime) };
  const child = keep(spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] }));
  try {
    await waitForLog(join(run.data, 'loket', 'loket.log'), 'first_screen_drawn', child);
  } finally {
    await endChild(child);
    await edges.stop();
    await display.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The product lets nobody look into its pages, so its own log has to tell. */
async function waitForLog(file: string, event: string, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await wait(100)) {
    if (child.exitCode !== null) throw new Error(`the package ended with code ${child.exitCode} before its first screen`);
    if ((await readFile(file, 'utf8').catch(() => '')).includes(`"${event}"`)) return;
  }
  throw new Error('the package drew no screen');
}

export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
