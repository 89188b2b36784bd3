import { CardMessage, type CardProcessStart, type CardRequest, type CardState } from '../../contract/card.ts';
import type { Log } from '../log.ts';

/** The part of Electron's UtilityProcess that is used: a test brings another one. */
export type CardProcess = {
  postMessage(message: CardRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
};

export type CardSupervisor = {
  start(): void;
  forget(): void;
  readAgain(): void;
  /** Path and self-description of the loaded module, or null as long as none is loaded. */
  module(): { path: string; description: string } | null;
  stop(): void;
};

export type CardSupervisorParts = {
  fork: () => CardProcess;
  start: CardProcessStart;
  log: Log;
  onState: (state: CardState) => void;
};

/** A whole read takes up to 5 s on the slowest card: one that is not done after this never will be. */
const longestReadMs = 15_000;
/** No call to a card takes as long as this; the process says that it is alive every two seconds otherwise. */
const longestSilenceMs = 10_000;
const restartMs = 300;
const restartCapMs = 5_000;
const manyFailures = 5;
/** Room for the insertions that one process can count, so that numbers of two processes never meet. */
const insertionsPerProcess = 1_000_000;

/**
 * Keeps one card process alive. Vendor modules block, hang and crash: main never waits for them, and a new process
 * begins with nothing of the old one. States of a process that is gone are not heard.
 */
export function createCardSupervisor({ fork, start, log, onState }: CardSupervisorParts): CardSupervisor {
  let child: CardProcess | null = null;
  let generation = 0;
  let failures = 0;
  let module: { path: string; description: string } | null = null;
  let restart: NodeJS.Timeout | undefined;
  let readDeadline: NodeJS.Timeout | undefined;
  let silenceDeadline: NodeJS.Timeout | undefined;
  let stopped = false;

  function launch(): void {
    if (stopped) return;
    generation += 1;
    const mine = generation;
    const born = fork();
    child = born;
    born.onMessage((message) => mine === generation && hear(message));
    born.onExit(() => mine === generation && bury());
    born.postMessage({ ask: 'start', start });
    expectNews();
  }

  /** Armed as long as there is a process: one that hangs between visits would leave the next person without a reader. */
  function expectNews(): void {
    clearTimeout(silenceDeadline);
    silenceDeadline = setTimeout(endProcess, longestSilenceMs);
  }

  function hear(message: unknown): void {
    expectNews();
    const parsed = CardMessage.safeParse(message);
    if (!parsed.success) {
      log('card_event', { name: 'bad_message' });
      return;
    }
    const { data } = parsed;
    if (data.tell === 'module') {
      module = { path: data.path, description: data.description };
      log('card_module', { description: data.description });
    } else if (data.tell === 'alive') return;
    else if (data.tell === 'log') log('card_event', { name: data.event, detail: data.detail });
    else pass(data.state);
  }

  function pass(state: CardState): void {
    clearTimeout(readDeadline);
    if (state.state === 'reading' || state.state === 'identity') readDeadline = setTimeout(endProcess, longestReadMs);
    else failures = 0;
    onState('insertion' in state ? { ...state, insertion: state.insertion + (generation - 1) * insertionsPerProcess } : state);
  }

  function endProcess(): void {
    log('card_process_silent');
    child?.kill();
  }

  function bury(): void {
    clearTimeout(readDeadline);
    clearTimeout(silenceDeadline);
    child = null;
    if (stopped) return;
    failures += 1;
    log('card_process_ended', { failures });
    onState(failures >= manyFailures ? { state: 'needs_attention', reason: 'process_failed' } : { state: 'restarting' });
    restart = setTimeout(launch, Math.min(restartCapMs, restartMs * failures));
  }

  return {
    start: launch,
    forget() {
      clearTimeout(readDeadline);
      child?.postMessage({ ask: 'forget' });
    },
    readAgain() {
      child?.postMessage({ ask: 'read' });
    },
    module: () => module,
    stop() {
      stopped = true;
      clearTimeout(readDeadline);
      clearTimeout(silenceDeadline);
      clearTimeout(restart);
      child?.kill();
    },
  };
}
