import { spawn } from 'node:child_process';

/**
 * Runs a program of the configuration, without a shell. Nothing of it is read: what it leaves running cannot hold us.
 * @returns whether it ended well within `deadlineMs`, and before `signal` ended it
 */
export function runProgram(command: readonly string[], deadlineMs: number, signal?: AbortSignal): Promise<boolean> {
  const [program, ...args] = command;
  if (program === undefined || program === '') return Promise.resolve(false);
  return new Promise((resolve) => {
    try {
      const ends = { timeout: deadlineMs, killSignal: 'SIGKILL', ...(signal && { signal }) } as const;
      const child = spawn(program, args, { stdio: 'ignore', shell: false, windowsHide: true, ...ends });
      child.on('error', () => resolve(false));
      child.on('exit', (code) => resolve(code === 0));
    } catch {
      // A word that no program can be given, such as one with a zero byte.
      resolve(false);
    }
  });
}

/** Starts it, and does not wait: it outlives this app, which ends now. */
export function leaveRunning([program = '', ...args]: readonly string[]): void {
  const child = spawn(program, args, { stdio: 'ignore', shell: false, windowsHide: true, detached: true });
  // One that is not there is noticed at the next start.
  child.on('error', () => undefined);
  child.unref();
}
