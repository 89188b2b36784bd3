import { Secret, TOTP } from 'otpauth';
import type { Clock } from '../clock.ts';
import { type Remembered, readRemembered, writeRemembered } from './sign-in-file.ts';

/** An operator's one-time codes (RFC 6238): six digits of 30 s, one step before and after, each step good once. */
export type SignIn = {
  /** `waiting`: not looked at, since there were too many wrong ones. */
  attempt(code: string, secret: string): 'right' | 'wrong' | 'waiting';
  /** Whole seconds until the next attempt is looked at; 0: now. */
  waitSeconds(): number;
  /** What the last contact said of this clock: a code is then also looked for at the middleware's time. */
  noteOffset(seconds: number | null): void;
  /** This terminal was enrolled anew: who had the code for that may sign in. */
  forgive(): void;
};

const period = 30;
const digits = 6;
const freeTries = 5;
const firstWaitMs = 30_000;
const longestWaitMs = 900_000;
/** A clock is only ever so far off in whole; a second here and there is the line's. */
const offsetStep = 15;

/** 30 s after the fifth wrong code, and twice as long after each further one. */
function waitAfter(wrong: number): number {
  return wrong < freeTries ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(wrong - freeTries, 20));
}

/** `file`: written before a code is looked at, so that a plug that is pulled counts as a wrong one. */
export function createSignIn({ file, clock }: { file: string; clock: Clock }): SignIn {
  // One that cannot be read may have been a long row of guesses.
  let remembered = readRemembered(file) ?? { wrong: freeTries, lastStep: 0, clockOffset: null };
  // By the clock that cannot be set: a restart begins the wait anew and never shortens it.
  let waitUntil = clock.ticks() + waitAfter(remembered.wrong);

  function remember(change: Partial<Remembered>): boolean {
    remembered = { ...remembered, ...change };
    return writeRemembered(file, remembered);
  }

  const waitSeconds = (): number => Math.max(0, Math.ceil((waitUntil - clock.ticks()) / 1000));

  return {
    waitSeconds,
    attempt(code, secret) {
      if (waitSeconds() > 0) return 'waiting';
      // A disk that takes nothing would let every restart guess anew: each guess then waits.
      const wrong = remembered.wrong + 1;
      if (!remember({ wrong })) remember({ wrong: Math.max(wrong, freeTries) });
      const step = findStep(code, secret, timesOf(clock.wall(), remembered.clockOffset));
      if (step === null || step <= remembered.lastStep) {
        waitUntil = clock.ticks() + waitAfter(remembered.wrong);
        return 'wrong';
      }
      remember({ wrong: 0, lastStep: step });
      return 'right';
    },
    noteOffset(seconds) {
      if (seconds === null || Math.abs(seconds - (remembered.clockOffset ?? 0)) < offsetStep) return;
      remember({ clockOffset: seconds });
    },
    forgive() {
      waitUntil = clock.ticks();
      remember({ wrong: 0 });
    },
  };
}

/** This clock may be years off, or may have been set right since the last contact: both times count. */
function timesOf(now: Date, clockOffset: number | null): number[] {
  const own = now.getTime();
  return clockOffset === null ? [own] : [own, own + clockOffset * 1000];
}

function findStep(token: string, secret: string, times: readonly number[]): number | null {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits, period });
  for (const timestamp of times) {
    const delta = timestamp < 0 ? null : totp.validate({ token, timestamp, window: 1 });
    if (delta !== null) return Math.floor(timestamp / 1000 / period) + delta;
  }
  return null;
}
