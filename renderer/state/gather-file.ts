import type { FilePush } from '../../contract/file-view.ts';

/** Where the page draws no frames it is told all the same. */
const latestMs = 100;

/** Runs once, in the next frame, so that what it changes is drawn in that. Answers how to take it back. */
function inNextFrame(then: () => void): () => void {
  const run = () => {
    stop();
    then();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, latestMs);
  const stop = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return stop;
}

/**
 * Hands on what comes of the file, once a frame, in its order: a page drawn anew for each of a hundred and fifty answers would
 * be busy with nothing else. That nothing may be shown waits for nothing.
 */
export function gatherFile(take: (pushes: readonly FilePush[]) => void): { hear(push: FilePush): void; stop(): void } {
  let waiting: FilePush[] = [];
  let stopWaiting: (() => void) | null = null;

  function handOn(): void {
    stopWaiting = null;
    const pushes = waiting;
    waiting = [];
    take(pushes);
  }

  function stop(): void {
    stopWaiting?.();
    stopWaiting = null;
    waiting = [];
  }

  return {
    hear(push) {
      if (push.reading === null) {
        stop();
        return take([push]);
      }
      waiting.push(push);
      stopWaiting ??= inNextFrame(handOn);
    },
    stop,
  };
}
