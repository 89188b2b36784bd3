import { type Session, session } from 'electron';
import { serveRenderer } from './app-protocol.ts';
import { refusePermissions } from './lock-down.ts';

/** A session in memory, with `app://` and nothing else: what one page stores, no page of another session finds. */
export function openPageSession(name: 'kiosk' | 'pin' | 'operator', rendererFolder: string): Session {
  const opened = session.fromPartition(name);
  refusePermissions(opened);
  serveRenderer(opened, rendererFolder);
  return opened;
}
