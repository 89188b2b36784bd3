import type { WebContents } from 'electron';

export type KeptPage = {
  /**
   * Loads the page anew, one load at a time: one that begins aborts the one before it, which would look like a page that
   * broke. Rejects when the page did not load; it then comes back by itself.
   */
  load(): Promise<void>;
};

type Page = Pick<WebContents, 'isDestroyed' | 'loadURL' | 'forcefullyCrashRenderer'> & {
  on(event: 'unresponsive', listener: () => void): unknown;
  on(event: 'render-process-gone', listener: (event: unknown, details: { reason: string }) => void): unknown;
};

const firstReturnMs = 100;
const slowestReturnMs = 10_000;
const forgivenMs = 60_000;

/**
 * A renderer that dies, hangs or does not load takes no visit with it: the page comes back and main tells it where the
 * person was. One that dies again and again is brought back ever more slowly.
 */
export function keepPage({ contents, url, onGone }: { contents: Page; url: string; onGone: () => void }): KeptPage {
  let underWay: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let returning: NodeJS.Timeout | null = null;
  let deaths = 0;

  function begin(): Promise<void> {
    next = null;
    if (returning !== null) clearTimeout(returning);
    returning = null;
    const loaded = contents.isDestroyed() ? Promise.resolve() : contents.loadURL(url);
    loaded.catch(bringBack);
    underWay = loaded.then(end, end);
    return loaded;
  }

  function end(): void {
    // Where another waits for its turn, it takes over from here.
    if (next === null) underWay = null;
  }

  function load(): Promise<void> {
    if (underWay === null) return begin();
    // A load that has not begun yet serves everybody who asks until it does.
    next ??= underWay.then(begin);
    return next;
  }

  function bringBack(): void {
    if (returning !== null || contents.isDestroyed()) return;
    onGone();
    // Not from inside the event: the dead renderer is still being taken away.
    returning = setTimeout(() => load().catch(() => undefined), Math.min(slowestReturnMs, firstReturnMs * 2 ** deaths));
    deaths += 1;
    setTimeout(() => {
      deaths -= 1;
    }, forgivenMs).unref();
  }

  contents.on('unresponsive', () => contents.forcefullyCrashRenderer());
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') bringBack();
  });
  return { load };
}
