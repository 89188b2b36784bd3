import { type BrowserWindow, type Session, type WebContents, WebContentsView } from 'electron';
import { pinViewChannel } from '../../contract/channels.ts';
import type { PinView } from '../../contract/pin.ts';
import { lockPage } from './lock-down.ts';
import { pagePreferences } from './open-window.ts';
import { surfaceUrl } from './surfaces.ts';

/** A page with a renderer process of its own, laid over the kiosk's page for as long as somebody has to type a PIN. */
export type PinPage = {
  /** Shows this view, or takes the page and its process away. */
  show(view: PinView | null): void;
  /** The page that is there now, for whoever checks senders. */
  contents(): WebContents | null;
};

/**
 * The session is not the kiosk's: another origin storage, another process. A page per PIN, gone with it, so that nothing
 * of one entry can be found by the next.
 */
export function createPinPage(parts: {
  window: BrowserWindow;
  session: Session;
  preload: string;
  devTools: boolean;
  onGone: () => void;
}): PinPage {
  const { window } = parts;
  let page: WebContentsView | null = null;
  let newest: PinView | null = null;

  function open(): WebContentsView {
    const opened = new WebContentsView({ webPreferences: pagePreferences(parts) });
    lockPage(opened.webContents);
    opened.webContents.on('unresponsive', () => opened.webContents.forcefullyCrashRenderer());
    opened.webContents.on('render-process-gone', () => giveUp(opened));
    window.contentView.addChildView(opened);
    stretch(opened);
    opened.webContents.loadURL(surfaceUrl.pin).catch(() => giveUp(opened));
    opened.webContents.once('did-finish-load', () => page === opened && opened.webContents.focus());
    return opened;
  }

  /** A broken page would lie over the kiosk's. Nobody can type or go back there: the question ends, and the page says what to do. */
  function giveUp(broken: WebContentsView): void {
    if (page !== broken) return;
    close(broken);
    parts.onGone();
  }

  function stretch(view: WebContentsView): void {
    const { width, height } = window.getContentBounds();
    view.setBounds({ x: 0, y: 0, width, height });
  }

  function close(view: WebContentsView): void {
    page = null;
    if (!window.isDestroyed()) {
      window.contentView.removeChildView(view);
      window.webContents.focus();
    }
    if (!view.webContents.isDestroyed()) view.webContents.close();
  }

  window.on('resize', () => page && stretch(page));

  return {
    show(view) {
      newest = view;
      if (window.isDestroyed()) return;
      if (newest === null) {
        if (page) close(page);
        return;
      }
      page ??= open();
      if (!page.webContents.isDestroyed()) page.webContents.send(pinViewChannel, newest);
    },
    contents: () => (page && !page.webContents.isDestroyed() ? page.webContents : null),
  };
}
