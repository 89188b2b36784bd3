import type { CardAnswer, CardMessage, LeftCard } from '../contract/card.ts';
import { type Result, unreachable } from '../contract/result.ts';
import type { Clock } from './clock.ts';
import type { Root } from './eid/roots.ts';
import { type HeldCard, holdCard } from './held-card.ts';
import { rememberLeftCard } from './left-card.ts';
import type { Library } from './pkcs11/library.ts';
import type { CardSession } from './pkcs11/session.ts';
import { problem } from './questions/answer.ts';
import type { Question } from './questions/answer-question.ts';
import { type Sight, watchSlots } from './slot-watch.ts';
import { createStateTeller } from './tell-states.ts';

export type LoadedModule = { library: Library; path: string };
export type LoadRefusal = { reason: 'module_missing' | 'module_failed' | 'module_refused'; detail: string };

export type CardReaderParts = {
  loadModule(): Result<LoadedModule, LoadRefusal>;
  roots: readonly Root[];
  clock: Clock;
  pollMs: number;
  allowDialog: boolean;
  /** The card that was in when a process before this one ended, if its visit is over. */
  left: LeftCard | null;
  tell(message: CardMessage): void;
  /** Its memory is not to be trusted any more: whoever started it starts another. */
  endProcess(): void;
};

export type CardReader = {
  /** Drops and overwrites all that was read. The card that is in is only watched, until `read` or another card. */
  forget(insertion: number): void;
  /** Reads the card that is in as a new insertion, or says again that there is none. */
  read(): void;
  /** Answers a question about the card of one insertion, once. */
  ask(question: Question): void;
  /** Gives back session and library. */
  stop(): void;
};

const loadAgainMs: Record<LoadRefusal['reason'], number> = {
  module_missing: 3000,
  module_failed: 3000,
  // It must be unloaded again each time.
  module_refused: 60_000,
};

/**
 * Watches the readers, reads each eID that comes in, answers what is asked about it, and tells every change of state as
 * soon as it is known. One turn at a time: the next is planned when a turn ends, so turns never overlap however long the
 * library blocks. While a card is held no other reader is looked at: nothing there could change what is shown, a look at
 * a foreign card costs 230 ms, and a list of readers that is asked for and has changed breaks the session.
 */
export function createCardReader({ loadModule, roots, clock, pollMs, allowDialog, left, tell, endProcess }: CardReaderParts): CardReader {
  let library: Library | null = null;
  let look: () => Sight = () => ({ kind: 'unsure' });
  let held: HeldCard | null = null;
  let inTurn = false;
  let isOver = false;
  const afterTurn: (() => void)[] = [];
  let cancelTurn = () => {};
  const states = createStateTeller(tell);
  const leftCard = rememberLeftCard(left);

  const log = (event: string, detail: string) => tell({ tell: 'log', event, detail: detail.slice(0, 200) });
  const answer = (id: string, given: CardAnswer) => tell({ tell: 'answer', id, answer: given });

  function plan(ms: number): void {
    if (isOver) return;
    cancelTurn = clock.after(ms, () => {
      inTurn = true;
      const next = takeTurn();
      inTurn = false;
      plan(next);
      for (const request of afterTurn.splice(0)) request();
    });
  }

  /** Asked from within `tell`, a request waits for the turn's end: a reading cannot be ended in the middle of a step. */
  function betweenTurns(request: () => void): void {
    if (inTurn) afterTurn.push(request);
    else request();
  }

  function hurry(): void {
    cancelTurn();
    plan(0);
  }

  function forget(insertion: number): void {
    leftCard.forget(insertion, () => held?.serial() ?? null);
    if (held !== null && held.insertion <= insertion) held.forget();
  }

  function readAgain(): void {
    letGo();
    leftCard.clear();
    states.sayAgain();
    hurry();
  }

  function ask(question: Question): void {
    if (held?.insertion === question.insertion) held.ask(question);
    else answer(question.id, problem('card_gone'));
    hurry();
  }

  /** Returns the milliseconds until the next turn. */
  function takeTurn(): number {
    if (library === null) {
      const wait = load();
      if (wait !== null) return wait;
    }
    if (held !== null) {
      const turn = held.takeTurn();
      if (turn !== 'gone') return turn.again;
      letGo();
    }
    return lookForCard();
  }

  /** Null: loaded. */
  function load(): number | null {
    const loaded = loadModule();
    if (!loaded.ok) {
      const { reason, detail } = loaded.error;
      if (states.tell({ state: 'needs_attention', reason })) log(reason, detail);
      return loadAgainMs[reason];
    }
    library = loaded.value.library;
    look = watchSlots({ library, clock, log });
    tell({ tell: 'module', path: loaded.value.path, description: library.description });
    return null;
  }

  function lookForCard(): number {
    const sight = look();
    switch (sight.kind) {
      case 'card':
        takeCard(sight.session, sight.since);
        return 0;
      case 'empty':
        leftCard.clear();
        states.tell({ state: 'empty' });
        return pollMs;
      case 'no_reader':
        // A reader that is plugged in again may bring its card along.
        states.tell({ state: 'no_reader' });
        return pollMs;
      case 'foreign':
        states.tellUnread('not_an_eid');
        return pollMs;
      case 'mute':
        states.tellUnread('upside_down_or_dirty');
        return pollMs;
      case 'unsure':
        return pollMs;
      case 'too_many':
        // The library has already written past its table (P:cal.cpp cal_init_slots): no call to it is safe, not even its end.
        library = null;
        isOver = true;
        log('too_many_readers', 'process_ends');
        states.tell({ state: 'needs_attention', reason: 'module_failed' });
        endProcess();
        return 0;
      case 'lost':
        library = null;
        states.tell({ state: 'needs_attention', reason: 'module_failed' });
        return loadAgainMs.module_failed;
      default:
        return unreachable(sight);
    }
  }

  function takeCard(session: CardSession, since: number): void {
    const likeness = leftCard.likeness(session);
    const insertion = states.nextInsertion();
    const tellSerial = (serial: string) => {
      leftCard.known(serial);
      tell({ tell: 'serial', insertion, serial });
    };
    held = holdCard({ session, insertion, since, roots, clock, pollMs, allowDialog, log, tellState: states.tell, tellSerial, answer });
    if (likeness === 'another') {
      // No look saw the reader empty, and yet it was: the card that was left in is not this one.
      if (leftCard.isThere()) states.tell({ state: 'empty' });
      leftCard.clear();
      leftCard.found(insertion);
      states.tell({ state: 'reading', insertion });
    } else {
      leftCard.found(insertion);
      held.forget();
      states.tell({ state: 'left_in', insertion, sure: likeness === 'left' });
    }
  }

  function letGo(): void {
    held?.close();
    held = null;
  }

  plan(0);
  return {
    forget: (insertion) => betweenTurns(() => forget(insertion)),
    read: () => betweenTurns(readAgain),
    ask: (question) => betweenTurns(() => ask(question)),
    stop() {
      cancelTurn();
      letGo();
      library?.finish();
      library = null;
    },
  };
}
