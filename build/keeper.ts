import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

/**
 * Ends what this process started and removes its temporary folders, even when this process is killed and can do nothing
 * itself. A small shell reads the children's numbers and the folders' names from a pipe; when the pipe closes, however that
 * came about, it ends those still alive. (On Windows there is no such shell: there only an orderly end leaves nothing.)
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

/** From now on `folder` (an absolute path) does not outlive this process. Returns the same folder. */
export function keepFolder(folder: string): string {
  if (process.platform === 'win32') process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // One line is one folder: what comes after a line's end would be cut off, and another folder removed.
  else if (!folder.includes('\n')) openKeeper()?.stdin?.write(`~ ${folder}\n`);
  return folder;
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
