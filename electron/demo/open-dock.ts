import type { Session } from 'electron';
import { dockViewChannel } from '../../contract/channels.ts';
import { type DockCommand, type DockInput, dockCommands } from '../../contract/dock.ts';
import { openWindow } from '../windows/open-window.ts';
import { surfaceUrl } from '../windows/surfaces.ts';
import type { Door } from '../windows/take-ask.ts';
import { createDock, type DockParts } from './dock.ts';

/** Opens the demo's small window and the door for what it may ask. Demo and test builds only. */
export function openDock({ session, preload, ...parts }: DockParts & { session: Session; preload: string }): {
  door: Door;
  stop: () => void;
} {
  const window = openWindow({
    session,
    preload,
    size: { width: 420, height: 900, x: 1120, y: 0 },
    kiosk: false,
    devTools: true,
  });
  const dock = createDock({
    ...parts,
    publish: (view) => {
      if (!window.isDestroyed()) window.webContents.send(dockViewChannel, view);
    },
  });
  window.loadURL(surfaceUrl.dock).then(dock.start, () => undefined);
  return {
    door: {
      surface: 'dock',
      contents: () => (window.isDestroyed() ? null : window.webContents),
      inputs: dockCommands,
      take: (command, input) => dock.take(command as DockCommand, input as DockInput<DockCommand>),
    },
    stop: dock.stop,
  };
}
