import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import type { DemoLine } from '../../contract/dock.ts';

/**
 * The line between terminal and middleware, with a hand on it: a TCP proxy that TLS passes through unread.
 * `down`: nobody gets through, and who was through is cut off at once. `slow`: every piece waits, so that an exchange
 * takes seconds. `nonsense` is what something beyond the line says, so to the line it is `up`.
 */
export type Line = {
  port: number;
  state(): DemoLine;
  setLine(state: DemoLine): void;
  /** How many pieces a slow line is holding up now. */
  held(): number;
  close(): Promise<void>;
};

export async function startLine(options: { to: { host?: string; port: number }; slowMs?: number }): Promise<Line> {
  const { to, slowMs = 1500 } = options;
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let state: DemoLine = 'up';

  /** Ends early when the line changes: what was held up then goes on, or finds its socket gone. */
  function hold(): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, slowMs);
      waiting.add(go);
    });
  }

  function pace(): Transform {
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        if (state !== 'slow') done(null, chunk);
        else hold().then(() => done(null, chunk));
      },
    });
  }

  function join(from: Socket, onto: Socket): void {
    from.pipe(pace()).pipe(onto);
    from.on('error', () => onto.destroy());
    from.on('close', () => {
      sockets.delete(from);
      onto.destroy();
    });
    sockets.add(from);
  }

  const server = createServer((near) => {
    // Reset, not closed: a line that is down says no goodbye.
    if (state === 'down') {
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = connect(to.port, to.host ?? 'localhost');
    join(near, far);
    join(far, near);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, 'localhost', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');

  function cutOff(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  return {
    port: address.port,
    state: () => state,
    held: () => waiting.size,
    setLine(next) {
      state = next;
      if (next === 'down') cutOff();
      for (const go of waiting) go();
    },
    close() {
      cutOff();
      for (const go of waiting) go();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
