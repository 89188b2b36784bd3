import { constants } from 'node:os';
import { say } from '../run.ts';

export type Stopping = {
  /** Aborted at the first signal to stop. */
  signal: AbortSignal;
  /** What a shell is told of a program that a signal ended. */
  exitCode(): number;
};

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Ctrl-C alone arrives twice, from the terminal and from the program that started this one. Later than this it is meant. */
const echoMs = 1_000;
/** An orderly end takes a second or two. */
const patienceMs = 30_000;

/**
 * From now on a signal says "stop" instead of ending this process. A second one, or patience that runs out, ends it at
 * once: then its keeper ends the children and removes the folders.
 */
export function hearSignals(now = () => performance.now()): Stopping {
  const stopping = new AbortController();
  let code = 0;
  let since = 0;
  for (const signal of signals) {
    process.on(signal, () => {
      if (stopping.signal.aborted) {
        if (now() - since > echoMs) process.exit(code);
        return;
      }
      code = 128 + constants.signals[signal];
      since = now();
      say('Stopping.');
      setTimeout(() => process.exit(code), patienceMs).unref();
      stopping.abort();
    });
  }
  return { signal: stopping.signal, exitCode: () => code };
}
