import { refuse } from '../../contract/result.ts';
import { visitOf } from './errands/errands-between.ts';
import type { KioskParts } from './kiosk-parts.ts';
import type { KioskState, VisitEvent } from './state.ts';
import { insertionOf } from './steps/card-facts.ts';

/** A look at the room that is left costs nothing. Each write wears the disk: half a gigabyte a day, if it came as often. */
const lookMs = 5_000;
const writeMs = 60_000;

export type StorageWatch = {
  /** Tries a write, so that a full or broken disk is known before somebody has typed everything. */
  probe(): KioskState['storage'];
  /** Before an event with which somebody comes: with a write. */
  meet(event: VisitEvent): void;
  start(): void;
  stop(): void;
};

type Parts = Pick<KioskParts, 'enrolled' | 'outbox' | 'recentCards' | 'card' | 'clock' | 'log'> & {
  state: () => KioskState;
  dispatch: (event: VisitEvent) => void;
};

/** Knows whether anything can be kept. Where not, nobody is let in. */
export function createStorageWatch({ enrolled, outbox, recentCards, card, clock, log, state, dispatch }: Parts): StorageWatch {
  let wroteAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function probe(): KioskState['storage'] {
    if (!enrolled) return 'not_enrolled';
    wroteAt = clock.ticks();
    const tried = outbox ? outbox.probe() : refuse('storage_failed' as const);
    return tried.ok ? 'ok' : tried.error;
  }

  /** Without a write where the last one is recent and nothing has changed since. */
  function look(): KioskState['storage'] {
    const looked = outbox?.look();
    if (looked && !looked.ok) return looked.error;
    return state().storage === 'ok' && clock.ticks() - wroteAt < writeMs ? 'ok' : probe();
  }

  function note(storage: KioskState['storage']): void {
    if (storage === state().storage) return;
    log(storage === 'ok' ? 'storage_back' : 'storage_failed', { where: 'probe', storage });
    dispatch({ type: 'storage', state: storage });
    const { reader, spent } = state();
    // Nobody was let in with it: what was seen of it is old, and another may lie there.
    if (storage === 'ok' && insertionOf(reader) !== null && spent === null) card.readAgain();
  }

  function lookAtRest(): void {
    if (visitOf(state())) return;
    recentCards.forgetOld();
    note(look());
  }

  function isArrival(event: VisitEvent): boolean {
    const { storage, reader } = state();
    if (visitOf(state()) || storage !== 'ok') return false;
    return event.type === 'begin' || (event.type === 'card' && event.state.state === 'reading' && insertionOf(reader) === null);
  }

  return {
    probe,
    meet(event) {
      if (isArrival(event)) note(probe());
    },
    start() {
      timer = setInterval(lookAtRest, lookMs);
    },
    stop: () => clearInterval(timer),
  };
}
