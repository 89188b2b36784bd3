import type { Clock } from './clock.ts';
import type { CardSession } from './pkcs11/session.ts';

/** `pause`: give the card a poll's time before going on. Without it, only let waiting messages in. */
export type Pause = { pause: boolean };

/** A card pulled in the middle of a call answers DEVICE_ERROR and counts as present for up to 0.4 s more. */
const settleMs = 600;

/** After a call that failed: waits until it is known whether the card is still in. */
export function* settle({ session, clock }: { session: CardSession; clock: Clock }): Generator<Pause, 'in' | 'gone'> {
  for (const until = clock.elapsed() + settleMs; clock.elapsed() < until; ) {
    yield { pause: true };
    const still = session.checkPresence();
    if (!still.ok && still.error.fault === 'gone') return 'gone';
  }
  return 'in';
}
