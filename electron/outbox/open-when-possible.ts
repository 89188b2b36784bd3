import type { OperatorStatus } from '../../contract/operator.ts';
import { refuse } from '../../contract/result.ts';
import type { Log } from '../log.ts';
import { sqliteCode } from '../store/open-database.ts';
import type { OpenOutbox } from './open-outbox.ts';
import type { KeepRefusal } from './outbox.ts';
import { isFull } from './space.ts';

export type OpenProblem = NonNullable<OperatorStatus['queueProblem']>;

/**
 * An outbox whose disk may not let it be opened yet. Until then nothing is kept, nothing waits as far as anybody knows, and
 * whatever else is asked throws, as on a disk that fails later.
 */
export type PatientOutbox = OpenOutbox & { problem(): OpenProblem | null };

export type PatientParts = {
  /** `unreadable`: what to do about a file that this disk does not let be read. Throws as `openOutbox` does. */
  open(unreadable: 'throw' | 'replace'): OpenOutbox;
  retryMs: number;
  log: Log;
  /** It was not opened at once, and is now. */
  onLate(): void;
};

const longestRetryMs = 30_000;

/**
 * Opens it, and goes on trying: at the second try already with a new file in the place of one that cannot be read, so that
 * a terminal with a bad file, or one whose disk is there again, is back in service by itself.
 */
export function openWhenPossible({ open, retryMs, log, onLate }: PatientParts): PatientOutbox {
  let opened: OpenOutbox | null = null;
  let problem: OpenProblem | null = null;
  let later: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let tries = 0;

  function tryToOpen(): void {
    try {
      opened = open(tries === 0 ? 'throw' : 'replace');
    } catch (error) {
      const now = nameProblem(error);
      if (now !== problem) log('storage_failed', { where: 'open', problem: now });
      problem = now;
      timer = setTimeout(tryToOpen, Math.min(longestRetryMs, retryMs * 2 ** Math.min(tries, 20)));
      timer.unref();
      tries += 1;
      return;
    }
    problem = null;
    for (const work of later) opened.afterChecks(work);
    later = [];
    if (tries === 0) return;
    log('storage_back', { where: 'open' });
    onLate();
  }

  const reach = (): OpenOutbox => {
    if (!opened) throw new Error('the queue is not open yet');
    return opened;
  };
  const refused = () => refuse<KeepRefusal>(problem === 'disk_full' ? 'disk_full' : 'storage_failed');
  tryToOpen();

  return {
    problem: () => problem,
    keep: (content, options) => opened?.keep(content, options) ?? refused(),
    probe: () => opened?.probe() ?? refused(),
    look: () => opened?.look() ?? refused(),
    countWaiting: () => opened?.countWaiting() ?? 0,
    receiptOf: (txId) => opened?.receiptOf(txId) ?? null,
    afterChecks: (work) => (opened ? opened.afterChecks(work) : void later.push(work)),
    close() {
      clearTimeout(timer);
      opened?.close();
    },
    next: (limit) => reach().next(limit),
    nextAfter: (underWay, limit) => reach().nextAfter(underWay, limit),
    head: () => reach().head(),
    markReceived: (txId, receipt) => reach().markReceived(txId, receipt),
    markAllReceived: (runs) => reach().markAllReceived(runs),
    markStuck: (txId, reason) => reach().markStuck(txId, reason),
    decide: (reference, decision) => reach().decide(reference, decision),
    cover: (news) => reach().cover(news),
    enterEpoch: (epoch) => reach().enterEpoch(epoch),
    epoch: () => reach().epoch(),
    noticeRollback: (linked) => reach().noticeRollback(linked),
    noticeForgotten: (linked) => reach().noticeForgotten(linked),
    losses: () => reach().losses(),
    markLossHeard: (id) => reach().markLossHeard(id),
    markLossesRead: () => reach().markLossesRead(),
    stateOf: (txId) => reach().stateOf(txId),
    status: () => reach().status(),
    waitingDeliveries: (limit) => reach().waitingDeliveries(limit),
    isSalvaging: () => reach().isSalvaging(),
    finishChecks: () => reach().finishChecks(),
  };
}

/** As an operator can do something about it. */
export function nameProblem(error: unknown): OpenProblem {
  const code = sqliteCode(error) ?? String((error as NodeJS.ErrnoException | null)?.code ?? '');
  if (isFull(error)) return 'disk_full';
  if (/^SQLITE_BUSY/.test(code)) return 'in_use';
  if (/^(SQLITE_(READONLY|PERM|AUTH)|EROFS|EACCES|EPERM)/.test(code)) return 'read_only';
  return error instanceof Error && error.message === 'written_by_newer_version' ? 'newer_version' : 'failed';
}
