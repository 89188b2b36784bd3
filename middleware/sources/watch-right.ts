/** Why somebody may not read on. */
export type Over = 'grant_ended' | 'mandate_ended';

export type RightParts = {
  /** Null: the right is there. Asked again and again while a file is read. */
  ask(): Promise<Over | null>;
  /** Calls when this instance is told that the visit is over. @returns stops listening */
  onEnd(ended: () => void): () => void;
  everyMs: number;
  /** A database that is away is no withdrawal: the grant's own end is known without it. */
  failed(error: unknown): void;
};

/** Looks after the right to read while a file is read: it can end in the middle. */
export function watchRight(parts: RightParts): { over: AbortSignal; stop(): void } {
  const over = new AbortController();
  let isAsking = false;

  async function look(): Promise<void> {
    if (isAsking || over.signal.aborted) return;
    isAsking = true;
    try {
      const why = await parts.ask();
      if (why !== null) over.abort(why);
    } catch (error) {
      parts.failed(error);
    } finally {
      isAsking = false;
    }
  }

  const timer = setInterval(() => void look(), parts.everyMs);
  const silence = parts.onEnd(() => over.abort('grant_ended' satisfies Over));
  return {
    over: over.signal,
    stop() {
      clearInterval(timer);
      silence();
    },
  };
}
