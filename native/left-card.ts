import { CardSerial, type LeftCard } from '../contract/card.ts';
import type { CardSession } from './pkcs11/session.ts';

/** Whether a card is the one that was left in the reader. `perhaps`: one of the two does not say its serial. */
export type Likeness = 'left' | 'perhaps' | 'another';

export type LeftCardMemory = {
  /** A card was found, which from now on is the one that may be left. */
  found(insertion: number): void;
  /** Its serial, once known: from the token's own words, so that both sides of a comparison have the same source. */
  known(serial: string): void;
  /** Its visit is over, unless it came after that one's: `insertion` is the last of which main has heard. */
  forget(insertion: number, readSerial: () => string | null): void;
  /** Some card was left in, and the reader has not been seen without it. */
  isThere(): boolean;
  likeness(session: CardSession): Likeness;
  /** The reader was seen empty, or somebody asks for the card: no card is a left one any more. */
  clear(): void;
};

/**
 * Remembers by its serial the card of a visit that is over. An insertion's number is no proof of another card: one that
 * failed for a moment, a reader that was unplugged with its card, and a process that starts anew all count on.
 */
export function rememberLeftCard(fromBefore: LeftCard | null): LeftCardMemory {
  let last: { insertion: number; serial: string | null } | null = null;
  let left: LeftCard | null = fromBefore;
  return {
    found(insertion) {
      last = { insertion, serial: left?.serial ?? null };
    },
    known(serial) {
      if (last !== null) last.serial = serial;
    },
    forget(insertion, readSerial) {
      if (last === null || last.insertion > insertion) return;
      left = { serial: last.serial ?? readSerial() };
    },
    isThere: () => left !== null,
    likeness(session) {
      if (left === null) return 'another';
      // Asked only now: an eID that comes in after nobody is read before anything else is asked of it.
      const serial = serialOf(session);
      if (left.serial === null || serial === null) return 'perhaps';
      return left.serial === serial ? 'left' : 'another';
    },
    clear() {
      last = null;
      left = null;
    },
  };
}

function serialOf(session: CardSession): string | null {
  const token = session.readToken();
  return token.ok ? asSerial(token.value.serial) : null;
}

export function asSerial(text: string): string | null {
  const parsed = CardSerial.safeParse(text);
  return parsed.success ? parsed.data : null;
}
