import { Socket } from 'node:net';

/**
 * Calls `onGone` when the program that started this one (build/ready.mjs) is gone, even when it was killed and could tell
 * nobody: the stream it gave along closes then. Without such a stream nothing is watched.
 */
export function watchTether(onGone: () => void): void {
  const fd = Number(process.env.LOKET_TETHER);
  delete process.env.LOKET_TETHER;
  if (!Number.isInteger(fd) || fd < 3) return;
  const tether = openStream(fd);
  if (tether === null) return;
  tether.on('error', () => undefined);
  tether.once('close', onGone);
  tether.resume();
  tether.unref();
}

/** Null where the stream was not handed on: a program that was started in between inherits the name and not the stream. */
function openStream(fd: number): Socket | null {
  try {
    return new Socket({ fd, readable: true, writable: false });
  } catch {
    return null;
  }
}
