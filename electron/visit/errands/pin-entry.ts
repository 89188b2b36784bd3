import type { PinCommand, PinInput } from '../../../contract/pin.ts';

/** 4 to 12 digits (eid-mw, cardlayer/card.h:52). */
const shortest = 4;
const longest = 12;

/** Going back is the visit's business: it leaves the sign-in, and that clears. */
export type PinKey = Exclude<PinCommand, 'pin.cancel' | 'pin.ready'>;

/** The digits that somebody types in the PIN view: here, in one buffer that is overwritten, and never in a view or a log. */
export type PinEntry = {
  take<C extends PinKey>(command: C, input: PinInput<C>): void;
  /** Waits for "done" (the PIN), or null when it was cleared. A question that is asked while another waits ends the other with null. */
  ask(): Promise<string | null>;
  /** Ends the question with null and forgets what was typed. */
  clear(): void;
  typed(): number;
};

export function createPinEntry(onChange: () => void): PinEntry {
  const digits = Buffer.alloc(longest);
  let count = 0;
  let answer: ((pin: string | null) => void) | null = null;

  function end(pin: string | null): void {
    digits.fill(0);
    count = 0;
    const waiting = answer;
    answer = null;
    waiting?.(pin);
  }

  const commands: { [C in PinKey]: (input: PinInput<C>) => void } = {
    'pin.digit': ({ digit }) => {
      if (!answer || count >= longest) return;
      digits.write(digit, count, 'latin1');
      count += 1;
      onChange();
    },
    'pin.erase': () => {
      if (count === 0) return;
      count -= 1;
      digits[count] = 0;
      onChange();
    },
    'pin.done': () => {
      if (answer && count >= shortest) end(digits.toString('latin1', 0, count));
    },
  };

  return {
    take: (command, input) => commands[command](input),
    ask() {
      end(null);
      return new Promise((resolve) => {
        answer = resolve;
        onChange();
      });
    },
    clear: () => end(null),
    typed: () => count,
  };
}
