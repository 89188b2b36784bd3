import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';

/** The floor: the least that Electron can show. Locked as the app's windows are, so that only the app makes the difference. */
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1080,
    height: 1900,
    useContentSize: true,
    webPreferences: { sandbox: true, contextIsolation: true },
  });
  window.loadFile(join(import.meta.dirname, 'index.html'));
});
app.on('window-all-closed', () => app.quit());
