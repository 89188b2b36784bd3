/** No call to a card takes as long as this, unless it was asked to; the process says that it is alive every two seconds. */
const longestSilenceMs = 10_000;
/** A whole read takes up to 5 s on the slowest card: one that is not done after this never will be. */
const longestReadMs = 15_000;

export type ProcessWatch = {
  /** The process said something. */
  heard(): void;
  /**
   * What it is busy with has changed. `watched`: there is a process, and no question that has a deadline of its own: while
   * the library waits for a PIN it blocks the process, which says nothing then. `reading`: the insertion, or null.
   */
  look(now: { watched: boolean; reading: number | null }): void;
};

/**
 * Watches as long as there is a process: one that hangs between visits would leave the next person without a reader. The
 * time of a read counts from its first state, whatever it tells on the way, and anew after a question that interrupted it.
 */
export function watchProcess(onOverdue: (why: 'silent' | 'read') => void): ProcessWatch {
  let silence: NodeJS.Timeout | undefined;
  let read: { insertion: number; deadline: NodeJS.Timeout } | null = null;
  let watched = false;

  function heard(): void {
    clearTimeout(silence);
    if (watched) silence = setTimeout(() => onOverdue('silent'), longestSilenceMs);
  }

  return {
    heard,
    look(now) {
      watched = now.watched;
      heard();
      const reading = watched ? now.reading : null;
      if (read?.insertion === reading) return;
      clearTimeout(read?.deadline);
      read = reading === null ? null : { insertion: reading, deadline: setTimeout(() => onOverdue('read'), longestReadMs) };
    },
  };
}
