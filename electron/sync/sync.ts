import type { KeyObject } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { LineProblem } from '../../contract/operator.ts';
import { batchLimits, type LineNews, largestBatchText } from '../../contract/wire.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Delivery, Outbox } from '../outbox/outbox.ts';
import { createBatchSize } from './batch-size.ts';
import type { LastContact } from './last-contact.ts';
import type { Line } from './line.ts';
import { createPacing, type Pace } from './pacing.ts';
import { makeRounds } from './rounds.ts';
import {
  countReceived,
  type Judged,
  judgeReply,
  type Sent,
  sendDelivery,
  settleJudged,
  type Written,
  writeDelivery,
} from './send-delivery.ts';
import { compareQueues, lookAtLine, stateLosses } from './take-news.ts';

export type LineState = { state: 'up' | 'down' | 'unknown'; since: string | null };

/** For the operator's page. Times by this terminal's clock; `clockOffset`: the middleware's minus ours, seconds. What was last heard may be from before a restart. */
export type SyncStatus = LineState & {
  problem: LineProblem | null;
  lastContact: string | null;
  clockOffset: number | null;
  standing: LineNews['standing'] | null;
};

export type Sync = {
  start(): void;
  /** Something was kept: send it now if there is a line. */
  wake(): void;
  /** Look at the line now, whatever the wait after a failure says. */
  hurry(): void;
  lineState(): LineState;
  /** Records wait that may go: what is less urgent stays behind them. */
  isBusy(): boolean;
  status(): SyncStatus;
  /** Ends what is under way, and the line with it. */
  stop(): Promise<void>;
};

export type SyncParts = {
  outbox: Outbox;
  line: Pick<Line, 'request' | 'close'>;
  receiptKeys: () => ReadonlyMap<string, KeyObject>;
  terminal: string;
  clock: Clock;
  log: Log;
  pace: Pace;
  onLine: (state: LineState) => void;
  onReceived: (txId: string, receivedAt: string) => void;
  onStuck: (txId: string) => void;
  /** What each contact tells: for keys, bundles and certificate, which look after themselves. */
  onNews: (news: LineNews) => void;
  /** Outlasts a restart. */
  lastContact?: LastContact;
  random?: () => number;
};

type UnderWay = { written: Written; sent: Promise<Sent> };
type Replied = { delivery: Delivery; news: LineNews; judged: Judged };

/**
 * Brings what waits to the middleware, of a backlog two deliveries at a time. Which may go when is `pacing.ts`'s; what settles
 * a record `send-delivery.ts`'s. The clock on the wall decides nothing.
 */
