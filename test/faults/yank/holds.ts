/**
 * When a call to the library held the card's process because it was made to: from the last beat before to the first one
 * after, or to the end of the process. Short holds are the library's ordinary slowness and excuse nothing.
 */
export type Holds = {
  /** From now on a call may hang for so long. */
  expect(ms: number): void;
  beat(at: number): void;
  ended(at: number): void;
  /** `since`, or the end of the hang that lasted beyond it; the present while it lasts. */
  over(since: number): number;
  /** How long the longest hang of this round was let last. */
  longest(): number;
  reset(): void;
};

const heldMs = 150;

export function createHolds(now: () => number = () => performance.now()): Holds {
  let expected = 0;
  let last = now();
  let heldUntil = 0;
  let longest = 0;

  function end(at: number): void {
    const held = at - last;
    if (expected > 0 && held > heldMs) {
      heldUntil = at;
      longest = Math.max(longest, Math.min(held, expected));
    }
    last = at;
  }

  return {
    expect(ms) {
      expected = ms;
    },
    beat: end,
    ended(at) {
      end(at);
      // A process that is gone holds nothing up any more: what follows is the time to start anew.
      expected = 0;
    },
    over(since) {
      const lasting = expected > 0 && now() - last > heldMs;
      return lasting ? now() : Math.max(since, heldUntil);
    },
    longest: () => longest,
    reset() {
      expected = 0;
      longest = 0;
    },
  };
}
