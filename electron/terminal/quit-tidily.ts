import { app } from 'electron';

/**
 * The longest that ending may take: as long as the program that shuts the port may (`portMs` in operator/run-export.ts), and
 * five seconds for all else, which has deadlines of its own that are shorter. A port that stays open is worse than a wait.
 */
export const longestTidyMs = 35_000;

/**
 * However somebody ends the app (window, signal, system), `tidy` runs once, to its end or until it is too late; in that case
 * `late` is what has to be done all the same.
 */
export function quitTidily(tidy: () => Promise<void>, late: () => void): void {
  let leaving = false;
  let latest: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(latest);
    app.exit(0);
  };
  const giveUp = () => {
    try {
      late();
    } catch {
      // Nobody is left to be told.
    }
    end();
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    latest = setTimeout(giveUp, longestTidyMs);
    tidy().then(end, end);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
}
