import { settleAwaiting } from './attachments.ts';
import { type ProcessParts, processNext, RecordFailed } from './process-next.ts';

export type Worker = {
  /** Something arrived: look now. */
  wake(): void;
  /** Resolves when nothing that waited is left but records that fail. */
  drain(): Promise<void>;
  /** Finishes the record in hand. */
  stop(): Promise<void>;
};

type WorkerLog = { error(fields: object, event: string): void };

export function startWorker(parts: ProcessParts & { log: WorkerLog; lookAgainMs: number }): Worker {
  let stopped = false;
  let askedAgain = false;
  let round: Promise<void> | null = null;

  async function workThrough(): Promise<void> {
    const failed: string[] = [];
    while (!stopped) {
      try {
        if ((await processNext(parts, failed)) === 'nothing_waits') return;
      } catch (error) {
        if (!(error instanceof RecordFailed)) throw error;
        parts.log.error({ err: error.cause }, 'record_failed');
        failed.push(error.txId);
      }
    }
  }

  /** One round at a time. A wake during a round may come just after its last look, so the round is followed by another. */
  function drain(): Promise<void> {
    askedAgain = true;
    round ??= (async () => {
      try {
        while (askedAgain && !stopped) {
          askedAgain = false;
          await workThrough();
          if (!stopped) await settleAwaiting({ database: parts.database, judge: parts.judgeAttachments });
        }
      } finally {
        round = null;
      }
    })();
    return round;
  }

  function wake(): void {
    drain().catch((error: unknown) => parts.log.error({ err: error }, 'worker_round_failed'));
  }

  // Finds what another instance stored and died over.
  const timer = setInterval(wake, parts.lookAgainMs);
  timer.unref();
  wake();
  return {
    wake,
    drain,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await round?.catch(() => undefined);
    },
  };
}
