import type { Revocations } from '../revocation/revocations.ts';
import type { ConfirmActing } from '../roles/judge-acting.ts';
import { keepStatistics } from '../store/keep-statistics.ts';
import { askFirst, type Question, type Word } from './ask-first.ts';
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

/** Records about which somebody else is asked at one time: after days without a line there may be thousands. */
const mostAsked = 8;
/** While there is work: what waits can grow a hundredfold in seconds. */
const countAgainMs = 1_000;

export type WorkerParts = ProcessParts & {
  revocations: Pick<Revocations, 'find'>;
  /** Whether somebody may act in another's name, now. Absent: there is nobody who would know. */
  confirmActing?: ConfirmActing;
  log: WorkerLog;
  lookAgainMs: number;
};

export function startWorker(parts: WorkerParts): Worker {
  let stopped = false;
  let askedAgain = false;
  let round: Promise<void> | null = null;
  const asking = new Map<string, Promise<void>>();
  const words = new Map<string, Word>();

  /** Seconds, while the round goes on with what else waits. A word is for one try: the next one asks again. */
  function ask(txId: string, about: Question): void {
    const failed = (error: unknown) => parts.log.error({ err: error }, 'authority_not_asked');
    const asked = askFirst({ ...parts, failed }, about).then((word) => {
      words.set(txId, word);
      asking.delete(txId);
      if (!stopped) wake();
    });
    asking.set(txId, asked);
  }

  async function workThrough(): Promise<void> {
    /** Until the next round: what failed, and what has to wait until fewer are asked about. */
    const leftOut: string[] = [];
    let counted = Number.NEGATIVE_INFINITY;
    while (!stopped) {
      try {
        if (performance.now() - counted > countAgainMs) {
          await keepStatistics(parts.database);
          counted = performance.now();
        }
        const done = await processNext(parts, [...leftOut, ...asking.keys()], words);
        if (done === 'nothing_waits') return;
        if (typeof done !== 'object') continue;
        if (asking.size < mostAsked) ask(done.ask, done.about);
        else leftOut.push(done.ask);
      } catch (error) {
        if (!(error instanceof RecordFailed)) throw error;
        parts.log.error({ err: error.cause }, 'record_failed');
        leftOut.push(error.txId);
      }
    }
  }

  /** One round at a time. A wake during a round may come just after its last look, so the round is followed by another. */
  function goRound(): Promise<void> {
    askedAgain = true;
    round ??= (async () => {
      try {
        while (askedAgain && !stopped) {
          askedAgain = false;
          await workThrough();
          if (!stopped) await settleAwaiting({ ...parts, judge: parts.judgeAttachments });
        }
      } finally {
        round = null;
      }
    })();
    return round;
  }

  function wake(): void {
    goRound().catch((error: unknown) => parts.log.error({ err: error }, 'worker_round_failed'));
  }

  async function drain(): Promise<void> {
    await goRound();
    for (; asking.size > 0 && !stopped; await goRound()) await Promise.all(asking.values());
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
