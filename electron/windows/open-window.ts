import { BrowserWindow, type Session } from 'electron';
import { lockWindow } from './lock-down.ts';

export type Surface = 'kiosk' | 'dock';

export const surfaceUrl: Record<Surface, string> = { kiosk: 'app://loket/kiosk.html', dock: 'app://loket/dock.html' };

export type WindowSize = { width: number; height: number; x?: number; y?: number };

/** A locked window on one surface: sandboxed, isolated, without Node, in a session that lives in memory. */
export function openWindow(input: {
  surface: Surface;
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
    webPreferences: {
      session: input.session,
      preload: input.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: input.devTools,
      disableDialogs: true,
    },
  });
  window.removeMenu();
  lockWindow(window);
  return window;
}
