import { type CardAnswer, CardMessage, type CardProcessStart, type CardRequest, type CardState, type KeyUse } from '../../contract/card.ts';
import { unreachable } from '../../contract/result.ts';
import type { Log } from '../log.ts';
import { createQuestionLine, type Question, waitsForPerson } from './question-line.ts';

/** The part of Electron's UtilityProcess that is used: a test brings another one. */
export type CardProcess = {
  postMessage(message: CardRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
  /** For one that does not go: no signal handler of its own can stop this. */
  killNow(): void;
};

export type CardSupervisor = {
  start(): void;
  /** A visit ended: nothing of its card is kept, and none of its questions is answered any more. */
  forget(): void;
  readAgain(): void;
  /** These settle always and never reject. `insertion` as main knows it: one that is over is `card_gone`. */
  prepare(insertion: number, use: KeyUse): Promise<CardAnswer>;
  signIn(insertion: number, challenge: { origin: string; nonce: string; pin: string | null }): Promise<CardAnswer>;
  /** `digest`: base64. */
  sign(insertion: number, document: { digest: string; way: 'pinpad' | 'dialog' }): Promise<CardAnswer>;
  proveChip(insertion: number): Promise<CardAnswer>;
  /** Path and self-description of the loaded module, or null as long as none is loaded. */
  module(): { path: string; description: string } | null;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
};

export type CardSupervisorParts = {
  fork: () => CardProcess;
  start: CardProcessStart;
  log: Log;
  onState: (state: CardState) => void;
};

/** A whole read takes up to 5 s on the slowest card: one that is not done after this never will be. */
const longestReadMs = 15_000;
/** No call to a card takes as long as this, unless it was asked to; the process says that it is alive every two seconds. */
const longestSilenceMs = 10_000;
const restartMs = 300;
const restartCapMs = 5_000;
/**
 * A PIN's state is the card's, and outlives the process that gave it until pcscd powers the card down, a second after the
 * last connection (measured). The next process must not find the card logged in.
 */
const powerDownMs = 1_500;
const lastChanceMs = 1_000;
/** Not even the operating system ends a process that waits in the kernel for a dead reader. */
const undeadMs = 5_000;
const manyFailures = 5;
/** Room for the insertions that one process can count, so that numbers of two processes never meet. */
const insertionsPerProcess = 1_000_000;

/**
 * Keeps one card process alive. Vendor modules block, hang and crash: main never waits for them, and a new process
 * begins with nothing of the old one, when that one has ended and not before. States of a process that is gone are not heard.
 */
export function createCardSupervisor({ fork, start, log, onState }: CardSupervisorParts): CardSupervisor {
  let child: CardProcess | null = null;
  let ending = false;
  let generation = 0;
  let failures = 0;
  let reading = false;
  /** The last insertion that this process told of: what a visit that ends has seen of it. */
  let newest = 0;
  let module: { path: string; description: string } | null = null;
  let restart: NodeJS.Timeout | undefined;
  let readDeadline: NodeJS.Timeout | undefined;
  let silenceDeadline: NodeJS.Timeout | undefined;
  let lastChance: NodeJS.Timeout | undefined;
  let stopped = false;
  let onGone = () => {};
  const questions = createQuestionLine({ send, onOverdue: (question) => endProcess(`overdue_${question.ask}`) });
  const offset = () => (generation - 1) * insertionsPerProcess;

  function launch(): void {
    if (stopped) return;
    generation += 1;
    ending = false;
    newest = 0;
    const mine = generation;
    const born = fork();
    child = born;
    born.onMessage((message) => mine === generation && !ending && hear(message));
    born.onExit(() => mine === generation && child === born && bury());
    born.postMessage({ ask: 'start', start });
    watch();
  }

  /**
   * Armed as long as there is a process: one that hangs between visits would leave the next person without a reader. A
   * question has a deadline of its own: while the library waits for a PIN it blocks the process, which says nothing then.
   */
  function watch(): void {
    clearTimeout(silenceDeadline);
    clearTimeout(readDeadline);
    if (questions.current() !== null || ending || child === null) return;
    silenceDeadline = setTimeout(() => endProcess('silent'), longestSilenceMs);
    if (reading) readDeadline = setTimeout(() => endProcess('read'), longestReadMs);
  }

  function hear(message: unknown): void {
    clearTimeout(silenceDeadline);
    if (questions.current() === null) silenceDeadline = setTimeout(() => endProcess('silent'), longestSilenceMs);
    const parsed = CardMessage.safeParse(message);
    if (!parsed.success) {
      log('card_event', { name: 'bad_message' });
      return;
    }
    const { data } = parsed;
    switch (data.tell) {
      case 'module':
        module = { path: data.path, description: data.description };
        log('card_module', { description: data.description });
        return;
      case 'alive':
        return;
      case 'log':
        log('card_event', { name: data.event, detail: data.detail });
        return;
      case 'answer':
        if (!questions.answered(data.id, data.answer)) log('card_event', { name: 'answer_to_nobody' });
        watch();
        return;
      case 'state':
        pass(data.state);
        return;
      default:
        unreachable(data);
    }
  }

  function pass(state: CardState): void {
    reading = state.state === 'reading' || state.state === 'identity';
    if (!reading) failures = 0;
    watch();
    if ('insertion' in state) newest = state.insertion;
    onState('insertion' in state ? { ...state, insertion: state.insertion + offset() } : state);
  }

  function send(question: Question): boolean {
    const insertion = question.insertion - offset();
    if (child === null || ending || insertion < 1 || insertion > insertionsPerProcess) return false;
    child.postMessage({ ...question, insertion });
    watch();
    return true;
  }

  function endProcess(why: string): void {
    if (child === null || ending) return;
    ending = true;
    watch();
    log('card_process_silent', { why });
    end(child);
  }

  function end(going: CardProcess): void {
    going.kill();
    if (child !== going) return;
    lastChance = setTimeout(() => {
      lastChance = setTimeout(() => onState({ state: 'needs_attention', reason: 'process_failed' }), undeadMs);
      going.killNow();
    }, lastChanceMs);
  }

  function bury(): void {
    child = null;
    reading = false;
    clearTimeout(lastChance);
    watch();
    onGone();
    if (stopped) {
      questions.lose();
      return;
    }
    failures += 1;
    log('card_process_ended', { failures });
    onState(failures >= manyFailures ? { state: 'needs_attention', reason: 'process_failed' } : { state: 'restarting' });
    const pinInPlay = questions.lose();
    const backOff = Math.min(restartCapMs, restartMs * failures);
    restart = setTimeout(launch, pinInPlay ? Math.max(powerDownMs, backOff) : backOff);
  }

  /** A pinpad or dialog that still waits for a PIN would take the next person's, and keeps the reader from their card. */
  function dropQuestions(): void {
    questions.drop();
    const current = questions.current();
    if (current && waitsForPerson(current)) endProcess('pin_left');
  }

  return {
    start: launch,
    forget() {
      dropQuestions();
      reading = false;
      watch();
      child?.postMessage({ ask: 'forget', insertion: newest });
    },
    readAgain() {
      dropQuestions();
      child?.postMessage({ ask: 'read' });
    },
    prepare: (insertion, use) => questions.ask({ ask: 'prepare', insertion, use }),
    signIn: (insertion, challenge) => questions.ask({ ask: 'sign_in', insertion, ...challenge }),
    sign: (insertion, document) => questions.ask({ ask: 'sign', insertion, ...document }),
    proveChip: (insertion) => questions.ask({ ask: 'prove_chip', insertion }),
    module: () => module,
    stop() {
      stopped = true;
      clearTimeout(restart);
      questions.drop();
      if (child === null) return Promise.resolve();
      ending = true;
      watch();
      const gone = new Promise<void>((resolve) => {
        onGone = resolve;
      });
      end(child);
      return gone;
    },
  };
}
