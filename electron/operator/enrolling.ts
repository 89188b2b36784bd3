import type { OperatorView } from '../../contract/operator.ts';
import type { Log } from '../log.ts';
import type { TerminalIdentity } from '../terminal/identity/identity.ts';
import type { IdentityRegistry } from '../terminal/identity/registry.ts';

export type Enrolment = Pick<Extract<OperatorView['page'], { page: 'enrol' }>, 'state' | 'problem'>;

export type Enrolling = {
  state(): Enrolment;
  take(code: string): Promise<void>;
  /** The page is gone: what was done goes on at once, what failed was seen. */
  leave(): void;
  /** The app ends: it is there at the next start, and nothing is started for it now. */
  stop(): void;
};

export type EnrollingParts = {
  registry: Pick<IdentityRegistry, 'enrol'>;
  log: Log;
  isShown(): boolean;
  publish(): void;
  onAccepted(): void;
  /** When that was read. */
  onEnrolled(identity: TerminalIdentity): void;
};

/** To read that it worked. */
const readMs = 8_000;
const notAsked: Enrolment = { state: 'asking', problem: null };

/** A code that an operator typed, on its way to the middleware and back. */
export function createEnrolling({ registry, log, isShown, publish, onAccepted, onEnrolled }: EnrollingParts): Enrolling {
  let enrolment = notAsked;
  let goOn: (() => void) | null = null;
  let restart: NodeJS.Timeout | undefined;

  /** Not before it was read, or nobody is there to read it. */
  function end(): void {
    clearTimeout(restart);
    const now = goOn;
    goOn = null;
    now?.();
  }

  return {
    state: () => enrolment,
    async take(code) {
      if (enrolment.state !== 'asking') return;
      enrolment = { state: 'working', problem: null };
      publish();
      const enrolled = await registry.enrol(code);
      log(enrolled.ok ? 'enrolled' : 'enrol_refused', enrolled.ok ? {} : { problem: enrolled.error });
      enrolment = enrolled.ok ? { state: 'done', problem: null } : { state: 'asking', problem: enrolled.error };
      publish();
      if (!enrolled.ok) return;
      onAccepted();
      goOn = () => onEnrolled(enrolled.value);
      if (isShown()) restart = setTimeout(end, readMs);
      else end();
    },
    leave() {
      // What ended unseen is shown to whoever signs in next; what was seen is not shown twice.
      if (enrolment.state === 'asking') enrolment = notAsked;
      end();
    },
    stop() {
      goOn = null;
    },
  };
}
