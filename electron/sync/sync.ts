import { batchLimits } from '../../contract/wire.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Line } from './line.ts';
import type { VerifyReceipt } from './receipt.ts';
import { sendBatch } from './send-batch.ts';

export type LineState = { state: 'up' | 'down' | 'unknown'; since: string | null };

export type Sync = {
  start(): void;
  /** Something was kept: send now if there is a line. */
  wake(): void;
  lineState(): LineState;
  stop(): Promise<void>;
};

export type SyncParts = {
  outbox: Outbox;
  line: Line;
  verifyReceipt: VerifyReceipt;
  terminal: string;
  clock: Clock;
  log: Log;
  pace: { retryBaseMs: number; retryCapMs: number; healthMs: number };
  onLine: (state: LineState) => void;
  onReceived: (txId: string, receivedAt: string) => void;
  onRefused: (txId: string) => void;
  random?: () => number;
};

/**
 * Brings what waits to the middleware, one request in flight, oldest first. After a failure it waits a random time up
 * to a doubling limit ("full jitter"), so that a region of terminals does not knock at one moment; the clock on the
 * wall decides nothing.
 */
export function createSync(parts: SyncParts): Sync {
  const { outbox, line, clock, log, pace } = parts;
  const random = parts.random ?? Math.random;
  let state: LineState = { state: 'unknown', since: null };
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  function setLine(next: 'up' | 'down'): void {
    if (state.state === next) return;
    state = { state: next, since: clock.wall().toISOString() };
    log(next === 'up' ? 'line_up' : 'line_down');
    parts.onLine(state);
  }

  /** One look at the line; sends whatever waits. Answers how long to wait before the next look. */
  async function round(): Promise<number> {
    const entries = outbox.waiting(batchLimits);
    const outcome = entries.length > 0 ? await sendBatch(entries, parts) : await askHealth(line);
    // "Up" means that the middleware itself answered: a captive portal is no line.
    setLine(outcome === 'done' || outcome === 'partly' ? 'up' : 'down');
    if (outcome === 'done') {
      failures = 0;
      return outbox.countWaiting() > 0 ? 0 : pace.healthMs;
    }
    failures += 1;
    return random() * Math.min(pace.retryCapMs, pace.retryBaseMs * 2 ** Math.min(failures, 20));
  }

  function run(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = round()
      .catch(() => {
        // Reading our own file failed: say so, and keep trying, since the records are still there.
        log('storage_failed', { where: 'sync' });
        return pace.retryCapMs;
      })
      .then((wait) => {
        running = null;
        if (stopped) return;
        const next = again ? 0 : wait;
        again = false;
        timer = setTimeout(run, next);
      });
  }

  return {
    start: run,
    wake() {
      // A person who just pressed "send" is worth one attempt now, whatever the back-off says.
      run();
    },
    lineState: () => state,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await line.close();
      await running;
    },
  };
}

async function askHealth(line: Line): Promise<'done' | 'no_line' | 'no_reply'> {
  try {
    const answer = await line.get('/v1/health');
    return answer.status === 200 && answer.mediaType === 'application/json' ? 'done' : 'no_reply';
  } catch {
    return 'no_line';
  }
}
