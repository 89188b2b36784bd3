import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { type Result, refuse } from '../../contract/result.ts';
import { AdminCommand } from './commands.ts';

/** The least that any system allows (108 on Linux, 104 on macOS, with the zero at the end). */
const longestPath = 103;
const longestCommand = 64 * 1024;

/**
 * The embedded database has one door, and the running instance stands in it. So it takes commands through a socket in the
 * database's folder, which the service's user alone can reach: nothing of this is on the network, and there is no key to keep.
 * Null where there can be none: on Windows, or when the folder's path is too long.
 */
export function socketPathIn(folder: string): string | null {
  const path = join(resolve(folder), 'admin.sock');
  return process.platform === 'win32' || Buffer.byteLength(path) > longestPath ? null : path;
}

type Run = (command: AdminCommand) => Promise<Result<string, string>>;

/** Only for who holds the folder's lock: a socket that is still there is a dead process's. */
export async function listenForCommands(path: string, run: Run): Promise<{ close(): Promise<void> }> {
  await rm(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    answer(socket, run).catch(() => socket.destroy());
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, done);
  });
  await chmod(path, 0o600);
  return {
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

async function answer(socket: Socket, run: Run): Promise<void> {
  let length = 0;
  socket.on('data', (part: Buffer) => {
    length += part.length;
    if (length > longestCommand) socket.destroy();
  });
  const command = AdminCommand.safeParse(JSON.parse(await text(socket)));
  const result = command.success
    ? await run(command.data)
    : refuse('The running instance does not know this command: are both of one version?');
  socket.end(JSON.stringify(result));
}

const Answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.string() }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/** @returns null when nobody listens there */
export async function askRunningInstance(path: string, command: AdminCommand): Promise<Result<string, string> | null> {
  const socket = createConnection({ path, allowHalfOpen: true });
  const connected = await new Promise<boolean>((done) => {
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
  if (!connected) return null;
  socket.end(JSON.stringify(command));
  try {
    return Answer.parse(JSON.parse(await text(socket)));
  } catch {
    return refuse('The running instance did not answer. Its log says why.');
  }
}
