import { type CardMessage, CardRequest } from '../contract/card.ts';
import { type CardReader, createCardReader } from './card-reader.ts';
import { type Clock, systemClock } from './clock.ts';
import { pinnedRoots, testRoot } from './eid/roots.ts';
import { loadModule } from './start-card-reader.ts';

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
let reader: CardReader | null = null;

process.on('message', (data) => {
  const request = CardRequest.parse(data);
  if (request.ask === 'start') {
    const { module, testRoots, pollMs } = request.start;
    const roots = [...pinnedRoots(), ...testRoots.map(testRoot)];
    reader ??= createCardReader({ loadModule: () => loadModule(module), roots, clock, pollMs, tell });
  } else if (request.ask === 'forget') reader?.forget();
  else reader?.read();
});
