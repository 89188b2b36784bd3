import type { CardState, LeftCard } from '../../contract/card.ts';

/** What is known of the card in the reader, across the processes that saw it: so that none is read for somebody else. */
export type CardInside = {
  /** A process begins, which has seen no card. Gives the card that it must not read. */
  begin(): LeftCard | null;
  note(state: CardState): void;
  known(insertion: number, serial: string): void;
  /**
   * A visit is over. `newest`: the last insertion that this process told of, 0 for none: what that visit has seen of it.
   * `unknownToProcess`: a card is in that this process would read, because it does not know whose it was.
   */
  visitEnds(): { newest: number; unknownToProcess: boolean };
  readAgain(): void;
};

export function watchCardInside(): CardInside {
  let newest = 0;
  /** As far as was told, also by a process that has ended since. */
  let inside: LeftCard | null = null;
  let visitOver = false;
  /** This process was told so when it started. */
  let knowsLeft = false;

  return {
    begin() {
      newest = 0;
      const left = visitOver ? inside : null;
      knowsLeft = left !== null;
      return left;
    },
    /** A reader that is gone may come back with its card, so only an empty one says that the card is out. */
    note(state) {
      if (state.state === 'empty') inside = null;
      if (!('insertion' in state)) return;
      if (state.state !== 'left_in' && state.insertion !== newest) {
        inside = { serial: null };
        visitOver = false;
      }
      newest = state.insertion;
    },
    known(insertion, serial) {
      if (insertion === newest) inside = { serial };
    },
    visitEnds() {
      visitOver = inside !== null;
      return { newest, unknownToProcess: visitOver && newest === 0 && !knowsLeft };
    },
    readAgain() {
      visitOver = false;
      knowsLeft = false;
    },
  };
}
