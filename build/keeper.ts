import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './paths.ts';

/**
 * Ends what this process started, even when this process is killed and can end nothing itself. A small shell reads the
 * numbers of the children from a pipe; when the pipe closes, however that came about, it ends those still alive.
 * (On Windows there is no such shell: there children are ended on an orderly end only.)
 */
let keeper: ChildProcess | null = null;

function openKeeper(): ChildProcess | null {
  if (process.platform === 'win32') return null;
  if (keeper !== null && keeper.exitCode === null && keeper.signalCode === null) return keeper;
  // A session of its own: Ctrl-C on the terminal, or ending this process's group, must not reach it.
  const child = spawn('/bin/sh', [join(root, 'build/keeper.sh')], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  child.stdin?.on('error', () => undefined);
  // A pipe of this process is a socket, which must not keep it running.
  (child.stdin as { unref?: () => void } | null)?.unref?.();
  keeper = child;
  return child;
}

/** From now on `child` does not outlive this process. Returns the same child. */
export function keep<T extends ChildProcess>(child: T): T {
  const { pid } = child;
  if (pid === undefined) return child;
  const pipe = openKeeper()?.stdin;
  pipe?.write(`+ ${pid}\n`);
  child.once('exit', () => pipe?.write(`- ${pid}\n`));
  return child;
}

/** Asks a child to end and waits for it; after `patienceMs` it is ended without asking. */
export async function endChild(child: ChildProcess, patienceMs = 5000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(timer);
}