export function createSync(parts: SyncParts): Sync {
  const { outbox, line, clock, log, terminal } = parts;
  const pacing = createPacing(parts.pace, parts.random);
  const size = createBatchSize(batchLimits);
  let state: LineState = { state: 'unknown', since: null };
  let known: Pick<SyncStatus, 'lastContact' | 'clockOffset' | 'standing'> = parts.lastContact?.read() ?? {
    lastContact: null,
    clockOffset: null,
    standing: null,
  };
  let lineProblem: LineProblem | null = null;
  let deliveryProblem: LineProblem | null = null;
  let lossProblem: LineProblem | null = null;
  let live = false;
  /** The outbox had nothing that may go: what waits is behind something that a person has to settle. */
  let exhausted = false;
  const { run, stop, isStopped } = makeRounds(round, () => {
    // Our own file could not be read or written: say so, and keep trying, since the records are still there.
    log('storage_failed', { where: 'sync' });
    pacing.came({ came: 'failure' }, clock.ticks());
  });

  function setLine(next: 'up' | 'down'): void {
    if (isStopped() || state.state === next) return;
    state = { state: next, since: clock.wall().toISOString() };
    log(next === 'up' ? 'line_up' : 'line_down', { problem: lineProblem });
    parts.onLine(state);
  }

  function take(news: LineNews): void {
    const now = clock.wall();
    const clockOffset = Math.round((Date.parse(news.at) - now.getTime()) / 1000) + 0;
    const contact = { lastContact: now.toISOString(), clockOffset, standing: news.standing };
    known = contact;
    parts.lastContact?.note(contact);
    lineProblem = null;
    setLine('up');
    parts.onNews(news);
    compareQueues(news, outbox);
  }

  function fail(problem: LineProblem, inMs: number | null): void {
    lineProblem = problem;
    setLine('down');
    pacing.came({ came: 'failure', unreached: problem === 'no_connection', ...(inMs !== null && { inMs }) }, clock.ticks());
  }

  async function look(ask: boolean): Promise<void> {
    const looked = await lookAtLine({ line }, { ask });
    if (looked.came === 'failed') return fail(looked.problem, looked.inMs);
    take(looked.news);
    // Nothing is under way now: of deliveries, one answer may be older than the other.
    outbox.noticeForgotten(looked.news.generations);
    exhausted = false;
    const stated = await stateLosses({ line, outbox, terminal, log });
    if (stated.silent !== null) return fail(stated.silent, null);
    lossProblem = stated.refused;
    if (outbox.countWaiting() === 0) deliveryProblem = null;
    pacing.came({ came: 'news', slotInMs: looked.news.slot?.inMs ?? null }, clock.ticks());
  }

  function settle({ delivery: { kind, records }, news, judged }: Replied): void {
    deliveryProblem = judged.problem;
    settleJudged(records.length, judged, parts);
    take(news);
    size.grow();
    if (deliveryProblem !== null) pacing.came({ came: 'failure' }, clock.ticks());
    else pacing.came({ came: 'delivered', kind, slotInMs: news.slot?.inMs ?? null }, clock.ticks());
  }

  /**
   * One delivery, and of a backlog one after the other as long as the middleware takes them: two are under way then, and
   * meanwhile what an earlier one brought is settled and the one after is read and written out. So neither end waits for the
   * other.
   */
  async function deliver(first: Delivery): Promise<void> {
    const underWay: UnderWay[] = [];
    /** Of deliveries that were answered: what follows is written there. */
    const desks: Buffer[] = [];
    let last = first;
    let next: Written | null = writeDelivery(first, terminal);
    /** How many may be under way: one until the middleware took one, none any more when it did not. */
    let most = 1;
    let replied: Replied | null = null;
    let fallen: (() => void) | null = null;

    /** Whether one more is on its way. */
    function sendNext(): boolean {
      if (next === null || underWay.length >= most || underWay.some(({ written }) => sharesLane(written.delivery, next?.delivery)))
        return false;
      last = next.delivery;
      // Where a reply was not believed, the next says how each stands: then those that are right are not held up.
      const sent = sendDelivery(next, { ...parts, proofs: deliveryProblem === 'receipt_refused' });
      // Wherever it fails (our own disk says in which epoch we are), it is waited for below.
      sent.catch(() => undefined);
      underWay.push({ written: next, sent });
      next = null;
      return true;
    }

    sendNext();
    try {
      for (let [oldest] = underWay; oldest; [oldest] = underWay) {
        // It is on its way before anything else is done.
        await turn();
        if (replied !== null) settle(replied);
        replied = null;
        if (most > 0) next ??= follow(last, desks);
        if (sendNext()) continue;
        const { written, sent } = oldest;
        const { delivery, desk } = written;
        const outcome = await sent;
        underWay.shift();
        if (outcome.came === 'replied') {
          // Whoever answers has read it. Of any other the line may still have a part.
          if (desk !== undefined) desks.push(desk);
          replied = { delivery, news: outcome.reply.news, judged: judgeReply(delivery.records, outcome.reply, parts) };
          most = most > 0 && goesOn(replied) ? 2 : 0;
          sendNext();
        } else {
          most = 0;
          fallen ??= () => fall(delivery, outcome);
        }
      }
    } finally {
      // Also when our own disk said no: nothing is under way afterwards.
      await Promise.all(underWay.map(({ sent }) => sent));
    }
    if (replied !== null) settle(replied);
    fallen?.();
  }

  function follow(delivery: Delivery, desks: Buffer[]): Written | null {
    const next = delivery.kind === 'backlog' ? outbox.nextAfter(delivery, size.limit()) : null;
    return next && writeDelivery(next, terminal, desks.pop() ?? Buffer.allocUnsafeSlow(largestBatchText));
  }

  /**
   * Whether what follows goes at once: nobody waits, no slot is to be kept, and all was taken. That is believed by verified
   * receipts alone here too: else what follows could overtake what came before it in its lane.
   */
  function goesOn({ delivery, news, judged }: Replied): boolean {
    return !live && !isStopped() && (news.slot?.inMs ?? 0) === 0 && countReceived(judged) === delivery.records.length;
  }

  /** No reply: what was sent waits as before. */
  function fall({ records }: Delivery, sent: Exclude<Sent, { came: 'replied' }>): void {
    switch (sent.came) {
      case 'not_now':
        deliveryProblem = 'busy';
        lineProblem = null;
        setLine('up');
        pacing.came({ came: 'not_now', inMs: sent.inMs }, clock.ticks());
        break;
      case 'other_epoch':
        lineProblem = null;
        setLine('up');
        pacing.came({ came: 'other_epoch' }, clock.ticks());
        break;
      case 'too_much':
        shrink(records, sent);
        break;
      case 'failed':
        fail(sent.problem, sent.inMs);
        break;
    }
  }

  /** Fewer next time. One alone that the middleware refuses as a whole is for a person, and the others go on. */
  function shrink(records: Delivery['records'], { problem, refused }: { problem: LineProblem; refused: boolean }): void {
    const [first, ...others] = records;
    size.shrink(records.length);
    if (!refused) {
      fail(problem, null);
      return;
    }
    deliveryProblem = problem;
    setLine('up');
    if (others.length > 0) return;
    outbox.markStuck(first.txId, 'invalid');
    parts.onStuck(first.txId);
    // One is that record's matter; one after the other is the middleware's, which may be another an hour later.
    if (size.countAlone() > 1) pacing.came({ came: 'failure' }, clock.ticks());
  }

  /** One request at most. Answers how long to wait before the next, in milliseconds. */
  async function round(): Promise<number> {
    const backlog = !exhausted && outbox.countWaiting() > 0;
    const move = pacing.next({ at: clock.ticks(), live, backlog });
    if ('inMs' in move) return move.inMs;
    if (move.go === 'look') {
      await look(move.ask);
      return 0;
    }
    const delivery = outbox.next(size.limit());
    live = delivery?.kind === 'live';
    exhausted = delivery === null;
    if (delivery && (live || move.go === 'backlog')) await deliver(delivery);
    return 0;
  }

  return {
    start: run,
    wake() {
      live = true;
      exhausted = false;
      pacing.hurry();
      run();
    },
    hurry() {
      pacing.hurry();
      run();
    },
    lineState: () => state,
    isBusy: () => !exhausted && outbox.countWaiting() > 0,
    status: () => ({ ...state, ...known, problem: lineProblem ?? deliveryProblem ?? lossProblem }),
    async stop() {
      await stop(() => line.close());
      parts.lastContact?.close();
    },
  };
}

/** Then one waits for the other: it would overtake it in a lane, should that one get lost. */
function sharesLane(one: Delivery, other: Delivery | undefined): boolean {
  const lanes = new Set(one.records.map(({ lane }) => lane));
  return other?.records.some(({ lane }) => lanes.has(lane)) === true;
}
