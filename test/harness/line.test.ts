import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Line, startLine } from './line.ts';

let echo: Server;
let line: Line;
const near: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, 'localhost', resolve));
  const address = echo.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  line = await startLine({ to: { port: address.port }, slowMs: 40 });
});

afterEach(async () => {
  for (const socket of near.splice(0)) socket.destroy();
  await line.close();
  await new Promise((resolve) => echo.close(resolve));
});

async function dial(): Promise<Socket> {
  const socket = connect(line.port, 'localhost');
  near.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function hear(socket: Socket, bytes: number): Promise<string> {
  let heard = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    heard += String(chunk);
    if (heard.length >= bytes) break;
  }
  return heard;
}

test('up: what is said comes back', async () => {
  const socket = await dial();
  socket.write('hello');
  expect(await hear(socket, 5)).toBe('hello');
});

test('down: who is talking is cut off at once, with a reset', async () => {
  const socket = await dial();
  socket.write('hello');
  await hear(socket, 5);
  const reset = new Promise<unknown>((resolve) => socket.once('error', resolve));
  line.setLine('down');
  expect(await reset).toMatchObject({ code: 'ECONNRESET' });
});

test('down: nobody new gets a word through, and up again they do', async () => {
  line.setLine('down');
  const refused = connect(line.port, 'localhost');
  near.push(refused);
  refused.write('hello');
  const heard: unknown[] = [];
  refused.on('data', (chunk) => heard.push(chunk));
  refused.on('error', () => undefined);
  await new Promise((resolve) => refused.once('close', resolve));
  expect(heard).toEqual([]);
  line.setLine('up');
  const socket = await dial();
  socket.write('again');
  expect(await hear(socket, 5)).toBe('again');
});

test('slow: every piece waits, in both directions, and nothing is lost or turned round', async () => {
  const socket = await dial();
  line.setLine('slow');
  const begun = performance.now();
  socket.write('one ');
  socket.write('two ');
  socket.write('three');
  expect(await hear(socket, 13)).toBe('one two three');
  // Two holds, there and back. A lower bound is no race: it can only take longer.
  expect(performance.now() - begun).toBeGreaterThan(75);
});

test('slow to up: what was held up goes on at once', async () => {
  await line.close();
  const address = echo.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  line = await startLine({ to: { port: address.port }, slowMs: 3600_000 });
  const socket = await dial();
  line.setLine('slow');
  socket.write('held');
  // Then an hour to wait begins: hearing the echo proves that it was cut short.
  await vi.waitUntil(() => line.held() === 1);
  line.setLine('up');
  expect(await hear(socket, 4)).toBe('held');
});

test('nonsense is not the line: it lets everything through', async () => {
  line.setLine('nonsense');
  const socket = await dial();
  socket.write('hello');
  expect(await hear(socket, 5)).toBe('hello');
  expect(line.state()).toBe('nonsense');
});
