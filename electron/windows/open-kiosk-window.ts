import { type BrowserWindow, type Session, screen } from 'electron';
import { openWindow } from './open-window.ts';

const widest = 1080;
const highest = 1920;

/** As high as this screen allows, in the kiosk's portrait of 9 to 16; `fullScreen` takes the whole screen and hides the rest. */
export function openKioskWindow(parts: { session: Session; preload: string; fullScreen: boolean; devTools: boolean }): BrowserWindow {
  const height = Math.min(highest, screen.getPrimaryDisplay().workAreaSize.height);
  const width = Math.min(widest, Math.round((height * 9) / 16));
  return openWindow({ ...parts, size: { width, height }, kiosk: parts.fullScreen });
}
