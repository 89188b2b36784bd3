import { type Session, session } from 'electron';
import { serveRenderer } from './app-protocol.ts';
import { lockSession } from './lock-down.ts';

/** A session in memory, with `app://` and nothing else: what one page stores, no page of another session finds. */
export function openPageSession(name: 'kiosk' | 'pin' | 'operator', rendererFolder: string): Session {
  const opened = session.fromPartition(name);
  lockSession(opened, { camera: name === 'kiosk' });
  serveRenderer(opened, rendererFolder);
  return opened;
}
