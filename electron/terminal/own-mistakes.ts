import { app } from 'electron';
import type { Log } from '../log.ts';
import { leave } from './leave.ts';

/**
 * A kiosk shows no dialog with a stack, and does not stay behind without a window either: it says what kind of mistake it
 * was, ends, and whoever watches starts it anew. A rejection that nobody waits for is such a mistake too.
 *
 * @returns who is told of the log as soon as there is one; before that, standard error alone hears of it
 */
export function endOnOwnMistake(): { writeTo(log: Log): void } {
  let log: Log | null = null;
  const end = (error: unknown) => {
    const kind = error instanceof Error ? error.name : 'not_an_error';
    log?.('app_failed', { kind });
    if (app.isReady()) app.exit(70);
    leave(`Loket ended because of a mistake of its own (${kind}).`, 70);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  return {
    writeTo(opened) {
      log = opened;
    },
  };
}
