const latestMs = 10_000;

/**
 * Card and line let the page go first, so that it invites sooner. They start all the same when it does not load, or when
 * it never says: what waits in the queue is sent, and a page that comes back later has a card to show.
 */
export function afterLoad(loaded: Promise<void>, start: () => void): void {
  const timer = setTimeout(begin, latestMs);
  let begun = false;
  function begin(): void {
    if (begun) return;
    begun = true;
    clearTimeout(timer);
    start();
  }
  loaded.then(begin, begin);
}
