/**
 * When the next request may go, and of what kind. Pure: no clock and no timers; times are milliseconds since any moment
 * and never step back. What somebody waits for goes at once. A backlog goes when the middleware gave it a slot, and until
 * it gave one after random waits up to a doubling limit ("full jitter"), so that a region of terminals does not knock at
 * one moment.
 */
export type Pacing = {
  next(now: Moment): Move;
  /** What came of the move that `next` gave. One is under way at a time. */
  came(outcome: Outcome, at: number): void;
  /** Somebody waits: one attempt now, whatever the wait after a failure says. It shortens no slot. */
  hurry(): void;
};

/** `live`, `backlog`: whether such records wait and may go. */
export type Moment = { at: number; live: boolean; backlog: boolean };

/** `look`: `GET /v1/line`; with `ask`, for a slot too. */
export type Move = { go: 'live' | 'backlog' } | { go: 'look'; ask: boolean } | { inMs: number };

export type Outcome =
  /** A look was answered. */
  | { came: 'news'; slotInMs: number | null }
  /** A delivery was answered, and each of its records settled. */
  | { came: 'delivered'; kind: 'live' | 'backlog'; slotInMs: number | null }
  /** 429: not before. */
  | { came: 'not_now'; inMs: number }
  /** It was restored: nothing is sent before its news. */
  | { came: 'other_epoch' }
  /** Anything else. `inMs`: it asked for patience (503). `unreached`: there was nobody at the other end. */
  | { came: 'failure'; inMs?: number; unreached?: boolean };

/** Milliseconds. */
export type Pace = { retryBaseMs: number; retryCapMs: number; healthMs: number };

/**
 * An attempt without a line disturbs nobody, so it may come more often: all who lost theirs at once are then heard of early
 * enough for the middleware to fill its time with them.
 */
const unreachedCapMs = 150_000;

/** With an appointment, a look each so many times the longest wait after a failure. */
const appointmentLooks = 6;

/** Refusals in a row that a moving appointment explains; after them something is wrong at the other side. */
const usualRefusals = 3;

export function createPacing({ retryBaseMs, retryCapMs, healthMs }: Pace, random: () => number = Math.random): Pacing {
  /** Answered at least once: what the middleware knows of this terminal's queues was compared before anything is sent. */
  let met = false;
  let inContact = false;
  let hurried = false;
  let asking = false;
  let failures = 0;
  let refusals = 0;
  let restUntil = Number.NEGATIVE_INFINITY;
  let slotAt = Number.NEGATIVE_INFINITY;
  let contactAt = Number.NEGATIVE_INFINITY;
  let healthWait = healthMs;

  /** Full jitter: any time up to a limit that doubles with each attempt. */
  const jitter = (attempts: number, capMs = retryCapMs): number => random() * Math.min(capMs, retryBaseMs * 2 ** Math.min(attempts, 30));

  function contact(at: number): void {
    inContact = true;
    contactAt = at;
    restUntil = Number.NEGATIVE_INFINITY;
    // Terminals that were switched on together do not ask together for ever.
    healthWait = Math.round(healthMs * (0.8 + 0.4 * random()));
  }

  function look(backlog: boolean): Move {
    asking = backlog;
    return { go: 'look', ask: backlog };
  }

  return {
    next({ at, live, backlog }) {
      const hurrying = hurried;
      hurried = false;
      if (!hurrying && at < restUntil) return { inMs: restUntil - at };
      if (live && met) return { go: 'live' };
      if (live || hurrying || !inContact) return look(backlog);
      if (backlog && at >= slotAt) return { go: 'backlog' };
      // With an appointment there is little to ask: whole regions wait for theirs at the same time.
      const lookAt = contactAt + (backlog ? appointmentLooks * retryCapMs : healthWait);
      if (at >= lookAt) return look(backlog);
      return { inMs: Math.min(lookAt, backlog ? slotAt : lookAt) - at };
    },

    came(outcome, at) {
      if (outcome.came === 'failure') {
        inContact = false;
        restUntil =
          at +
          Math.min(outcome.inMs ?? 0, retryCapMs) +
          jitter(failures, outcome.unreached ? Math.min(unreachedCapMs, retryCapMs) : retryCapMs);
        failures += 1;
        return;
      }
      contact(at);
      if (outcome.came === 'other_epoch') {
        met = false;
        inContact = false;
        refusals += 1;
        // Said again although the news were heard: something is wrong at the other side.
        restUntil = at + (refusals > 1 ? jitter(refusals) : 0);
        return;
      }
      if (outcome.came === 'not_now') {
        refusals += 1;
        slotAt = at + Math.max(outcome.inMs, refusals > usualRefusals ? jitter(refusals - usualRefusals) : 0);
        return;
      }
      met = true;
      if (outcome.slotInMs !== null) slotAt = at + outcome.slotInMs;
      else if (outcome.came === 'news' ? asking : outcome.kind === 'backlog') slotAt = at;
      if (outcome.came === 'delivered') refusals = 0;
      // A look that is answered says little about deliveries that failed.
      if (outcome.came === 'delivered' || !asking) failures = 0;
    },

    hurry() {
      hurried = true;
    },
  };
}
