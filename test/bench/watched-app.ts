import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { endChild, keep } from '../../build/keeper.ts';
import type { Runtime } from '../../build/runtime.ts';
import type { Display } from '../harness/display.ts';
import { openPageClock, type PageClock, readDebuggingPort } from '../harness/page-clock.ts';
import { makeRunFolder } from '../harness/run-folder.ts';
import { ownerOf, type Sandbox } from '../harness/sandbox.ts';

/** What is started: the app, or something that the app is compared with. */
export type Subject = { args: readonly string[]; env: Readonly<Record<string, string>>; address: RegExp };

export type WatchedApp = {
  child: ChildProcess;
  page: PageClock;
  /** Another page of the same program, once it is there. */
  openPage(address: RegExp): Promise<PageClock>;
  /** What it said on stderr so far. */
  said(): string;
  /** When the process was started, by the system's clock. */
  begun: number;
  end(): Promise<void>;
};

export type Ground = { folder: string; runtime: Runtime; sandbox: Sandbox; display: Display };

/** Starts an Electron program with an eye in its page: same switches, same sandbox, same kind of folder for all. */
export async function startWatched(name: 'app' | 'empty', subject: Subject, ground: Ground): Promise<WatchedApp> {
  const { runtime, sandbox, display } = ground;
  const run = makeRunFolder({ dir: join(ground.folder, name), owner: ownerOf(sandbox) });
  const words = [...sandbox.prefix, runtime.executable, ...sandbox.switches, '--remote-debugging-port=0', ...subject.args];
  const [command = '', ...args] = name === 'app' ? [...words, '--data', run.data] : [...words, `--user-data-dir=${run.data}`];
  const env = { ...process.env, ...display.env, ...run.env, ...subject.env };
  const begun = Date.now();
  const child = keep(spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] }));
  const said: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
  try {
    const port = await readDebuggingPort(child);
    const page = await openPageClock(port, subject.address);
    const openPage = (address: RegExp) => openPageClock(port, address);
    const end = async () => {
      page.close();
      await endChild(child);
    };
    return { child, page, openPage, said: () => Buffer.concat(said).toString('utf8'), begun, end };
  } catch (error) {
    await endChild(child);
    throw error;
  }
}
