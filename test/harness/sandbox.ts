import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * How Electron is started on this machine so that its pages run in Chromium's sandbox. Chromium refuses the sandbox to
 * root; root on a machine of tests and builds is common, so it is started there as an ordinary user of a user namespace.
 */
export type Sandbox = {
  /** The words before the executable. */
  prefix: readonly string[];
  /** The switches after it. */
  switches: readonly string[];
  /** What a person should know: why the sandbox is off. Null when it is on. */
  notice: string | null;
};

const plain: Sandbox = { prefix: [], switches: [], notice: null };
// Ids of that namespace; outside it the process stays root, so that it can read and write what root can.
const mapped = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'];
const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];
/** What Chromium does for its sandbox: further namespaces, with ids mapped in them. */
const nested = ['unshare', '--user', '--map-root-user', '--pid', '--net', '--fork', '--', 'true'];

export function chooseSandbox(executable: string): Sandbox {
  if (process.platform !== 'linux') return plain;
  const helper = join(dirname(executable), 'chrome-sandbox');
  if (process.getuid?.() !== 0) {
    if (works(nested) || isSetuid(helper)) return plain;
    return without('this system gives ordinary users no user namespaces');
  }
  if (works([...mapped, ...nested])) return { ...plain, prefix: mapped };
  if (works([...nobody, ...nested]) && works([...nobody, 'test', '-r', executable])) return { ...plain, prefix: nobody };
  return without('root cannot enter a user namespace here');
}

function without(why: string): Sandbox {
  return { prefix: [], switches: ['--no-sandbox'], notice: `Electron runs without its sandbox, because ${why}.` };
}

function works(command: readonly string[]): boolean {
  const [program = 'false', ...args] = command;
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

function isSetuid(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    const { uid, mode } = statSync(path);
    return uid === 0 && (mode & 0o4000) !== 0;
  } catch {
    return false;
  }
}

/** One file that starts Electron so, for programs that take an executable and no words before it. */
export function writeLauncher(file: string, executable: string, sandbox: Sandbox): string {
  const words = [...sandbox.prefix, executable, ...sandbox.switches].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** With ids that are not root's own, the folders that the app writes in must be given to them. */
export function ownerOf(sandbox: Sandbox): { uid: number; gid: number } | null {
  return sandbox.prefix === nobody ? { uid: 65534, gid: 65534 } : null;
}
