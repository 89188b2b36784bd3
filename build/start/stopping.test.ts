import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../paths.ts';

/** A program that never comes to its end, however often it is asked. Its clock moves with the signals: 0.9 s, then 0.2 s more. */
const stuck = `
  import { hearSignals } from ${JSON.stringify(join(root, 'build/start/stopping.ts'))};
  const times = [10_000, 10_900, 11_100];
  let heard = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.log('heard ' + ++heard));
  const stopping = hearSignals(() => times[heard - 1]);
  stopping.signal.addEventListener('abort', () => console.log('aborted'));
  setInterval(() => undefined, 1000);
  console.log('here');`;

test.skipIf(process.platform === 'win32').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s asks once, its echo changes nothing, and whoever insists is obeyed', async (signal, code) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', stuck], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const hears = (words: string) => expect.poll(() => said, { timeout: 20_000 }).toBe(words);
  await hears('here\n');
  child.kill(signal);
  await hears('here\nheard 1\nStopping.\naborted\n');
  child.kill(signal);
  await hears('here\nheard 1\nStopping.\naborted\nheard 2\n');
  // It would not hear this one if the echo had ended it.
  child.kill(signal);
  await hears('here\nheard 1\nStopping.\naborted\nheard 2\nheard 3\n');
  expect((await exit)[0]).toBe(code);
});
