import type { CardMessage, CardState } from '../contract/card.ts';

export type StateTeller = {
  /** Says a state once; false when it was said just before. The steps of a card being read each differ. */
  tell(state: CardState): boolean;
  /** For a card that is not read: a new insertion unless the same thing was said just before. */
  tellUnread(state: 'not_an_eid' | 'upside_down_or_dirty'): void;
  nextInsertion(): number;
  /** The next state is said even when it is the last one again. */
  sayAgain(): void;
};

/** Only names of states are remembered, never what was read. */
export function createStateTeller(tell: (message: CardMessage) => void): StateTeller {
  let insertions = 0;
  let told = '';

  function nextInsertion(): number {
    insertions += 1;
    return insertions;
  }

  function tellState(state: CardState): boolean {
    const name = nameOf(state);
    if (name === told && state.state !== 'identity') return false;
    told = name;
    tell({ tell: 'state', state });
    return true;
  }

  return {
    tell: tellState,
    tellUnread(state) {
      if (told !== `${state} ${insertions}`) tellState({ state, insertion: nextInsertion() });
    },
    nextInsertion,
    sayAgain() {
      told = '';
    },
  };
}

function nameOf(state: CardState): string {
  if ('insertion' in state) return `${state.state} ${state.insertion}`;
  return state.state === 'needs_attention' ? state.reason : state.state;
}
