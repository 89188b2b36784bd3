import { connect, createServer, type Socket } from 'node:net';

export type CountingLine = {
  url: string;
  /** Bytes that went up so far, as they are on the line: TLS and HTTP in them. */
  sent(): number;
  close(): Promise<void>;
};

export async function startCountingLine(to: string): Promise<CountingLine> {
  let sent = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(to).port), 'localhost');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    near.on('data', (bytes) => {
      sent += bytes.length;
    });
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');
  return {
    url: `https://localhost:${address.port}`,
    sent: () => sent,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
