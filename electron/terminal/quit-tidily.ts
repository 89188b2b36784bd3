import { app } from 'electron';

/** A card that hangs has its own deadline, and it is shorter. */
const longestTidyMs = 10_000;

/** However somebody ends the app (window, signal, system), `tidy` runs once, to its end or for ten seconds. */
export function quitTidily(tidy: () => Promise<void>): void {
  let leaving = false;
  let latest: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(latest);
    app.exit(0);
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    latest = setTimeout(end, longestTidyMs);
    tidy().then(end, end);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
}
