import { spawn } from 'node:child_process';

/**
 * Runs a program of the configuration, without a shell. Nothing of it is read: what it leaves running cannot hold us.
 * @returns whether it ended well within `deadlineMs`
 */
export function runProgram(command: readonly string[], deadlineMs: number): Promise<boolean> {
  const [program, ...args] = command;
  if (program === undefined || program === '') return Promise.resolve(false);
  return new Promise((resolve) => {
    try {
      const child = spawn(program, args, { stdio: 'ignore', shell: false, windowsHide: true, timeout: deadlineMs, killSignal: 'SIGKILL' });
      child.on('error', () => resolve(false));
      child.on('exit', (code) => resolve(code === 0));
    } catch {
      // A word that no program can be given, such as one with a zero byte.
      resolve(false);
    }
  });
}
