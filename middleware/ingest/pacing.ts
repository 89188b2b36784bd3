import { createCalendar } from './calendar.ts';
import { createVisitMeter } from './visit-meter.ts';

/**
 * Who may deliver now and who comes later. Pure: no clock, no timers, no chance; times are milliseconds since any moment.
 * What somebody waits for (`live`) is always let in, as long as a terminal does not call everything that. What was kept
 * while there was no line (`backlog`) comes by appointment, so that ten thousand terminals that come back at once neither
 * knock in vain again and again nor stand in the way of the living. An appointment is for a visit: a terminal brings one
 * delivery after the other, up to a number, and the next terminal's time is reckoned by how long visits take.
 *
 * It remembers in memory: each instance paces what reaches it, and measures a database that others use too.
 */
export type Pacing = {
  arrive(ask: Arrival): { permit: Permit } | { inMs: number };
  /** A terminal that has just delivered has more to bring. @returns milliseconds from `at`; 0: it goes on */
  goOn(terminal: string, at: number): number;
  /** A question about the line begins to be worked at. @returns to be called when it is answered */
  look(at: number): (at: number) => void;
  /** Before a backlog is brought: null when it would be let in now, else milliseconds until its appointment. */
  ask(terminal: string, at: number): number | null;
};

export type Arrival = { terminal: string; kind: 'live' | 'backlog'; at: number };

/** `begin` when its body is here and work starts, `end` when it is answered or gone. */
export type Permit = { kind: Arrival['kind']; begin(at: number): void; end(at: number): void };

export type PacingOptions = {
  /** What a visit is thought to take until some were measured, milliseconds. */
  assumedVisitMs: number;
  /**
   * Part of the time that is booked for backlogs. A little more than there is: a hole could not be filled any more, and who
   * comes too early is cheaply told a later time.
   */
  backlogShare: number;
  /** Backlog deliveries being worked at, above which even an appointment has to wait: behind so many a live one may stand. */
  workingAtMost: number;
  deliveriesPerVisit: number;
  /** Live deliveries of one terminal: so many at once, then one each `refillMs`. Above that they are backlog. */
  live: { burst: number; refillMs: number };
  /** At most so many terminals are remembered. */
  terminals: number;
};

export const usualPacing: PacingOptions = {
  assumedVisitMs: 25,
  backlogShare: 1.1,
  workingAtMost: 3,
  deliveriesPerVisit: 10,
  live: { burst: 20, refillMs: 3000 },
  terminals: 50_000,
};

/** Appointments are kept a little early, because clocks differ, and for a while after. */
const earlyMs = 250;
const lateMs = 60_000;
/** How long a visit waits for its next delivery. */
const pauseMs = 10_000;

export function createPacing(options: PacingOptions = usualPacing): Pacing {
  const meter = createVisitMeter(options.assumedVisitMs);
  const calendar = createCalendar({ share: options.backlogShare, costMs: meter.perVisit });
  const appointments = new Map<string, number>();
  const visits = new Map<string, { left: number; goesOnUntil: number }>();
  const lively = new Map<string, { tokens: number; at: number }>();
  let working = 0;

  function book(terminal: string, at: number): number {
    const when = calendar.book(at);
    remember(appointments, terminal, when, options.terminals);
    return Math.ceil(when - at);
  }

  /** Of one that knocks again before its time nothing changes. */
  function waitFor(terminal: string, at: number): number {
    const when = appointments.get(terminal);
    return when !== undefined && when > at ? Math.ceil(when - at) : book(terminal, at);
  }

  function hasAppointment(terminal: string, at: number): boolean {
    const when = appointments.get(terminal);
    if (when === undefined) return false;
    // Early, and nothing to do: better now than later.
    return (at >= when - earlyMs && at <= when + lateMs) || working === 0;
  }

  function admitBacklog(terminal: string, at: number): boolean {
    if (working >= options.workingAtMost) return false;
    const visit = visits.get(terminal);
    if (visit !== undefined && at <= visit.goesOnUntil) {
      visit.goesOnUntil = Number.NEGATIVE_INFINITY;
      return true;
    }
    if (!hasAppointment(terminal, at) && !calendar.takeNow(at)) return false;
    appointments.delete(terminal);
    remember(visits, terminal, { left: options.deliveriesPerVisit - 1, goesOnUntil: Number.NEGATIVE_INFINITY }, options.terminals);
    meter.countVisit(at);
    return true;
  }

  function isLive(terminal: string, at: number): boolean {
    const { burst, refillMs } = options.live;
    const before = lively.get(terminal) ?? { tokens: burst, at };
    const tokens = Math.min(burst, before.tokens + Math.max(0, at - before.at) / refillMs);
    const granted = tokens >= 1;
    remember(lively, terminal, { tokens: granted ? tokens - 1 : tokens, at }, options.terminals);
    return granted;
  }

  function permit(kind: Arrival['kind']): Permit {
    let state: 'coming' | 'working' | 'gone' = 'coming';
    return {
      kind,
      begin(at) {
        if (state !== 'coming') return;
        state = 'working';
        if (kind === 'backlog') working++;
        meter.begin(at);
      },
      end(at) {
        if (state === 'working') {
          if (kind === 'backlog') working--;
          meter.end(at);
          if (kind === 'live') meter.countBeside(at);
        }
        state = 'gone';
      },
    };
  }

  return {
    goOn(terminal, at) {
      const visit = visits.get(terminal);
      if (visit === undefined || visit.left === 0) return book(terminal, at);
      visit.left--;
      visit.goesOnUntil = at + pauseMs;
      return 0;
    },
    look(at) {
      meter.begin(at);
      return (until) => {
        meter.end(until);
        meter.countBeside(until);
      };
    },
    ask(terminal, at) {
      if (at <= (visits.get(terminal)?.goesOnUntil ?? Number.NEGATIVE_INFINITY)) return null;
      if (appointments.has(terminal) || !calendar.takeNow(at)) return waitFor(terminal, at);
      remember(appointments, terminal, at, options.terminals);
      return null;
    },
    arrive({ terminal, kind, at }) {
      if (kind === 'live' && isLive(terminal, at)) return { permit: permit('live') };
      return admitBacklog(terminal, at) ? { permit: permit('backlog') } : { inMs: waitFor(terminal, at) };
    },
  };
}

/** In order of last use; the one that was longest silent makes room. */
function remember<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  const oldest = map.size >= most ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
