import { type BrowserWindow, clipboard } from 'electron';

/**
 * After a visit: a new document (the old one's variables go with it), no caches, no storage, an empty clipboard and no
 * way back in the history.
 */
export async function wipeWindow(window: BrowserWindow, url: string): Promise<void> {
  clipboard.clear();
  if (window.isDestroyed()) return;
  const { webContents } = window;
  await webContents.loadURL(url);
  webContents.navigationHistory.clear();
  await Promise.all([
    webContents.session.clearCache(),
    webContents.session.clearStorageData(),
    webContents.session.clearHostResolverCache(),
  ]);
}
