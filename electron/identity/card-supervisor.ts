import { type CardAnswer, CardMessage, type CardProcessStart, type CardState, type KeyUse } from '../../contract/card.ts';
import { unreachable } from '../../contract/result.ts';
import type { Log } from '../log.ts';
import { watchCardInside } from './card-inside.ts';
import { type CardProcess, createProcessLife } from './card-process-life.ts';
import { watchProcess } from './process-watch.ts';
import { createQuestionLine, type Question, waitsForPerson } from './question-line.ts';

export type { CardProcess } from './card-process-life.ts';

export type CardSupervisor = {
  start(): void;
  /** A visit ended: nothing of its card is kept, and none of its questions is answered any more. */
  forget(): void;
  readAgain(): void;
  /** These settle always and never reject. `insertion` as main knows it: one that is over is `card_gone`. */
  prepare(insertion: number, use: KeyUse): Promise<CardAnswer>;
  signIn(insertion: number, challenge: { origin: string; nonce: string; pin: string | null }): Promise<CardAnswer>;
  /** `digest`: base64. The signature that comes back is not verified yet. */
  sign(insertion: number, document: { digest: string; way: 'pinpad' | 'dialog' }): Promise<CardAnswer>;
  /** For one transaction: the chip's answer fits no other. */
  proveChip(insertion: number, txId: string): Promise<CardAnswer>;
  /** Path and self-description of the loaded module, or null as long as none is loaded. */
  module(): { path: string; description: string } | null;
  /** Resolves when the process is gone, or after some seconds when nothing ends it. */
  stop(): Promise<void>;
};

export type CardSupervisorParts = {
  fork: () => CardProcess;
  start: CardProcessStart;
  log: Log;
  onState: (state: CardState) => void;
};

/** Room for the insertions that one process can count, so that numbers of two processes never meet. */
const insertionsPerProcess = 1_000_000;

/**
 * Keeps one card process alive. Vendor modules block, hang and crash: main never waits for them. States of a process that
 * is gone are not heard.
 */
export function createCardSupervisor({ fork, start, log, onState }: CardSupervisorParts): CardSupervisor {
  let reading: number | null = null;
  let module: { path: string; description: string } | null = null;
  const inside = watchCardInside();
  const questions = createQuestionLine({ send, onOverdue: (question) => life.end(`overdue_${question.ask}`) });
  const watch = watchProcess((why) => life.end(why));
  const life = createProcessLife({
    fork,
    log,
    onState,
    greeting() {
      reading = null;
      const left = inside.begin();
      return { ask: 'start', start, ...(left !== null && { left }) };
    },
    onMessage: hear,
    onChange: look,
    onLost: questions.lose,
  });
  const offset = () => (life.generation() - 1) * insertionsPerProcess;

  function look(): void {
    watch.look({ watched: life.isUp() && questions.current() === null, reading });
  }

  function hear(message: unknown): void {
    watch.heard();
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
        look();
        return;
      case 'state':
        pass(data.state);
        return;
      case 'serial':
        inside.known(data.insertion, data.serial);
        return;
      default:
        unreachable(data);
    }
  }

  function pass(state: CardState): void {
    reading = state.state === 'reading' || state.state === 'identity' ? state.insertion : null;
    look();
    inside.note(state);
    onState('insertion' in state ? { ...state, insertion: state.insertion + offset() } : state);
  }

  function send(question: Question): boolean {
    const insertion = question.insertion - offset();
    if (insertion < 1 || insertion > insertionsPerProcess || !life.post({ ...question, insertion })) return false;
    look();
    return true;
  }

  /** A pinpad or dialog that still waits for a PIN would take the next person's, and keeps the reader from their card. */
  function dropQuestions(): void {
    questions.drop();
    const current = questions.current();
    if (current && waitsForPerson(current)) life.end('pin_left');
  }

  return {
    start: life.launch,
    forget() {
      dropQuestions();
      reading = null;
      look();
      const { newest, unknownToProcess } = inside.visitEnds();
      if (unknownToProcess) life.end('card_left');
      life.post({ ask: 'forget', insertion: newest });
    },
    readAgain() {
      dropQuestions();
      inside.readAgain();
      life.post({ ask: 'read' });
    },
    prepare: (insertion, use) => questions.ask({ ask: 'prepare', insertion, use }),
    signIn: (insertion, challenge) => questions.ask({ ask: 'sign_in', insertion, ...challenge }),
    sign: (insertion, document) => questions.ask({ ask: 'sign', insertion, ...document }),
    proveChip: (insertion, txId) => questions.ask({ ask: 'prove_chip', insertion, txId }),
    module: () => module,
    stop() {
      questions.drop();
      return life.stop();
    },
  };
}
