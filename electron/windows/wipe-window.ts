import { type BrowserWindow, clipboard, type Session } from 'electron';
import type { KeptPage } from './keep-page.ts';

/** A page that hangs still shows the visit that is over. Chromium itself would wait for it for half a minute. */
const longestLookMs = 10_000;

/**
 * After a visit: a new document (the old one's variables go with it), no caches, no storage, an empty clipboard and no
 * way back in the history. Rejects when the page did not load; everything else is wiped then as well.
 */
export async function wipeWindow(parts: { window: BrowserWindow; page: KeptPage; sessions: readonly Session[] }): Promise<void> {
  const { window, page, sessions } = parts;
  clipboard.clear();
  if (window.isDestroyed()) return;
  const { webContents } = window;
  const replaced = () => clearTimeout(hangs);
  const hangs = setTimeout(() => !window.isDestroyed() && webContents.forcefullyCrashRenderer(), longestLookMs);
  webContents.once('did-navigate', replaced);
  try {
    await page.load();
    if (!window.isDestroyed()) webContents.navigationHistory.clear();
  } finally {
    replaced();
    webContents.off('did-navigate', replaced);
    // Last, so that nothing the old document does while it goes is left.
    await Promise.all(sessions.map(clearSession));
  }
}

async function clearSession(session: Session): Promise<void> {
  await Promise.all([session.clearCache(), session.clearStorageData(), session.clearHostResolverCache()]);
}
