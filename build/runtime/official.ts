import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { run, say } from '../run.ts';

const home = join(root, 'node_modules/electron');

export const officialVersion: string = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version;

/** The executable of the official Electron, or null when it has not been downloaded. */
export function findOfficial(): string | null {
  try {
    if (readFileSync(join(home, 'dist/version'), 'utf8').replace(/^v/, '') !== officialVersion) return null;
    const path = join(home, 'dist', readFileSync(join(home, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Whether the place where Electron is downloaded from answers at all, within a few seconds. */
export async function canReachOfficial(): Promise<boolean> {
  const mirror =
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/download/';
  try {
    const reply = await fetch(`${mirror}v${officialVersion}/SHASUMS256.txt`, { method: 'HEAD', signal: AbortSignal.timeout(6000) });
    return reply.ok;
  } catch {
    return false;
  }
}

/** Downloads it with the package's own script, which checks it against the checksums in the package. */
export async function downloadOfficial(): Promise<string | null> {
  say(`Downloading Electron ${officialVersion} (about 120 MB).`);
  const env = { ...process.env, ...(process.env.HTTPS_PROXY || process.env.https_proxy ? { ELECTRON_GET_USE_PROXY: '1' } : {}) };
  await run(process.execPath, [join(home, 'install.js')], { cwd: root, env, timeoutMs: 15 * 60_000 });
  return findOfficial();
}
