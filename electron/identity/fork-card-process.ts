import { utilityProcess } from 'electron';
import type { CardProcess } from './card-supervisor.ts';

/** Starts the bundled card process (`native/card-process.ts`) as an Electron utility process. */
export function forkCardProcess(script: string): CardProcess {
  const child = utilityProcess.fork(script, [], { serviceName: 'loket-card', stdio: 'ignore' });
  return {
    postMessage: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', listener),
    kill: () => child.kill(),
    killNow() {
      try {
        // A pid until it has ended; then there is nothing left to end.
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      } catch {
        // It ended between the two.
      }
    },
  };
}
