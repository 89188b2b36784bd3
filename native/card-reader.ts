import type { CardMessage, CardState } from '../contract/card.ts';
import { type Result, unreachable } from '../contract/result.ts';
import { type ReadingEnd, type ReadingStep, readCard } from './card-reading.ts';
import type { Clock } from './clock.ts';
import type { Root } from './eid/roots.ts';
import type { Library } from './pkcs11/library.ts';
import type { CardSession } from './pkcs11/session.ts';
import { type Sight, watchSlots } from './slot-watch.ts';

export type LoadedModule = { library: Library; path: string };
export type LoadRefusal = { reason: 'module_missing' | 'module_failed'; detail: string };

export type CardReaderParts = {
  loadModule(): Result<LoadedModule, LoadRefusal>;
  roots: readonly Root[];
  clock: Clock;
  pollMs: number;
  tell(message: CardMessage): void;
};

export type CardReader = {
  /** Drops and overwrites all that was read. The card that is in is only watched, until `read` or another insertion. */
  forget(): void;
  /** Reads the card that is in as a new insertion, or says again that there is none. */
  read(): void;
  /** Gives back session and library. */
  stop(): void;
};

/** The card whose session is open: being read, or kept so that its removal is noticed. */
type Held = { session: CardSession; insertion: number; reading: Generator<ReadingStep, ReadingEnd> | null; faults: number };

const loadAgainMs = 3000;
const faultsBeforeDropping = 3;

/**
 * Watches the readers, reads each eID that comes in, and tells every change of state as soon as it is known. One turn at
 * a time: the next is planned when a turn ends, so turns never overlap however long the library blocks.
 */
export function createCardReader({ loadModule, roots, clock, pollMs, tell }: CardReaderParts): CardReader {
  let library: Library | null = null;
  let look: () => Sight = () => ({ kind: 'unsure' });
  let held: Held | null = null;
  let insertions = 0;
  let told = '';
  let inTurn = false;
  const afterTurn: (() => void)[] = [];
  let cancelTurn = () => {};

  const log = (event: string, detail: string) => tell({ tell: 'log', event, detail: detail.slice(0, 200) });

  function plan(ms: number): void {
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

  /**
   * The session stays: it alone can tell this card from the next person's, put in its place before the next poll. What the
   * library itself remembers of the card goes with the card, or with the session at `read`.
   */
  function forget(): void {
    if (held === null) return;
    held.reading?.return('gone');
    held.reading = null;
  }

  function readAgain(): void {
    letGo();
    told = '';
    cancelTurn();
    plan(0);
  }

  /** Returns the milliseconds until the next turn. */
  function takeTurn(): number {
    if (library === null && !load()) return loadAgainMs;
    if (held !== null) {
      const next = held.reading === null ? keepWatch(held) : readOn(held, held.reading);
      if (next !== 'let_go') return next;
    }
    return lookForCard();
  }

  function load(): boolean {
    const loaded = loadModule();
    if (!loaded.ok) {
      if (tellState({ state: 'needs_attention', reason: loaded.error.reason })) log(loaded.error.reason, loaded.error.detail);
      return false;
    }
    library = loaded.value.library;
    look = watchSlots({ library, clock, log });
    tell({ tell: 'module', path: loaded.value.path, description: library.description });
    return true;
  }

  function lookForCard(): number {
    const sight = look();
    switch (sight.kind) {
      case 'card':
        return takeCard(sight.session, sight.since);
      case 'no_reader':
      case 'empty':
        tellState({ state: sight.kind });
        return pollMs;
      case 'foreign':
        tellCardState('not_an_eid');
        return pollMs;
      case 'mute':
        tellCardState('upside_down_or_dirty');
        return pollMs;
      case 'unsure':
        return pollMs;
      case 'lost':
        library = null;
        tellState({ state: 'needs_attention', reason: 'module_failed' });
        return loadAgainMs;
      default:
        return unreachable(sight);
    }
  }

  function takeCard(session: CardSession, since: number): number {
    insertions += 1;
    tellState({ state: 'reading', insertion: insertions });
    const reading = readCard({ session, insertion: insertions, since, roots, clock, log });
    held = { session, insertion: insertions, reading, faults: 0 };
    return 0;
  }

  function readOn(card: Held, reading: Generator<ReadingStep, ReadingEnd>): number | 'let_go' {
    const step = reading.next();
    if (!step.done) {
      if ('state' in step.value) tellState(step.value.state);
      return 'pause' in step.value && step.value.pause ? pollMs : 0;
    }
    card.reading = null;
    if (step.value === 'gone') return letGo();
    if (step.value === 'unreadable') tellState({ state: 'upside_down_or_dirty', insertion: card.insertion });
    return pollMs;
  }

  function keepWatch(card: Held): number | 'let_go' {
    const still = card.session.checkPresence();
    if (still.ok) {
      card.faults = 0;
      return pollMs;
    }
    card.faults += 1;
    return still.error.fault === 'gone' || card.faults >= faultsBeforeDropping ? letGo() : pollMs;
  }

  function letGo(): 'let_go' {
    held?.reading?.return('gone');
    held?.session.close();
    held = null;
    return 'let_go';
  }

  /** For a card that is not read: a new insertion unless the same thing was said just before. */
  function tellCardState(state: 'not_an_eid' | 'upside_down_or_dirty'): void {
    if (told === `${state} ${insertions}`) return;
    insertions += 1;
    tellState({ state, insertion: insertions });
  }

  /** Says a state once; the steps of a card being read each differ. Only names are remembered, never what was read. */
  function tellState(state: CardState): boolean {
    const name =
      'insertion' in state ? `${state.state} ${state.insertion}` : state.state === 'needs_attention' ? state.reason : state.state;
    if (name === told && state.state !== 'identity') return false;
    told = name;
    tell({ tell: 'state', state });
    return true;
  }

  plan(0);
  return {
    forget: () => betweenTurns(forget),
    read: () => betweenTurns(readAgain),
    stop() {
      cancelTurn();
      letGo();
      library?.finish();
      library = null;
    },
  };
}
