import type { BrowserWindow, Session, WebContents } from 'electron';

/** Nothing in a page may ask the machine for anything. */
export function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
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
