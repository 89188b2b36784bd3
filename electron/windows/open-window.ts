import { BrowserWindow, type Session, type WebPreferences } from 'electron';
import { lockWindow } from './lock-down.ts';

export type WindowSize = { width: number; height: number; x?: number; y?: number };

/** Every page is sandboxed, isolated and without Node. */
export function pagePreferences({ session, preload, devTools }: { session: Session; preload: string; devTools: boolean }): WebPreferences {
  return {
    session,
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    spellcheck: false,
    devTools,
    disableDialogs: true,
  };
}

/** A locked window: sandboxed, isolated, without Node, in a session that lives in memory. */
export function openWindow(input: {
  session: Session;
  preload: string;
  size: WindowSize;
  kiosk: boolean;
  devTools: boolean;
}): BrowserWindow {
  const window = new BrowserWindow({
    ...input.size,
    title: 'Loket',
    kiosk: input.kiosk,
    autoHideMenuBar: true,
    backgroundColor: '#fbf9f4',
    useContentSize: true,
    webPreferences: pagePreferences(input),
  });
  window.removeMenu();
  lockWindow(window);
  return window;
}
