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
  /**
   * `leave`: it stands in the doorway, and `letIn` is called when there is room; to be called should its line break before.
   * Who gives no `letIn` never stands there.
   */
  arrive(ask: Arrival): { permit: Permit } | { inMs: number } | { leave(): void };
  /** A terminal that has just delivered has more to bring. @returns milliseconds from `at`; 0: it goes on */
  goOn(terminal: string, at: number): number;
  /** A question about the line begins to be worked at. @returns to be called when it is answered */
  look(at: number): (at: number) => void;
  /** Before a backlog is brought: null when it would be let in now, else milliseconds until its appointment. */
  ask(terminal: string, at: number): number | null;
};

export type Arrival = { terminal: string; kind: 'live' | 'backlog'; at: number; letIn?: (permit: Permit) => void };

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
  /** Who comes at the time and finds no room waits in the doorway, so many at most: a moment costs less than coming again. */
  doorway: number;
  deliveriesPerVisit: number;
  /** Live deliveries of one terminal: so many at once, then one each `refillMs`. Above that they are backlog. */
  live: { burst: number; refillMs: number };
  /** At most so many terminals are remembered. */
  terminals: number;
};

export const usualPacing: PacingOptions = {
  assumedVisitMs: 25,
  backlogShare: 1.1,
  workingAtMost: 2,
  doorway: 24,
  deliveriesPerVisit: 10,
  live: { burst: 20, refillMs: 3000 },
  terminals: 50_000,
};

/** Appointments are kept a little early, because clocks differ, and for a while after. */
const earlyMs = 250;
const lateMs = 60_000;
/** So often in vain is no moment's crowd any more. */
const oftenInVain = 3;
/** What comes besides backlogs comes in crowds: in this time from now, less and less of it is reckoned with. */
const besideMs = 120_000;
/** Deliveries that a visit may bring beside each other. */
const abreast = 2;
/** How long a visit waits for its next delivery. */
const pauseMs = 10_000;

export function createPacing(options: PacingOptions = usualPacing): Pacing {
  const meter = createVisitMeter(options.assumedVisitMs);
  const calendar = createCalendar({
    share: (aheadMs) => options.backlogShare * (1 - meter.besideShare() * Math.max(0, 1 - aheadMs / besideMs)),
    costMs: meter.perVisit,
  });
  /** `inVain`: how often it came at its time and found no room. */
  const appointments = new Map<string, { when: number; inVain: number }>();
  /** Deliveries that have no place yet (`left`), that have one and did not come (`open`), that came and were not answered. */
  const visits = new Map<string, { left: number; open: number; underWay: number; goesOnUntil: number }>();
  const lively = new Map<string, { tokens: number; at: number }>();
  const doorway: (() => void)[] = [];
  let working = 0;

  function book(terminal: string, at: number, inVain = 0): number {
    const when = calendar.book(at);
    remember(appointments, terminal, { when, inVain }, options.terminals);
    return Math.ceil(when - at);
  }

  /** Of one that knocks again before its time nothing changes. */
  function waitFor(terminal: string, at: number): number {
    const known = appointments.get(terminal);
    if (known === undefined) return book(terminal, at);
    return known.when > at ? Math.ceil(known.when - at) : book(terminal, at, known.inVain + 1);
  }

  /** Of a terminal with two under way, the first answer books it and the second says the same. */
  function nextVisit(terminal: string, at: number): number {
    const known = appointments.get(terminal);
    return known === undefined || at > known.when + lateMs ? book(terminal, at) : Math.max(0, Math.ceil(known.when - at));
  }

  function isOnVisit(terminal: string, at: number): boolean {
    const visit = visits.get(terminal);
    return visit !== undefined && visit.open > 0 && at <= visit.goesOnUntil;
  }

  /** Who has begun, or came in vain before, finds more of the doorway: else the unlucky would be sent to the end again and again. */
  function isDoorwayFull(terminal: string, at: number): boolean {
    const isFirst = isOnVisit(terminal, at) || (appointments.get(terminal)?.inVain ?? 0) >= oftenInVain;
    return doorway.length >= options.doorway * (isFirst ? 2 : 1);
  }

  function hasAppointment(terminal: string, at: number): boolean {
    const when = appointments.get(terminal)?.when;
    if (when === undefined) return false;
    // Early, and nothing to do: better now than later.
    return (at >= when - earlyMs && at <= when + lateMs) || working === 0;
  }

  /** Whether it is its turn; takes it. */
  function takeTurn(terminal: string, at: number): boolean {
    const visit = visits.get(terminal);
    if (visit !== undefined && isOnVisit(terminal, at)) {
      visit.open--;
      visit.underWay++;
      return true;
    }
    if (!hasAppointment(terminal, at) && !calendar.takeNow(at)) return false;
    appointments.delete(terminal);
    // One more may be on its way already: a terminal that has two under way goes on with two.
    const left = options.deliveriesPerVisit - abreast;
    remember(visits, terminal, { left, open: abreast - 1, underWay: 1, goesOnUntil: at + pauseMs }, options.terminals);
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

  function admitBacklog({ terminal, at, letIn }: Arrival): ReturnType<Pacing['arrive']> {
    const isFull = working >= options.workingAtMost;
    if (isFull && (letIn === undefined || isDoorwayFull(terminal, at))) return { inMs: waitFor(terminal, at) };
    if (!takeTurn(terminal, at)) return { inMs: waitFor(terminal, at) };
    if (!isFull || letIn === undefined) return { permit: permit('backlog') };
    const stands = () => letIn(permit('backlog', { hasRoom: true }));
    doorway.push(stands);
    return { leave: () => void (doorway.includes(stands) && doorway.splice(doorway.indexOf(stands), 1)) };
  }

  /** `hasRoom`: it was let in from the doorway, and its place is kept until its body is here. */
  function permit(kind: Arrival['kind'], { hasRoom = false } = {}): Permit {
    let state: 'coming' | 'working' | 'gone' = 'coming';
    let takesRoom = hasRoom;
    if (hasRoom) working++;
    return {
      kind,
      begin(at) {
        if (state !== 'coming') return;
        state = 'working';
        if (kind === 'backlog' && !takesRoom) working++;
        takesRoom = kind === 'backlog';
        meter.begin(at);
      },
      end(at) {
        if (state === 'working') meter.end(at);
        if (state === 'working' && kind === 'live') meter.countBeside(at);
        state = 'gone';
        if (!takesRoom) return;
        takesRoom = false;
        working--;
        if (working < options.workingAtMost) doorway.shift()?.();
      },
    };
  }

  return {
    goOn(terminal, at) {
      const visit = visits.get(terminal);
      if (visit === undefined) return book(terminal, at);
      visit.underWay = Math.max(0, visit.underWay - 1);
      const more = Math.max(0, Math.min(visit.left, abreast - visit.open - visit.underWay));
      visit.left -= more;
      visit.open += more;
      if (visit.open === 0) return nextVisit(terminal, at);
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
      if (isOnVisit(terminal, at)) return null;
      if (appointments.has(terminal) || !calendar.takeNow(at)) return waitFor(terminal, at);
      remember(appointments, terminal, { when: at, inVain: 0 }, options.terminals);
      return null;
    },
    arrive(arrival) {
      if (arrival.kind === 'live' && isLive(arrival.terminal, arrival.at)) return { permit: permit('live') };
      return admitBacklog(arrival);
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
