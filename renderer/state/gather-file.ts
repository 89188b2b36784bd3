import type { FilePush } from '../../contract/file-view.ts';

/** A page drawn anew for each of a hundred and fifty answers would be busy with nothing else. */
const apartMs = 24;

/**
 * Hands on what comes of the file: the first at once, what follows within a moment together, in its order. That nothing may
 * be shown waits for nothing.
 */
export function gatherFile(take: (pushes: readonly FilePush[]) => void): { hear(push: FilePush): void; stop(): void } {
  let waiting: FilePush[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function handOn(): void {
    timer = undefined;
    if (waiting.length === 0) return;
    const pushes = waiting;
    waiting = [];
    timer = setTimeout(handOn, apartMs);
    take(pushes);
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    waiting = [];
  }

  return {
    hear(push) {
      if (push.reading === null) {
        stop();
        return take([push]);
      }
      waiting.push(push);
      if (timer === undefined) handOn();
    },
    stop,
  };
}
