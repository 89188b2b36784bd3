import type { CardMessage } from '../contract/card.ts';
import { type Clock, systemClock } from './clock.ts';
import { serveRequests } from './serve-requests.ts';
import { startCardReader } from './start-card-reader.ts';

/**
 * The card's process for tests: the same reader and protocol in a plain Node child, because C_Initialize is once per
 * process. `LOKET_TEST_SPEED` makes its time run that many times faster, for stories of hours.
 */
const speed = Number(process.env.LOKET_TEST_SPEED ?? 1);
const clock: Clock = {
  ...systemClock,
  elapsed: () => systemClock.elapsed() * speed,
  after: (ms, run) => systemClock.after(ms === 0 ? 0 : Math.max(1, ms / speed), run),
};

const tell = (message: CardMessage) => process.send?.(message);
process.on('message', serveRequests({ tell, start: (start, left) => startCardReader(start, tell, { left, clock }) }));
// Without its parent it would hold the library for ever: a test that died must not leave one behind.
process.on('disconnect', () => process.exit());
