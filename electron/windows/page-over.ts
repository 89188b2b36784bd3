import { type BrowserWindow, type Session, type WebContents, WebContentsView } from 'electron';
import { lockPage } from './lock-down.ts';
import { pagePreferences } from './open-window.ts';

/** A page with a renderer process of its own, laid over the kiosk's page for as long as there is something to show. */
export type PageOver<View> = {
  /** Shows this view, or takes the page and its process away. */
  show(view: View | null): void;
  /** The page that is there now, for whoever checks senders. */
  contents(): WebContents | null;
};

export type PageOverParts = {
  window: BrowserWindow;
  /** Not the kiosk's: another origin storage, another process. */
  session: Session;
  preload: string;
  devTools: boolean;
  /** It broke and was taken away. */
  onGone: () => void;
};

/** A page for each time there is something to show, gone with it, so that nothing of one can be found by the next. */
export function createPageOver<View>(parts: PageOverParts & { url: string; channel: string }): PageOver<View> {
  const { window } = parts;
  let page: WebContentsView | null = null;

  function open(): WebContentsView {
    const opened = new WebContentsView({ webPreferences: pagePreferences(parts) });
    lockPage(opened.webContents);
    opened.webContents.on('unresponsive', () => opened.webContents.forcefullyCrashRenderer());
    opened.webContents.on('render-process-gone', () => giveUp(opened));
    window.contentView.addChildView(opened);
    stretch(opened);
    opened.webContents.loadURL(parts.url).catch(() => giveUp(opened));
    opened.webContents.once('did-finish-load', () => page === opened && opened.webContents.focus());
    return opened;
  }

  /** A broken page would lie over the kiosk's, where nobody could press anything. */
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
      if (window.isDestroyed()) return;
      if (view === null) {
        if (page) close(page);
        return;
      }
      page ??= open();
      if (!page.webContents.isDestroyed()) page.webContents.send(parts.channel, view);
    },
    contents: () => (page && !page.webContents.isDestroyed() ? page.webContents : null),
  };
}
