import type { BrowserWindow, Session, WebContents } from 'electron';
import { type MediaAsk, maySeeThroughCamera } from './camera-permission.ts';

/** Nothing in a page may ask the machine for anything; `camera`: but for the kiosk's page, to photograph a paper. */
export function lockSession(session: Session, { camera }: { camera: boolean }): void {
  const may = (ask: MediaAsk) => camera && maySeeThroughCamera(ask);
  session.setPermissionRequestHandler((_contents, permission, answer, details) => answer(may({ ...details, permission })));
  session.setPermissionCheckHandler((_contents, permission, _origin, details) => may({ ...details, permission }));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  // The renderer has no business on any network: not even a preconnect leaves this machine.
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !/^(app|devtools|data|blob):/.test(details.url) }));
}

/** A page stays on its own address, opens nothing, and cannot rename its window. */
export function lockWindow(window: BrowserWindow): void {
  lockPage(window.webContents);
  window.on('page-title-updated', (event) => event.preventDefault());
}

/** The same for a page that is laid over a window. */
export function lockPage(webContents: WebContents): void {
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => event.preventDefault());
  webContents.on('will-redirect', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setVisualZoomLevelLimits(1, 1).catch(() => undefined);
}
