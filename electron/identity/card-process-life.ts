import type { CardRequest, CardState } from '../../contract/card.ts';
import type { Log } from '../log.ts';

/** The part of Electron's UtilityProcess that is used: a test brings another one. */
export type CardProcess = {
  postMessage(message: CardRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
  /** For one that does not go: no signal handler of its own can stop this. */
  killNow(): void;
};

/** Why main ends a process: it is of no use any more, or it holds on to something of a visit that is over. */
export type EndReason = 'silent' | 'read' | `overdue_${string}` | 'pin_left' | 'card_left';

export type ProcessLife = {
  launch(): void;
  /** False when there is no process, or one that is being ended. */
  post(message: CardRequest): boolean;
  isUp(): boolean;
  /** How many processes there have been, this one included. */
  generation(): number;
  end(why: EndReason): void;
  /** No other one follows. Resolves when the process has gone, or when not even the operating system ends it. */
  stop(): Promise<void>;
};

export type ProcessLifeParts = {
  fork: () => CardProcess;
  log: Log;
  /** What a process is told first. */
  greeting: () => CardRequest;
  onMessage: (message: unknown) => void;
  /** Up, ending or gone: deadlines depend on it. */
  onChange: () => void;
  /** Nothing will be answered any more. True: a PIN was in play, so the card may be logged in. */
  onLost: () => boolean;
  onState: (state: CardState) => void;
};

const restartMs = 300;
/** Somebody may stand there with a good card: two seconds are what they wait. After that many, staff have long been called. */
const restartCapMs = 1_200;
const rareAfter = 20;
const rareMs = 5_000;
/**
 * A PIN's state is the card's, and outlives the process that gave it until pcscd powers the card down, a second after the
 * last connection (measured). The next process must not find the card logged in.
 */
const powerDownMs = 1_500;
const lastChanceMs = 1_000;
/** Not even the operating system ends a process that waits in the kernel for a dead reader. */
const undeadMs = 5_000;
const manyFailures = 5;
/** A module that crashes a moment after it said that a reader is empty has not begun to work: only time says so. */
const soundAfterMs = 60_000;

/** One process at a time: a new one begins with nothing of the old one, when that one has ended and not before. */
export function createProcessLife(parts: ProcessLifeParts): ProcessLife {
  const { log, onState } = parts;
  let child: CardProcess | null = null;
  let ending: EndReason | 'stop' | null = null;
  let generation = 0;
  let failures = 0;
  let pinInPlay = false;
  /** Not even SIGKILL ended it. */
  let undead = false;
  let stopped = false;
  let sound: NodeJS.Timeout | undefined;
  let killing: NodeJS.Timeout | undefined;
  let restart: NodeJS.Timeout | undefined;
  const waitingForEnd: (() => void)[] = [];

  function launch(): void {
    if (stopped) return;
    generation += 1;
    ending = null;
    pinInPlay = false;
    undead = false;
    const mine = generation;
    const born = parts.fork();
    child = born;
    born.onMessage((message) => mine === generation && ending === null && parts.onMessage(message));
    born.onExit(() => mine === generation && child === born && bury());
    sound = setTimeout(() => {
      failures = 0;
    }, soundAfterMs);
    born.postMessage(parts.greeting());
    parts.onChange();
  }

  function end(why: EndReason | 'stop'): void {
    if (child === null || ending !== null) return;
    ending = why;
    const going = child;
    clearTimeout(sound);
    parts.onChange();
    going.kill();
    if (child !== going) return;
    killing = setTimeout(() => {
      killing = setTimeout(giveUp, undeadMs);
      going.killNow();
    }, lastChanceMs);
  }

  /** There is still a process, and it will say nothing more: whoever waits for it waits for nothing. */
  function giveUp(): void {
    undead = true;
    pinInPlay = parts.onLost() || pinInPlay;
    if (!stopped) onState({ state: 'needs_attention', reason: 'process_failed' });
    settleEnd();
  }

  function bury(): void {
    child = null;
    clearTimeout(killing);
    clearTimeout(sound);
    parts.onChange();
    if (stopped) {
      parts.onLost();
      settleEnd();
      return;
    }
    if (ending !== 'pin_left' && ending !== 'card_left') failures += 1;
    log('card_process_ended', { failures });
    onState(failures >= manyFailures ? { state: 'needs_attention', reason: 'process_failed' } : { state: 'restarting' });
    pinInPlay = parts.onLost() || pinInPlay;
    const backOff = failures < rareAfter ? Math.min(restartCapMs, restartMs * Math.max(1, failures)) : rareMs;
    restart = setTimeout(launch, pinInPlay ? Math.max(powerDownMs, backOff) : backOff);
  }

  function settleEnd(): void {
    for (const resolve of waitingForEnd.splice(0)) resolve();
  }

  return {
    launch,
    post(message) {
      if (child === null || ending !== null) return false;
      child.postMessage(message);
      return true;
    },
    isUp: () => child !== null && ending === null,
    generation: () => generation,
    end(why) {
      if (child !== null && ending === null) log('card_process_silent', { why });
      end(why);
    },
    stop() {
      stopped = true;
      clearTimeout(restart);
      if (child === null || undead) return Promise.resolve();
      return new Promise((resolve) => {
        waitingForEnd.push(resolve);
        end('stop');
      });
    },
  };
}
