import {
  type Fault,
  insertCard,
  type Keypress,
  plugReaders,
  pressKeys,
  readState,
  removeCard,
  setFault,
  setPinpad,
  setState,
  swapCard,
} from '../../../native/virtual-card/reader.ts';
import type { Oracle } from './oracle.ts';

/**
 * The readers and what lies in them. The oracle is told from what the readers' folder says, because a fault on command takes
 * cards out and puts others in from within the module, at a moment that only the module knows.
 */
export type World = {
  insert(persona: string, reader?: number): void;
  remove(reader?: number): void;
  swap(persona: string, reader?: number): void;
  plug(readers: number): void;
  fault(fault: Fault | null): void;
  pinpad(there: boolean): void;
  /** Whether a mute card is CKR_DEVICE_ERROR, as in older releases of the library, or no card at all. */
  muteFails(fails: boolean): void;
  /** What a person types on the reader's own keys. */
  keys(press: Keypress): void;
  /** Looks at the readers and tells the oracle what changed since the last look. */
  observe(): void;
};

/** How long somebody has at a pinpad: 30 s with a real one, and cards do not wait for that here. */
export const pinpadMs = 1_500;

/** Fast, but with every pause that the app has to deal with: a look at a foreign card takes as long as a real one. */
const pace = { connect_us: 4_000, latency_us: 150, file_end_us: 1_500, foreign_us: 230_000, ghost_us: 60_000, pinpad_us: pinpadMs * 1_000 };

export function makeWorld(dir: string, oracle: Oracle, now: () => number): World {
  setState(dir, pace);
  const stays = new Map<number, { key: string; end: (at: number) => void }>();
  let lastLook = now();

  function observe(): void {
    const { cards, keys } = readState(dir);
    const at = now();
    for (let reader = 0; reader < 2; reader += 1) {
      const suffix = reader === 0 ? '' : `.${reader}`;
      const card = cards[reader] ?? null;
      // The revision too: a card that a fault took out may be back with the same number of insertions.
      const key = `${card} ${keys[`insertion${suffix}`]} ${keys[`revision${suffix}`]}`;
      const known = stays.get(reader);
      if (known?.key === key) continue;
      known?.end(at);
      stays.delete(reader);
      if (card !== null) stays.set(reader, { key, end: oracle.cardIn(card, lastLook) });
    }
    lastLook = at;
  }

  const then = (act: () => void) => {
    observe();
    act();
    observe();
  };
  return {
    insert: (persona, reader = 0) => then(() => insertCard(dir, persona, reader)),
    remove: (reader = 0) => then(() => removeCard(dir, reader)),
    swap: (persona, reader = 0) => then(() => swapCard(dir, persona, reader)),
    plug: (readers) => then(() => plugReaders(dir, readers)),
    fault: (fault) => then(() => setFault(dir, fault)),
    pinpad: (there) => setPinpad(dir, there),
    muteFails: (fails) => setState(dir, { mute_error: fails ? 1 : 0 }),
    keys: (press) => pressKeys(dir, press),
    observe,
  };
}
